// What a party's own viewer sees: what it sent, and what was accepted for it.
#include <algorithm>

#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;

namespace {

// party-0 sends to both others, to one, to the other, and what is refused.
struct ViewerBench : LedgerBench {
  ViewerBench() {
    open(0);
    open(1);
    send({{.number = 1, .to = "party-1,party-2"},
          {.number = 2, .to = "party-1"},
          {.number = 3, .to = "party-2"},
          {.number = 4, .to = "party-1", .type = simulation::kForbiddenType},
          {.number = 5, .to = "party-2", .conversation = 2}});
    settle();
  }
  std::vector<std::uint64_t> seen(const std::string& party, ledger::DocumentFilter filter = {}) const {
    filter.seen_by = party;
    return numbers(filter);
  }
  std::size_t deliveries_seen(const std::string& party, ledger::DeliveryFilter filter = {}) const {
    filter.seen_by = party;
    return queries()->deliveries(filter).value().rows.size();
  }
  Result<ledger::Trace> trace(std::uint64_t number, const std::string& party) const {
    return queries()->trace(to_text(test::numbered(number)), party);
  }
};

}  // namespace

TEST_CASE("A viewer sees what its party sent, refused ones too, and what was accepted for it") {
  const ViewerBench b;
  CHECK(b.seen("party-0") == std::vector<std::uint64_t>{5, 4, 3, 2, 1});
  CHECK(b.seen("party-1") == std::vector<std::uint64_t>{2, 1});
  CHECK(b.seen("party-2") == std::vector<std::uint64_t>{5, 3, 1});
  CHECK(b.seen("nobody").empty());
  CHECK(b.deliveries_seen("party-0") == 5);
  CHECK(b.deliveries_seen("party-1") == 2);
  CHECK(b.deliveries_seen("nobody") == 0);
}

TEST_CASE("Whatever a viewer asks for, it gets nothing of others") {
  const ViewerBench b;
  ledger::DocumentFilter filters[14];
  filters[0].party = "party-2";
  filters[1].sender = "party-0";
  filters[2].recipient = "party-2";
  filters[3].type = simulation::kPermittedType;
  filters[4].text = "a";
  filters[5].accepted = false;
  filters[6].state = "pending";
  filters[7].state = "delivered";
  filters[8].code = "type-not-permitted";
  filters[9].conversation = to_text(test::numbered(2));
  filters[10].urgency = 0;
  filters[11].until = UnixMicros(INT64_MAX / 2);
  filters[12].agreement = "nobody";
  filters[13].unneeded = "text";
  for (const ledger::DocumentFilter& filter : filters)
    for (const std::uint64_t number : b.seen("party-1", filter)) CHECK((number == 1 || number == 2));
  ledger::DeliveryFilter deliveries;
  deliveries.recipient = "party-2";
  CHECK(b.deliveries_seen("party-1", deliveries) == 0);
  deliveries = {};
  deliveries.endpoint = b.scenery.parties[2].endpoint;
  CHECK(b.deliveries_seen("party-1", deliveries) == 0);
}

TEST_CASE("A filter does not tell a recipient what became of a document at another") {
  ViewerBench b;
  b.acknowledge(1, 2);
  b.settle();
  ledger::DocumentFilter filter;
  filter.state = "pending";
  CHECK(b.seen("party-0", filter) == std::vector<std::uint64_t>{5, 3, 1});
  CHECK(b.seen("party-1", filter).empty());
  CHECK(b.seen("party-2", filter) == std::vector<std::uint64_t>{5, 3, 1});
}

TEST_CASE("A recipient's trace has its own outcome and delivery, its sender's all of them") {
  const ViewerBench b;
  const auto sent = b.trace(1, "party-0").value();
  CHECK(sent.document.outcomes.size() == 2);
  CHECK(sent.deliveries.size() == 2);
  const auto got = b.trace(1, "party-2").value();
  REQUIRE(got.document.outcomes.size() == 1);
  CHECK(got.document.outcomes[0].actual == "party-2");
  REQUIRE(got.deliveries.size() == 1);
  CHECK(got.deliveries[0].delivery.recipient == "party-2");
}

TEST_CASE("Another party's document is not found, as one that is not there") {
  const ViewerBench b;
  CHECK(b.trace(3, "party-1").error() == Error{ErrorCode::not_found, {{"path", to_text(test::numbered(3))}}});
  CHECK(b.trace(4, "party-1").error().code == ErrorCode::not_found);  // it was addressed to it, and refused
  const auto there = b.trace(3, "party-2").value();
  for (const std::string& what : {std::to_string(there.document.position.value), there.deliveries[0].delivery.id})
    CHECK(b.queries()->trace(what, "party-1").error().code == ErrorCode::not_found);
}

TEST_CASE("Related documents are the viewer's own") {
  const ViewerBench b;
  CHECK(b.trace(2, "party-0").value().related.size() == 1);
  CHECK(b.trace(2, "party-1").value().related.empty());
  CHECK(b.trace(5, "party-2").value().related.empty());
}
