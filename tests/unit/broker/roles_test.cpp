#include "hub/broker/roles.hpp"

#include <catch2/catch.hpp>

#include "hub/broker/state_codec.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;

const crypto::SigningKey kRoleGiver = crypto::SigningKey::from_seed({1});

struct RoleBench : CoreBench {
  RoleBench() { state.created.administrators = {kRoleGiver.public_key()}; }

  RoleOrder order(RoleAction action, const std::string& user, Role role, const std::string& of = {}) const {
    return {action, user, role, of, state.users.last_change(), {journal_id, "phân công công tác", now}};
  }
  Result<RoleChanged> decided(const RoleOrder& given) const {
    return decide_role(state, journal_id, sign_role_order(given, kRoleGiver));
  }
  std::optional<ErrorCode> refusal(const RoleOrder& given) const {
    const auto change = decided(given);
    return change ? std::nullopt : std::optional(change.error().code);
  }
  void carry_out(const RoleOrder& given) { apply(decided(given).value()); }
  void grant(const std::string& user, Role role, const std::string& of = {}) {
    carry_out(order(RoleAction::grant, user, role, of));
  }
  void revoke(const std::string& user, Role role) { carry_out(order(RoleAction::revoke, user, role)); }
};

}  // namespace

TEST_CASE("a role that an administrator's key hands out becomes a record with the proof of it") {
  RoleBench bench;
  const auto change = bench.decided(bench.order(RoleAction::grant, "van-thu.ubnd", Role::operations));
  REQUIRE(change.has_value());
  CHECK(change->user == "van-thu.ubnd");
  CHECK(change->actor == "administrator:" + to_hex(crypto::key_id(kRoleGiver.public_key())));
  CHECK(change->reason == "phân công công tác");
  CHECK(crypto::verify(kRoleGiver.public_key(), as_bytes("coordination-hub role v1\n" + change->statement),
                       change->signature));
  const Position record = bench.apply(*change);
  REQUIRE(bench.state.users.find("van-thu.ubnd") != nullptr);
  CHECK(bench.state.users.find("van-thu.ubnd")->has(Role::operations));
  CHECK(bench.state.users.find("van-thu.ubnd")->since == record);
  CHECK(bench.state.users.last_change() == record);
}

TEST_CASE("who loses the last role is a user no more, and the same name later is another account") {
  RoleBench bench;
  bench.grant("a", Role::operations);
  bench.grant("a", Role::compliance);
  const Position since = bench.state.users.find("a")->since;
  bench.revoke("a", Role::operations);
  REQUIRE(bench.state.users.find("a") != nullptr);
  CHECK(bench.state.users.find("a")->since == since);
  bench.revoke("a", Role::compliance);
  CHECK(bench.state.users.find("a") == nullptr);
  bench.grant("a", Role::operations);
  CHECK(bench.state.users.find("a")->since > since);
}

TEST_CASE("a statement is good for once: it can't bring back a role that was taken away") {
  RoleBench bench;
  bench.grant("b", Role::compliance);
  const RoleOrder once = bench.order(RoleAction::grant, "a", Role::operations);
  bench.carry_out(once);
  CHECK(bench.refusal(once) == ErrorCode::role_order_stale);
  bench.revoke("a", Role::operations);
  CHECK(bench.refusal(once) == ErrorCode::role_order_stale);
}

TEST_CASE("a role that is there already, or is not there, changes nothing") {
  RoleBench bench;
  CHECK(bench.refusal(bench.order(RoleAction::revoke, "a", Role::operations)) == ErrorCode::role_unchanged);
  bench.grant("a", Role::operations);
  CHECK(bench.refusal(bench.order(RoleAction::grant, "a", Role::operations)) == ErrorCode::role_unchanged);
  CHECK(bench.refusal(bench.order(RoleAction::revoke, "a", Role::compliance)) == ErrorCode::role_unchanged);
}

TEST_CASE("a viewer is of a party that is registered, and has no other role") {
  RoleBench bench;
  CHECK(bench.refusal(bench.order(RoleAction::grant, "v", Role::viewer)) == ErrorCode::order_invalid);
  CHECK(bench.refusal(bench.order(RoleAction::grant, "v", Role::viewer, "nobody")) == ErrorCode::order_invalid);
  CHECK(bench.refusal(bench.order(RoleAction::grant, "v", Role::operations, "party-1")) == ErrorCode::order_invalid);
  bench.grant("v", Role::viewer, "party-1");
  CHECK(bench.state.users.find("v")->party == "party-1");
  CHECK(bench.refusal(bench.order(RoleAction::grant, "v", Role::operations)) == ErrorCode::viewer_role_alone);
  bench.grant("o", Role::operations);
  CHECK(bench.refusal(bench.order(RoleAction::grant, "o", Role::viewer, "party-1")) == ErrorCode::viewer_role_alone);
}

TEST_CASE("nobody hands out a role by a stranger's signature, a changed statement or another journal's") {
  RoleBench bench;
  const RoleOrder good = bench.order(RoleAction::grant, "a", Role::administrator);
  const auto code = [&](const std::string& text) {
    const auto change = decide_role(bench.state, bench.journal_id, text);
    return change ? std::nullopt : std::optional(change.error().code);
  };
  CHECK(code(sign_role_order(good, crypto::SigningKey::from_seed({2}))) == ErrorCode::administrator_unknown);
  std::string changed = sign_role_order(good, kRoleGiver);
  changed.replace(changed.find("\"a\""), 3, "\"b\"");
  CHECK(code(changed) == ErrorCode::order_invalid);
  RoleOrder foreign = good;
  foreign.basics.journal = {9};
  CHECK(code(sign_role_order(foreign, kRoleGiver)) == ErrorCode::order_invalid);
  for (const char* text : {"", "{}", "[]", "\xff"}) CHECK(code(text) == ErrorCode::order_invalid);
}

TEST_CASE("an account's name has up to 64 letters, digits, dots and hyphens, and not one more") {
  for (const char* name : {"a", "0", "van-thu.ubnd", "a--b..c"}) CHECK(is_user_name(name));
  for (const char* name : {"", "A", "văn-thư", "-a", "a.", "a b", "a/b", "a\n"}) CHECK_FALSE(is_user_name(name));
  CHECK(is_user_name(std::string(kUserNameBytesMax, 'a')));
  CHECK_FALSE(is_user_name(std::string(kUserNameBytesMax + 1, 'a')));
}

TEST_CASE("a hub has as many users as the limit says, and not one more") {
  RoleBench bench;
  for (std::size_t i = 0; i < kUsersMax; ++i)
    bench.apply(RoleChanged{RoleAction::grant, "u" + std::to_string(i), Role::operations, {}, "x", "y", {}, {}});
  CHECK(bench.refusal(bench.order(RoleAction::grant, "one-more", Role::operations)) == ErrorCode::users_too_many);
  bench.grant("u7", Role::compliance);  // no user more
  bench.revoke("u8", Role::operations);
  CHECK_FALSE(bench.refusal(bench.order(RoleAction::grant, "one-more", Role::operations)));
}

TEST_CASE("the first user is made without a signature, and only while there is no record about roles") {
  RoleBench bench;
  CHECK(decide_first_user(bench.state, "Quản trị").error().code == ErrorCode::user_name_invalid);
  const auto first = decide_first_user(bench.state, "quan-tri");
  REQUIRE(first.has_value());
  CHECK(first->actor == kFirstStart);
  CHECK(first->role == Role::administrator);
  bench.apply(*first);
  CHECK(decide_first_user(bench.state, "other").error().code == ErrorCode::first_user_exists);
  bench.revoke("quan-tri", Role::administrator);
  CHECK(decide_first_user(bench.state, "quan-tri").error().code == ErrorCode::first_user_exists);
}

TEST_CASE("bytes with a user that can't be are no state") {
  const auto refused = [](const User& user, const std::string& name) {
    Users users;
    return !users.restore(name, user);
  };
  const User good{Position(5), 1u << 1, {}};
  CHECK_FALSE(refused(good, "a"));
  CHECK(refused(good, "A"));
  CHECK(refused({Position(5), 0, {}}, "a"));
  CHECK(refused({Position(5), 1u << 5, {}}, "a"));
  CHECK(refused({Position(5), 1u << 4, {}}, "a"));               // a viewer of nobody
  CHECK(refused({Position(5), 1u << 4 | 1u << 1, "p"}, "a"));    // with another role
  CHECK(refused({Position(5), 1u << 1, "p"}, "a"));              // a party, and no viewer
}

}  // namespace hub::broker
