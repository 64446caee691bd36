#include "adapters/sdk/holdings.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/sdk/store_bench.hpp"

using namespace hub;
using test::kNow;
using test::StoreBench;

namespace {

struct HoldingsBench : StoreBench {
  // What the store holds, once its adapter has ended.
  sdk::Holdings holdings() {
    store.reset();
    const auto read = sdk::read_holdings(path());
    REQUIRE(read.has_value());
    return *read;
  }
};

}  // namespace

TEST_CASE("Holdings are what the store has, queued, answered and taken") {
  HoldingsBench b;
  const sdk::Ticket first = b.take(b.document(1)).ticket;
  b.take(b.document(2));
  const sdk::OutboxResult result{first, sdk::OutboxState::accepted, Position(9), crypto::Digest{3}, Buffer{4}, "a"};
  REQUIRE(b.store->record({&result, 1}, {}, kNow));
  sdk::StagedDelivery delivery{"0badcafe-000000000041-0", StreamSequence(1)};
  delivery.leaf = crypto::Digest{8};
  const sdk::Progress progress{Bytes<16>{7}, StreamSequence(1), {}, {}, {}};
  REQUIRE(b.store->stage({&delivery, 1}, {}, {}, progress, kNow));
  const sdk::Holdings held = b.holdings();
  CHECK(held.party == "toa-an.huyen");
  CHECK(held.journal_id == Bytes<16>{7});
  CHECK(held.complete_since.value == 0);
  REQUIRE(held.outbox.size() == 2);
  CHECK(held.outbox[0].id == test::numbered_id(1));
  CHECK(held.outbox[0].state == sdk::OutboxState::accepted);
  CHECK(held.outbox[0].position == Position(9));
  CHECK(held.outbox[0].leaf == crypto::Digest{3});
  CHECK(held.outbox[1].state == sdk::OutboxState::queued);
  CHECK_FALSE(held.outbox[1].position);
  CHECK_FALSE(held.outbox[1].leaf);
  REQUIRE(held.inbox.size() == 1);
  CHECK(held.inbox[0].id == delivery.id);
  CHECK(held.inbox[0].leaf == crypto::Digest{8});
}

TEST_CASE("Holdings say since when nothing was dropped") {
  HoldingsBench b;
  REQUIRE(b.store->prune(kNow));
  REQUIRE(b.store->prune(UnixMicros(kNow.value - 1)));  // a clock that was put back
  CHECK(b.holdings().complete_since.value == kNow.value - sdk::Store::kKeptMicros);
}

TEST_CASE("A store whose adapter runs is not read, and the error says so") {
  HoldingsBench b;
  const auto busy = sdk::read_holdings(b.path());
  REQUIRE_FALSE(busy.has_value());
  CHECK(busy.error().code == ErrorCode::io_failed);
  CHECK(busy.error().fact("reason").find("stop it first") != std::string::npos);
  CHECK_FALSE(sdk::read_holdings(b.folder.path("none.sqlite")).has_value());
}

TEST_CASE("A delivery that a store of an older version took has no leaf, once its adapter has brought it up to date") {
  HoldingsBench b;
  const sdk::StagedDelivery delivery{"0badcafe-000000000041-0", StreamSequence(1)};
  REQUIRE(b.store->stage({&delivery, 1}, {}, {}, {}, kNow));
  b.store.reset();
  {
    auto database = sqlite::Database::open(b.path(), sqlite::Access::exclusive).value();
    REQUIRE(
        database->execute("ALTER TABLE inbox DROP COLUMN leaf; ALTER TABLE progress DROP COLUMN complete_since; "
                          "PRAGMA user_version = 3"));
  }
  const auto older = sdk::read_holdings(b.path());
  REQUIRE_FALSE(older.has_value());
  CHECK(older.error().code == ErrorCode::config_invalid);
  b.open();
  const sdk::Holdings held = b.holdings();
  REQUIRE(held.inbox.size() == 1);
  CHECK_FALSE(held.inbox[0].leaf);
}
