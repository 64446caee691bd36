#include "hub/evidence/reconcile.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sending_party.hpp"

namespace hub::evidence {
namespace {

using crypto::Digest;
using test::numbered_id;

const std::string kDelivery = "0badcafe-000000000007-0";

// A party that sent document 1 at position 5, and got document 2, accepted at position 7.
struct Sides {
  Holdings held{"toa-an.huyen", {}, {{numbered_id(1), true, Position(5), Digest{1}}}, {{kDelivery, Digest{2}}}};
  Recorded recorded{{{Position(5), UnixMicros(50), numbered_id(1), true, Digest{1}}},
                    {{kDelivery, Position(7), numbered_id(2), Digest{2}, UnixMicros(70)}},
                    Position(10),
                    Position(10)};

  // What is found, as one line.
  std::string found() const {
    std::string out;
    for (const Discrepancy& d : reconcile(held, recorded)) {
      CHECK(d.party == "toa-an.huyen");
      out += (out.empty() ? "" : ", ") + std::string(name_of(d.difference)) + (is_gap(d.difference) ? "!" : "") +
             (d.delivery.empty() ? " document" : " delivery") +
             (d.position ? " " + std::to_string(d.position->value) : "");
    }
    return out;
  }
};

}  // namespace

TEST_CASE("what agrees on both sides is no gap") {
  Sides sides;
  CHECK(sides.found() == "");
  sides.held.inbox[0].leaf.reset();  // a store of before
  CHECK(sides.found() == "");
}

TEST_CASE("an answer that the journal does not have, or has with another leaf, is a gap of the sender's") {
  Sides sides;
  SECTION("no record") {
    sides.recorded.sent.clear();
    CHECK(sides.found() == "not-recorded! document 5");
  }
  SECTION("a record of another document") {
    sides.recorded.sent[0].id = numbered_id(9);
    CHECK(sides.found() == "not-recorded! document 5, not-in-outbox! document 5");
  }
  SECTION("another leaf") {
    sides.held.outbox[0].leaf = Digest{9};
    CHECK(sides.found() == "other-leaf! document 5");
  }
  SECTION("no leaf") {
    sides.held.outbox[0].leaf.reset();
    CHECK(sides.found() == "other-leaf! document 5");
  }
}

TEST_CASE("a document that its sender does not know is a gap, and one without its answer is on its way") {
  Sides sides;
  sides.held.outbox[0] = {numbered_id(1), false, {}, {}};
  CHECK(sides.found() == "answer-outstanding document 5");
  sides.recorded.sent[0].accepted = false;  // it is sent again, and decided again
  CHECK(sides.found() == "");
  sides.held.outbox.clear();
  CHECK(sides.found() == "not-in-outbox! document 5");
}

TEST_CASE("a document that was decided twice is known by either answer") {
  Sides sides;
  sides.recorded.sent.push_back({Position(6), UnixMicros(60), numbered_id(1), true, Digest{6}});
  CHECK(sides.found() == "");
}

TEST_CASE("a delivery that the recipient lacks, the journal lacks, or that is of another leaf is a gap") {
  Sides sides;
  SECTION("not with the recipient") {
    sides.held.inbox.clear();
    CHECK(sides.found() == "not-in-inbox! delivery 7");
  }
  SECTION("not delivered, and not with the recipient") {
    sides.held.inbox.clear();
    sides.recorded.received[0].delivered_at.reset();
    CHECK(sides.found() == "");
  }
  SECTION("with the recipient, and not delivered yet") {
    sides.recorded.received[0].delivered_at.reset();
    CHECK(sides.found() == "receipt-outstanding delivery 7");
  }
  SECTION("not in the journal") {
    sides.recorded.received.clear();
    CHECK(sides.found() == "unknown-delivery! delivery 7");
  }
  SECTION("no delivery's id") {
    sides.held.inbox.push_back({"nonsense", {}});
    CHECK(sides.found() == "unknown-delivery! delivery");
  }
  SECTION("another leaf") {
    sides.held.inbox[0].leaf = Digest{9};
    CHECK(sides.found() == "other-leaf! delivery 7");
  }
}

TEST_CASE("what a store may have dropped is not missed, and what it must have is") {
  Sides sides;
  sides.held.outbox.clear();
  sides.held.inbox.clear();
  sides.held.complete_since = UnixMicros(1000);
  const std::int64_t since = 1000 + kClocksApartMicros;
  CHECK(must_hold_since(sides.held).value == since);
  for (const std::int64_t time : {since - 1, since}) {
    sides.recorded.sent[0].time = UnixMicros(time);
    sides.recorded.received[0].delivered_at = UnixMicros(time);
    CHECK(sides.found() == (time < since ? "" : "not-in-outbox! document 5, not-in-inbox! delivery 7"));
  }
}

TEST_CASE("what lies behind the records that were read is not judged, unless the journal ends before it") {
  Sides sides;
  sides.recorded.sent.clear();
  sides.recorded.received.clear();
  sides.recorded.end = Position(5);
  CHECK(sides.found() == "not-read-yet document 5, not-read-yet delivery 7");
  sides.recorded.end = Position(6);
  CHECK(sides.found() == "not-recorded! document 5, not-read-yet delivery 7");
  sides.recorded.end = sides.recorded.journal_end = Position(5);
  CHECK(sides.found() == "not-recorded! document 5, unknown-delivery! delivery 7");
}

}  // namespace hub::evidence
