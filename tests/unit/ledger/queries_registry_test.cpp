// Who sent what to whom, and what is registered.
#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;

namespace {

const std::string kAgreement = "sim/notes";

// To party-1 twice, to party-2 once, and gossip to party-1, which is refused.
void send_some(LedgerBench& b) {
  b.open(0);
  b.send({{.number = 1}, {.number = 2}, {.number = 3, .to = "party-2"}});
  b.send({{.number = 4, .type = simulation::kForbiddenType}});
  b.follow();
}

}  // namespace

TEST_CASE("Flows tell sender, recipient and type with what was accepted and refused, the most first") {
  LedgerBench b;
  send_some(b);
  const auto flows = b.queries()->flows({}).value();
  CHECK(flows.documents == 4);
  CHECK_FALSE(flows.counted_from);
  REQUIRE(flows.rows.size() == 3);
  CHECK(flows.rows[0].sender == "party-0");
  CHECK(flows.rows[0].recipient == "party-1");
  CHECK(flows.rows[0].type == simulation::kPermittedType);
  CHECK(flows.rows[0].accepted == 2);
  CHECK(flows.rows[0].refused == 0);
  CHECK(flows.rows[1].type == simulation::kForbiddenType);
  CHECK(flows.rows[1].refused == 1);
  CHECK(flows.rows[2].recipient == "party-2");
}

TEST_CASE("Late is what waits, or waited, for more than a quarter of an hour from when it could go") {
  LedgerBench b;
  const auto after = [&](std::int64_t micros) { b.clock.time = UnixMicros(test::kStart.value + micros); };
  b.open(0);
  b.open(1);
  b.send({{.number = 1}, {.number = 2, .to = "party-2"}});
  b.send({{.number = 3, .to = "party-1,party-2"}});
  b.send({{.number = 4, .to = "party-2", .urgency = 4, .deliver_at = UnixMicros(test::kStart.value + ledger::kLateMicros)}});
  b.acknowledge(1, 1);
  b.commit();
  const auto late = [&](const ledger::DocumentFilter& filter) { return b.numbers(filter); };
  const auto flow_to = [&](const char* party) {
    const auto flows = b.queries()->flows({}).value();
    for (const ledger::Flow& flow : flows.rows)
      if (flow.recipient == party && flow.type == simulation::kPermittedType) return flow;
    return ledger::Flow{};
  };
  after(ledger::kLateMicros);
  b.send({{.number = 5, .type = simulation::kForbiddenType}});  // so that the ledger knows of the time
  b.follow();
  CHECK(flow_to("party-2").late == 0);
  CHECK(late({.late = true}).empty());
  after(ledger::kLateMicros + 1);
  b.send({{.number = 6, .type = simulation::kForbiddenType}});
  b.follow();
  CHECK(flow_to("party-1").accepted == 2);
  CHECK(flow_to("party-1").late == 1);  // 3; 1 came at once
  CHECK(flow_to("party-2").late == 2);  // 2 and 3; 4 was not to go before
  CHECK(late({.late = true}) == Numbers{3, 2});
  CHECK(late({.recipient = "party-1", .late = true}) == Numbers{3});
  CHECK(late({.late = false}) == Numbers{6, 5, 4, 1});
  b.acknowledge(1, 2);
  b.commit();
  b.follow();
  CHECK(flow_to("party-1").late == 1);  // it has come, and late
  CHECK(ledger::to_json(b.queries()->flows({}).value())["flows"][0].contains("late"));
}

TEST_CASE("A document that is refused as a whole flows to nobody") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1, .type = "unknown/1"}});
  b.follow();
  const auto flows = b.queries()->flows({}).value();
  REQUIRE(flows.rows.size() == 1);
  CHECK(flows.rows[0].recipient.empty());
  CHECK(flows.rows[0].refused == 1);
  CHECK_FALSE(ledger::to_json(flows)["flows"][0].contains("recipient"));
}

TEST_CASE("Flows count no more documents than they may, the newest, and say since when") {
  LedgerBench b;
  send_some(b);
  const auto all = b.queries()->flows({.documents_max = 5}).value();
  CHECK_FALSE(all.counted_from);
  const auto some = b.queries()->flows({.documents_max = 3}).value();
  CHECK(some.documents == 3);
  CHECK(some.counted_from == test::kStart);
  CHECK(ledger::to_json(some)["counted_from"] == format_rfc3339(test::kStart));
}

TEST_CASE("Flows are no more than they may be, the largest, and say that there are smaller ones") {
  LedgerBench b;
  send_some(b);
  CHECK_FALSE(b.queries()->flows({.flows_max = 3}).value().more);
  const auto some = b.queries()->flows({.flows_max = 2}).value();
  CHECK(some.more);
  REQUIRE(some.rows.size() == 2);
  CHECK(some.rows[0].accepted == 2);
  CHECK(ledger::to_json(some)["more"] == true);
}

TEST_CASE("Accepted documents come oldest first from a position on, or the newest of all, and no more than asked for") {
  LedgerBench b;
  send_some(b);
  const auto all = b.queries()->sent_since(std::nullopt, 10).value();
  REQUIRE(all.size() == 3);
  CHECK(all[0].position < all[1].position);
  CHECK(all[0].sender == "party-0");
  CHECK(all[0].type == simulation::kPermittedType);
  CHECK(all[0].time == test::kStart);
  const auto newest = b.queries()->sent_since(std::nullopt, 2).value();
  REQUIRE(newest.size() == 2);
  CHECK(newest[0].position == all[1].position);
  const auto on = b.queries()->sent_since(all[1].position, 1).value();
  REQUIRE(on.size() == 1);
  CHECK(on[0].position == all[1].position);
  CHECK(b.queries()->sent_since(all[2].position.next(), 10).value().empty());
}

TEST_CASE("A period leaves out what was before and after it") {
  LedgerBench b;
  send_some(b);
  const UnixMicros later(test::kStart.value + 1);
  CHECK(b.queries()->flows({.from = later}).value().rows.empty());
  CHECK(b.queries()->flows({.until = test::kStart}).value().rows.empty());
  CHECK(b.queries()->flows({.from = test::kStart, .until = later}).value().documents == 4);
}

TEST_CASE("Names are the labels of parties and types, and the agreements") {
  LedgerBench b;
  b.follow();
  const auto names = b.queries()->names().value();
  REQUIRE(names.parties.size() == 3);
  CHECK(names.parties[0].id == "party-0");
  CHECK(names.types.size() == 2);
  REQUIRE(names.agreements.size() == 1);
  CHECK(names.agreements[0].title.id == kAgreement);
  CHECK(names.agreements[0].version == 1);
}

TEST_CASE("An agreement is told in its canonical form, with the use of its clauses") {
  LedgerBench b;
  send_some(b);
  const auto history = b.queries()->agreement(kAgreement, {}).value();
  REQUIRE(history.versions.size() == 1);
  const auto json = ledger::to_json(history);
  CHECK(json["versions"][0]["text"]["agreement"] == kAgreement);
  CHECK(json["versions"][0]["actor"] == b.value("SELECT actor FROM configuration_changes WHERE item = 'agreement'"));
  std::uint64_t accepted = 0, refused = 0;
  for (const auto& use : history.use) {
    accepted += use.accepted;
    refused += use.refused;
  }
  CHECK(accepted == 3);
  CHECK(refused == 1);
  CHECK(b.queries()->agreement(kAgreement, {.until = test::kStart}).value().use.empty());
  CHECK(b.queries()->agreement("sim/other", {}).error().code == ErrorCode::not_found);
}
