#include "hub/reports/report_lines.hpp"

#include <catch2/catch.hpp>

namespace hub::reports {
namespace {

std::vector<Percentile> times_up_to(std::int64_t count) {
  std::vector<Percentile> out;
  for (std::int64_t i = count; i > 0; --i) out.push_back({i * 10, Position(static_cast<std::uint64_t>(i))});
  return out;
}

ledger::Sending sending(std::uint64_t position, const std::string& recipient, const std::string& outcome) {
  ledger::Sending out;
  out.position = Position(position);
  out.agreement = "a/b";
  out.clause = "c";
  out.sender = "p";
  out.recipient = recipient;
  out.outcome = outcome;
  return out;
}

}  // namespace

TEST_CASE("percentiles are by nearest rank, and name the document that took so long") {
  std::vector<Percentile> none;
  CHECK_FALSE(durations_of(none));
  auto one = times_up_to(1);
  CHECK(durations_of(one)->p50.micros == 10);
  CHECK(durations_of(one)->p95.micros == 10);
  auto twenty = times_up_to(20);
  CHECK(durations_of(twenty)->p50.micros == 100);
  CHECK(durations_of(twenty)->p95.micros == 190);
  CHECK(durations_of(twenty)->p95.document == Position(19));
  auto odd = times_up_to(21);
  CHECK(durations_of(odd)->p50.micros == 110);
  CHECK(durations_of(odd)->p95.micros == 200);
}

TEST_CASE("a line counts what its sendings say, and the total all of them") {
  auto delivered = sending(1, "q", "accepted");
  delivered.time = UnixMicros(1'000);
  delivered.delivered = ledger::DeliveryStep{Position(5), UnixMicros(3'000), "delivered"};
  delivered.answered = ledger::DeliveryStep{Position(6), UnixMicros(10'000), "finished"};
  delivered.replays = {Position(7)};
  delivered.readings = {Position(8), Position(9)};
  auto other = sending(1, "r", "accepted");  // the same document to another one
  other.readings = {Position(8), Position(9)};
  const std::vector rows = {delivered, other, sending(2, "q", "type-not-permitted"), sending(3, "q", "type-not-permitted"),
                            sending(4, "q", "no-agreement")};
  const auto lines = lines_of(rows);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].recipient == "q");
  CHECK(lines[0].sent == 4);
  CHECK(lines[0].accepted == 1);
  CHECK(lines[0].refused == std::map<std::string, std::uint64_t>{{"no-agreement", 1}, {"type-not-permitted", 2}});
  CHECK(lines[0].delivered == 1);
  CHECK(lines[0].answered == 1);
  CHECK(lines[0].replays == 1);
  CHECK(lines[0].readings.size() == 2);
  CHECK(lines[0].to_deliver->p50.micros == 2'000);
  CHECK(lines[0].to_answer->p95.micros == 7'000);
  CHECK_FALSE(lines[1].to_deliver);
  const auto total = total_of(rows);
  CHECK(total.sent == 5);
  CHECK(total.readings.size() == 2);
  CHECK(total_of({}).sent == 0);
}

}  // namespace hub::reports
