// The rows of reports, and where they are cut.
#include "tests/unit/ledger/acting_bench.hpp"

using namespace hub;
using ledger::SendingFilter;
using test::ActingBench;

namespace {

// The documents of the rows, newest first.
std::vector<std::uint64_t> documents_of(const ledger::Sendings& sendings) {
  std::vector<std::uint64_t> out;
  for (const auto& row : sendings.rows) out.push_back(row.position.value);
  return out;
}

}  // namespace

TEST_CASE("A sending tells when it was accepted, delivered and answered, by which records, and who read it") {
  ActingBench b;
  const Position document = b.note(1);
  b.wait_seconds(3);
  b.delivered_up_to(1);
  b.wait_seconds(10);
  b.report(document, wire::DeliveryStatus::processing);
  b.report(document, wire::DeliveryStatus::finished);
  const Position reading = b.read(document, "khiếu nại");
  const Position replay = b.order(broker::OrderAction::replay, document, "mất tệp");
  b.follow();
  const auto sendings = b.queries()->sendings({}).value();
  REQUIRE(sendings.rows.size() == 1);
  const ledger::Sending& row = sendings.rows[0];
  CHECK(row.position == document);
  CHECK(row.sender == "party-0");
  CHECK(row.recipient == "party-1");
  CHECK(row.agreement == "sim/notes");
  CHECK(row.clause == "notes");
  CHECK(row.accepted());
  CHECK(row.state == "pending");  // of the replay
  CHECK(row.delivered->status == "delivered");
  CHECK(row.micros_to_deliver() == 3 * kMicrosPerSecond);
  CHECK(row.answered->status == "finished");
  CHECK(row.micros_to_answer() == 10 * kMicrosPerSecond);
  CHECK(row.replays == std::vector{replay});
  CHECK(row.readings == std::vector{reading});
  REQUIRE(sendings.readings.size() == 1);
  CHECK(sendings.readings[0].reader == b.actor());
  CHECK(sendings.readings[0].reason == "khiếu nại");
  CHECK(sendings.position == b.journal->durable_end());
  const auto again = ledger::sending_from_json(ledger::to_json(row)).value();
  CHECK(ledger::to_json(again) == ledger::to_json(row));
}

TEST_CASE("What is reported before it is acknowledged counts as delivered, and as answered when that says so") {
  ActingBench b;
  const Position document = b.note(1);
  b.wait_seconds(7);
  b.report(document, wire::DeliveryStatus::refused);
  b.follow();
  const auto row = b.queries()->sendings({}).value().rows.at(0);
  CHECK(row.delivered->status == "refused");
  CHECK(row.micros_to_deliver() == 7 * kMicrosPerSecond);
  CHECK(row.micros_to_answer() == 0);
}

TEST_CASE("A document that is refused as a whole is one sending to nobody, and - finds it") {
  ActingBench b;
  b.send({{.number = 1, .type = "unknown/1"}, {.number = 2}});
  b.follow();
  const auto all = b.queries()->sendings({}).value();
  REQUIRE(all.rows.size() == 2);
  CHECK(all.rows[1].outcome == "type-unknown");
  CHECK(all.rows[1].recipient.empty());
  for (const SendingFilter& filter :
       {SendingFilter{.agreement = "-"}, SendingFilter{.recipient = "-"}, SendingFilter{.clause = "-"},
        SendingFilter{.outcome = "refused"}, SendingFilter{.outcome = "type-unknown"}})
    CHECK(documents_of(b.queries()->sendings(filter).value()) == std::vector{all.rows[1].position.value});
}

TEST_CASE("Each filter lets through what it names and nothing else") {
  ActingBench b;
  b.send({{.number = 1}, {.number = 2, .to = "party-2"}, {.number = 3, .type = simulation::kForbiddenType}});
  b.delivered_up_to(1);
  b.follow();
  const auto queries = b.queries();
  const auto count = [&](const SendingFilter& filter) { return queries->sendings(filter).value().rows.size(); };
  CHECK(count({}) == 3);
  CHECK(count({.party = "party-0"}) == 3);
  CHECK(count({.party = "party-2"}) == 1);
  CHECK(count({.sender = "party-0"}) == 3);
  CHECK(count({.sender = "party-1"}) == 0);
  CHECK(count({.recipient = "party-1"}) == 2);
  CHECK(count({.agreement = "sim/notes", .outcome = "accepted"}) == 2);
  CHECK(count({.agreement = "sim/notes", .clause = "other"}) == 0);
  CHECK(count({.agreement = "sim/other"}) == 0);
  CHECK(count({.reached = {"delivered"}}) == 1);
  CHECK(count({.reached = {"delivered", "answered"}}) == 0);
  CHECK(count({.from = UnixMicros(test::kStart.value + 1)}) == 0);
  CHECK(count({.until = test::kStart}) == 0);
  CHECK(count({.from = test::kStart, .until = UnixMicros(test::kStart.value + 1)}) == 3);
}

TEST_CASE("A cut answer says where to go on, and the pages together are the whole") {
  ActingBench b;
  b.send({{.number = 1}, {.number = 2, .to = "party-1,party-2"}, {.number = 3}});
  b.follow();
  const auto queries = b.queries();
  const auto whole = queries->sendings({}).value();
  REQUIRE(whole.rows.size() == 4);
  CHECK_FALSE(whole.next);
  CHECK_FALSE(queries->sendings({.limit = 4}).value().next);
  const auto first = queries->sendings({.limit = 2}).value();
  CHECK(first.rows.size() == 3);  // both of the second document
  REQUIRE(first.next);
  CHECK(*first.next == first.rows.back().position);
  CHECK(documents_of(queries->sendings({.from_position = first.next}).value()) == documents_of(first));
  const auto rest = queries->sendings({.before = first.next}).value();
  CHECK(rest.rows.size() == 1);
  CHECK_FALSE(rest.next);
}

TEST_CASE("No more documents are looked at than may be, however few fit") {
  ActingBench b;
  b.send({{.number = 1}, {.number = 2}, {.number = 3}});
  b.follow();
  const SendingFilter none{.outcome = "type-not-permitted"};
  CHECK_FALSE(b.queries()->sendings(none, 3).value().next);
  const auto cut = b.queries()->sendings(none, 2).value();
  CHECK(cut.rows.empty());
  REQUIRE(cut.next);
  CHECK(cut.next->value == b.queries()->sendings({}).value().rows[1].position.value);
}

TEST_CASE("A limit and a mark that can't be are refused") {
  ActingBench b;
  b.follow();
  for (const std::size_t limit : {std::size_t{0}, ledger::kSendingsMax + 1})
    CHECK(b.queries()->sendings({.limit = limit}).error().code == ErrorCode::usage);
  CHECK(b.queries()->sendings({.limit = ledger::kSendingsMax}).has_value());
  CHECK(b.queries()->sendings({.reached = {"lost"}}).error().code == ErrorCode::usage);
}
