// Roles: recorded, durable, and only then seen by other threads.
#include <catch2/catch.hpp>

#include "hub/broker/record_codec.hpp"
#include "hub/broker/roles.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

const crypto::SigningKey kGiver = crypto::SigningKey::from_seed({9});

struct UsersBench : test::EngineBench {
  UsersBench() { state.created.administrators = {kGiver.public_key()}; }

  Result<Position> change(broker::RoleAction action, const std::string& user) {
    engine->begin_turn();
    auto done = engine->on_order(broker::sign_role_order({action, user, broker::Role::operations, {},
                                                          state.users.last_change(),
                                                          {journal->id(), "phân công", clock.time}},
                                                         kGiver));
    engine->end_turn();
    return done;
  }
  bool is_published(const std::string& user) const { return engine->users()->now()->find(user) != nullptr; }
};

}  // namespace

TEST_CASE("a role is seen when its record is durable, and gone when that of its end is") {
  UsersBench bench;
  const auto position = bench.change(broker::RoleAction::grant, "van-thu");
  REQUIRE(position.has_value());
  CHECK_FALSE(bench.is_published("van-thu"));
  bench.commit();
  CHECK(bench.is_published("van-thu"));
  CHECK(bench.engine->users()->now()->last_change() == *position);
  Buffer scratch;
  const auto view = bench.journal->read(*position, scratch);
  REQUIRE(view.has_value());
  CHECK(view->kind == static_cast<std::uint8_t>(broker::RecordKind::role_changed));
  REQUIRE(bench.change(broker::RoleAction::revoke, "van-thu").has_value());
  CHECK(bench.is_published("van-thu"));
  bench.commit();
  CHECK_FALSE(bench.is_published("van-thu"));
}

TEST_CASE("what was read of the users stays as it was") {
  UsersBench bench;
  const auto before = bench.engine->users()->now();
  REQUIRE(bench.change(broker::RoleAction::grant, "van-thu").has_value());
  bench.commit();
  CHECK(before->size() == 0);
  CHECK(bench.engine->users()->now()->size() == 1);
}

TEST_CASE("the first user is made once, and is seen when it is durable") {
  UsersBench bench;
  bench.engine->begin_turn();
  REQUIRE(bench.engine->on_first_user("quan-tri").has_value());
  CHECK(bench.engine->on_first_user("quan-tri").error().code == ErrorCode::first_user_exists);
  bench.engine->end_turn();
  CHECK_FALSE(bench.is_published("quan-tri"));
  bench.commit();
  CHECK(bench.is_published("quan-tri"));
}

TEST_CASE("a refused order about a role leaves no record") {
  UsersBench bench;
  const Position end = bench.journal->end();
  CHECK(bench.change(broker::RoleAction::revoke, "van-thu").error().code == ErrorCode::role_unchanged);
  CHECK(bench.journal->end() == end);
}

}  // namespace hub::runtime
