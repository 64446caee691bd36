#include "hub/access/permission.hpp"

#include <catch2/catch.hpp>

namespace hub::access {

using broker::Role;

TEST_CASE("each role permits what it is for, and nothing else") {
  const auto scope = [](Role role) { return format_scope(permissions_of(role)); };
  CHECK(scope(Role::operations) == "session,status,documents,metadata,configuration,actions,names");
  CHECK(scope(Role::compliance) == "session,status,documents,metadata,configuration,reports,evidence,names,overreach");
  CHECK(scope(Role::administrator) == "session,status,configuration,actions,bodies,users,names");
  CHECK(scope(Role::viewer) == "session,documents,names,overreach");
}

TEST_CASE("who has several roles may what any of them permits") {
  broker::User user;
  CHECK(permissions_of(user).empty());
  user.roles = 1u << 2 | 1u << 3;
  CHECK(permissions_of(user) == (permissions_of(Role::compliance) | permissions_of(Role::administrator)));
  CHECK(roles_of(user) == std::vector<std::string_view>{"compliance", "administrator"});
}

TEST_CASE("what is open needs no permission") { CHECK(Permissions().has(Permission::open)); }

TEST_CASE("the machine's own token hands out no access") {
  CHECK_FALSE(kMachinePermissions.has(Permission::users));
  CHECK_FALSE(kMachinePermissions.has(Permission::session));
}

TEST_CASE("a scope is read as it is written, and one that is no permission of a token is named") {
  CHECK(format_scope(parse_scope("documents,status").value()) == "status,documents");
  for (const char* text : {"", ",", "status,", "all", "open", "session", "status,x"}) {
    CAPTURE(text);
    const auto scope = parse_scope(text);
    REQUIRE_FALSE(scope.has_value());
    CHECK(scope.error().code == ErrorCode::token_scope_invalid);
  }
}

}  // namespace hub::access
