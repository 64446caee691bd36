// Bodies under storage keys, and what is left of them when a key is destroyed.
#include <catch2/catch.hpp>

#include "hub/broker/readings.hpp"
#include "hub/broker/storage_orders.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;
using test::kStart;
using test::Note;
using wire::Kind;

const crypto::SigningKey kFirst = crypto::SigningKey::from_seed({9}), kSecond = crypto::SigningKey::from_seed({10});
const std::string kWords = "nội dung chỉ người nhận được đọc";

struct StorageBench : EngineBench {
  StorageBench() {
    state.created.administrators = {kFirst.public_key(), kSecond.public_key()};
    open(0);
  }
  // A note to party-1; the position of its record.
  Position send(std::uint64_t number, std::vector<registry::AttachmentFields> attachments = {}) {
    Note note{.number = number, .text = kWords, .time = clock.time};
    note.attachments = std::move(attachments);
    submit(0, {test::write(note)}, number);
    commit();
    return Position(journal->end().value - 1);
  }
  const broker::StorageKey& key(std::uint32_t id = 1) const { return *state.storage_keys.find(id); }
  void go_to(UnixMicros time) {
    clock.time = time;
    engine->begin_turn();
  }
  Result<Position> erase() {
    go_to(broker::retention_end(key()));
    const std::string one = broker::sign_storage_order({broker::StorageAction::erase, key().months, key().month,
                                                        key().last_record, {journal->id(), "hết hạn", clock.time}},
                                                       kFirst);
    const auto done = engine->on_order(broker::countersign_statement(one, kSecond).value());
    engine->end_turn();
    return done;
  }
  bool is_on_disk(std::string_view words) const {
    for (const auto& [name, bytes] : disk.contents())
      if (as_text(bytes).find(words) != std::string_view::npos) return true;
    return false;
  }
  std::unique_ptr<Engine> restarted(broker::State& again, test::FakeDisk& copy,
                                    std::unique_ptr<journal::Journal>& reopened) {
    broker::Touched touched;
    reopened = journal::Journal::open(copy, test::journal_options(512 << 10, 4 << 20), [&](const auto& record) {
                 return replay(again, record, touched);
               }).value();
    return std::make_unique<Engine>(clock, chance, network, *reopened, again, secrets);
  }
  // One life more, on what the disk has.
  Result<void> restart_settles() {
    broker::State again(5);
    test::FakeDisk copy(1, disk.contents());
    std::unique_ptr<journal::Journal> reopened;
    return restarted(again, copy, reopened)->settle_storage_keys();
  }
};

registry::AttachmentFields attachment(std::uint8_t number) {
  return {"a" + std::to_string(number), "text/plain", "", 100, crypto::Digest{number}};
}

}  // namespace

TEST_CASE("a document's words are delivered, and stand nowhere on the disk") {
  StorageBench bench;
  bench.open(1);
  const Position document = bench.send(1);
  const auto deliveries = wire::read_deliveries(bench.payload(1, Kind::deliveries));
  REQUIRE(deliveries.has_value());
  CHECK(as_text(deliveries->groups[0].deliveries[0].document).find(kWords) != std::string_view::npos);
  CHECK_FALSE(bench.is_on_disk(kWords));
  Buffer scratch;
  CHECK(bench.journal->read(document, scratch).value().body_key == 1);
}

TEST_CASE("a class and a month have one key, whose record comes before the first document under it") {
  StorageBench bench;
  const Position first = bench.send(1), second = bench.send(2);
  CHECK(bench.state.storage_keys.all().size() == 1);
  CHECK(bench.key().last_record < first);
  bench.go_to(start_of(month_of(kStart).next()));
  bench.open(0);
  const Position third = bench.send(3);
  REQUIRE(bench.state.storage_keys.all().size() == 2);
  CHECK(bench.key(2).last_record > second);
  CHECK(bench.key(2).last_record < third);
  CHECK(bench.secrets.secrets.size() == 2);
}

TEST_CASE("a document whose key can't be stored is not taken, and may come again") {
  StorageBench bench;
  bench.secrets.full = true;
  const Position end = bench.journal->end();
  bench.submit(0, {test::write(Note{.number = 1})});
  bench.engine->begin_turn();
  bench.engine->end_turn();
  CHECK(bench.outcomes(0) == std::vector<std::string>{"storage-full"});
  CHECK(bench.journal->end() == end);
  bench.secrets.full = false;
  bench.submit(0, {test::write(Note{.number = 1})}, 2);
  bench.commit();
  CHECK(bench.outcomes(0) == std::vector<std::string>{"accepted"});
}

TEST_CASE("a secret is destroyed when the record that says so is durable, and not before") {
  StorageBench bench;
  bench.send(1);
  REQUIRE(bench.erase().has_value());
  CHECK(bench.secrets.secrets.size() == 1);
  bench.commit();
  CHECK(bench.secrets.secrets.empty());
}

TEST_CASE("a crash between the record and the removal of the secret is made good by the next start") {
  StorageBench bench;
  bench.send(1);
  REQUIRE(bench.erase().has_value());
  auto group = bench.engine->take_group();
  REQUIRE(bench.journal->write(*group));  // and there the process ends
  CHECK(bench.secrets.secrets.size() == 1);
  REQUIRE(bench.restart_settles());
  CHECK(bench.secrets.secrets.empty());
}

TEST_CASE("a start without the secret of a key in use is refused; without that of a destroyed one it isn't") {
  StorageBench bench;
  bench.send(1);
  const auto kept = bench.secrets.secrets;
  bench.secrets.secrets.clear();
  const auto refused = bench.restart_settles();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::storage_key_missing);
  bench.secrets.secrets = kept;
  REQUIRE(bench.erase().has_value());
  bench.commit();
  CHECK(bench.restart_settles());
}

TEST_CASE("after an erasure leaves and state are what they were, and a replay gives the same") {
  StorageBench bench;
  const Position document = bench.send(1);
  Buffer scratch;
  const crypto::Digest leaf = journal::leaf_of(bench.journal->read(document, scratch).value());
  REQUIRE(bench.erase().has_value());
  bench.commit();
  CHECK(journal::leaf_of(bench.journal->read(document, scratch).value()) == leaf);
  broker::State again(77);
  test::FakeDisk copy(1, bench.disk.contents());
  std::unique_ptr<journal::Journal> reopened;
  const auto engine = bench.restarted(again, copy, reopened);
  again.created.administrators = bench.state.created.administrators;  // they are in no record of this bench
  CHECK(broker::state_hash(again) == broker::state_hash(bench.state));
  CHECK(reopened->tree().root() == bench.journal->tree().root());
}

TEST_CASE("what was erased before it was delivered is a dead letter, and its sender is told why") {
  StorageBench bench;
  bench.send(1);
  REQUIRE(bench.erase().has_value());
  bench.commit();
  bench.network.sent.clear();
  bench.hello(1);
  bench.commit();
  CHECK_FALSE(bench.payload(1, Kind::welcome).empty());
  CHECK(bench.payload(1, Kind::deliveries).empty());
  bench.hello(10);  // the sender comes back
  bench.commit();
  const auto receipts = wire::read_receipts(bench.payload(10, Kind::receipts));
  REQUIRE(receipts.has_value());
  CHECK(receipts->receipts[0].status == wire::DeliveryStatus::failed);
  CHECK(receipts->receipts[0].reason == "document-erased");
}

TEST_CASE("a delivery whose key has gone missing ends the connection, and arrives when the key is back") {
  StorageBench bench;
  bench.send(1);
  broker::State again(5);
  test::FakeDisk copy(1, bench.disk.contents());
  const auto kept = std::exchange(bench.secrets.secrets, {});
  std::unique_ptr<journal::Journal> reopened;
  bench.engine = bench.restarted(again, copy, reopened);  // which nobody asked whether its keys are there
  std::swap(bench.journal, reopened);
  bench.engine->start("test");
  bench.open(1);
  bench.hello(1);
  bench.commit();
  CHECK(bench.goodbye(1) == ErrorCode::storage_key_missing);
  bench.secrets.secrets = kept;
  bench.hello(1);
  bench.commit();
  CHECK(wire::read_deliveries(bench.payload(1, Kind::deliveries)).has_value());
  bench.engine.reset();
  std::swap(bench.journal, reopened);  // before its disk goes
}

TEST_CASE("contents go with the last document that refers to them") {
  StorageBench bench;
  const PartyIndex sender = *bench.state.configuration.registry.party("party-0");
  const auto store = [&](std::uint8_t number) {
    REQUIRE(bench.engine->record_content_stored(sender, crypto::Digest{number}, 100));
  };
  bench.send(1, {attachment(1), attachment(2)});
  store(1);
  store(2);
  const Position erased = bench.send(2, {attachment(1), attachment(2)});
  bench.go_to(start_of(month_of(kStart).next()));
  bench.open(0);
  const Position kept = bench.send(3, {attachment(2)});
  std::vector<crypto::Digest> dropped;
  bench.engine->set_on_dropped([&](const std::string&, const crypto::Digest& digest) { dropped.push_back(digest); });
  REQUIRE(bench.erase().has_value());
  bench.commit();
  bench.tick_at(bench.clock.time);
  bench.commit();
  CHECK(dropped == std::vector{crypto::Digest{1}});
  const PartyIndex recipient = *bench.state.configuration.registry.party("party-1");
  CHECK(bench.engine->delivered_content(recipient, kept, 0, 0).has_value());
  const auto gone = bench.engine->delivered_content(recipient, erased, 0, 0);
  REQUIRE_FALSE(gone.has_value());
  CHECK(gone.error().code == ErrorCode::document_erased);
  const auto read = bench.engine->on_reading(
      broker::sign_reading({erased, {bench.journal->id(), "kiểm tra", bench.clock.time}}, kFirst));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::document_erased);
}

}  // namespace hub::runtime
