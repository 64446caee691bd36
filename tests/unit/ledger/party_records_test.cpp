// What the ledger has of one party.
#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;

namespace {

struct Bench : LedgerBench {
  Bench() {
    open(0);
    open(1);
  }
  ledger::PartyRecords ask(const std::string& party, UnixMicros since = {}, std::vector<Position> documents = {},
                           std::vector<wire::DeliveryKey> deliveries = {}) const {
    return queries()->party_records({party, since, std::move(documents), std::move(deliveries)}).value();
  }
};

}  // namespace

TEST_CASE("A party's records are what it sent and what was delivered to it, with the leaves of the journal") {
  Bench b;
  b.send({{.number = 1}, {.number = 2, .type = simulation::kForbiddenType}});
  b.acknowledge(1, 1);
  b.send({{.number = 3}});
  b.settle();
  const auto sender = b.ask("party-0");
  REQUIRE(sender.sent.size() == 3);
  CHECK(sender.received.empty());
  CHECK(sender.end == b.journal->durable_end());
  CHECK(sender.journal_id == to_hex(b.journal->id()));
  CHECK(sender.sent[0].accepted);
  CHECK_FALSE(sender.sent[1].accepted);
  CHECK(sender.sent[0].id == test::numbered(1));
  const auto trace = b.queries()->trace(to_text(test::numbered(1))).value();
  CHECK(to_hex(sender.sent[0].leaf) == trace.leaf);
  CHECK(sender.sent[0].position == trace.document.position);
  CHECK(sender.sent[0].time == trace.document.time);

  const auto recipient = b.ask("party-1");
  CHECK(recipient.sent.empty());
  REQUIRE(recipient.received.size() == 1);  // the other one is on its way
  CHECK(recipient.received[0].id == trace.deliveries[0].delivery.id);
  CHECK(to_hex(recipient.received[0].leaf) == trace.leaf);
  CHECK(recipient.received[0].document == test::numbered(1));
  CHECK(recipient.received[0].delivered_at == trace.deliveries[0].events[0].time);
}

TEST_CASE("A party's records begin at the time that is asked for, and at that time itself") {
  Bench b;
  b.send({{.number = 1}});
  b.acknowledge(1, 1);
  b.settle();
  const UnixMicros sent = b.ask("party-0").sent.at(0).time;
  CHECK(b.ask("party-0", sent).sent.size() == 1);
  CHECK(b.ask("party-0", UnixMicros(sent.value + 1)).sent.empty());
  const UnixMicros delivered = *b.ask("party-1").received.at(0).delivered_at;
  CHECK(b.ask("party-1", delivered).received.size() == 1);
  CHECK(b.ask("party-1", UnixMicros(delivered.value + 1)).received.empty());
}

TEST_CASE("What is named is answered however old it is, delivered or not, and of that party alone") {
  Bench b;
  b.send({{.number = 1}});
  b.settle();
  const UnixMicros late(INT64_MAX);
  const Position position = b.ask("party-0").sent.at(0).position;
  const wire::DeliveryKey key{position, 0, {}};
  CHECK(b.ask("party-0", late, {position}).sent.size() == 1);
  CHECK(b.ask("party-1", late, {position}).sent.empty());
  const auto pending = b.ask("party-1", late, {}, {key});
  REQUIRE(pending.received.size() == 1);
  CHECK_FALSE(pending.received[0].delivered_at);
  CHECK(b.ask("party-0", late, {}, {key}).received.empty());
  CHECK(b.ask("party-1", late, {}, {{position, 1, {}}, {position, 0, Position(3)}}).received.empty());
}
