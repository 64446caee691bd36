#include "adapters/sdk/holdings.hpp"

#include <catch2/catch.hpp>

#include "tests/support/error_facts.hpp"
#include "tests/support/sending_party.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace hub;

namespace {

const UnixMicros kNow{1'700'000'000'000'000};

struct Bench {
  test::TemporaryFolder folder;
  std::unique_ptr<sdk::Store> store;
  Bench() { open(); }
  std::string path() const { return folder.path("state.sqlite"); }
  void open() { store = sdk::Store::open(path(), "toa-an.huyen").value(); }
  // What the store holds, once its adapter has ended.
  sdk::Holdings holdings() {
    store.reset();
    const auto read = sdk::read_holdings(path());
    REQUIRE(read.has_value());
    return *read;
  }
  sdk::Ticket take(std::uint8_t number) {
    std::vector<sdk::NewDocument> documents;
    documents.push_back({test::numbered_id(number), {"a.json", 5, 6}, crypto::Digest{number}, Buffer{number}});
    return store->take(std::move(documents), kNow)->at(0).ticket;
  }
};

}  // namespace

TEST_CASE("Holdings are what the store has, queued, answered and taken") {
  Bench b;
  const sdk::Ticket first = b.take(1);
  b.take(2);
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
  Bench b;
  REQUIRE(b.store->prune(kNow));
  REQUIRE(b.store->prune(UnixMicros(kNow.value - 1)));  // a clock that was put back
  CHECK(b.holdings().complete_since.value == kNow.value - sdk::Store::kKeptMicros);
}

TEST_CASE("A store whose adapter runs is not read, and the error says so") {
  Bench b;
  const auto busy = sdk::read_holdings(b.path());
  REQUIRE_FALSE(busy.has_value());
  CHECK(busy.error().code == ErrorCode::io_failed);
  CHECK(fact_of(busy.error(), "reason").find("stop it first") != std::string::npos);
  CHECK_FALSE(sdk::read_holdings(b.folder.path("none.sqlite")).has_value());
}

TEST_CASE("A delivery that a store of an older version took has no leaf, once its adapter has brought it up to date") {
  Bench b;
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
