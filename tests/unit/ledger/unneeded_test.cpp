// Fields that a clause let through without need: rows, the filter, and what a party is told.
#include "tests/unit/broker/matters.hpp"
#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;
using Json = nlohmann::json;
using Numbers = std::vector<std::uint64_t>;
using Lines = std::vector<std::string>;

namespace {

// 1: court and judge to party-1, and to party-2, of which its clause says nothing. 2: court to party-1, a day later.
// 3: nothing beyond the need. 4: refused.
struct UnneededBench : LedgerBench {
  UnneededBench() {
    std::vector<registry::Item> items = scenery.items;
    items.push_back(test::matter_type({"court", "judge", "result"}));
    for (registry::Item& item : items) {
      if (item.kind != registry::ItemKind::agreement) continue;
      Json agreement = Json::parse(item.canonical);
      test::add_matter_clauses(agreement, {"result"});
      item.canonical = agreement.dump();
    }
    REQUIRE(engine->on_configuration(items, "administrator:test"));
    engine->record_changes();
    commit();
    open(0);
    send_matter(1, {{"court", 1}, {"judge", 2}, {"result", 3}}, "party-2,party-1");
    clock.time = next_day;
    send_matter(2, {{"court", 1}}, "party-1");
    send_matter(3, {{"result", 3}}, "party-1");
    send_matter(4, {{"court", 1}}, "nobody");
    follow();
  }
  void send_matter(std::uint64_t number, const Json& data, const std::string& to) {
    submit(0, {test::matter(number, data, to, clock.time)}, ++batches);
    commit();
  }
  Lines lines(const ledger::OverreachQuestion& question) const {
    Lines out;
    const auto overreach = queries()->overreach(question).value();
    for (const auto& one : overreach.unneeded) {
      out.push_back(one.clause + " " + one.sender + ">" + one.recipient + " " + one.field + " " + std::to_string(one.documents));
      CHECK(one.agreement == "sim/notes");
      // Each number leads to the documents that it counts, and no others.
      const auto rows = numbers(ledger::documents_of(one, question, overreach));
      CHECK(rows.size() == one.documents);
    }
    return out;
  }
  const UnixMicros next_day{test::kStart.value + kMicrosPerDay};
};

}  // namespace

TEST_CASE("A field that was not needed has a row for the outcome that let it through, and a clause its needs") {
  UnneededBench b;
  CHECK(b.place.values("SELECT idx || ' ' || field FROM unneeded_fields ORDER BY position, idx, field") ==
        "1 court,1 judge,0 court");
  CHECK(b.place.values("SELECT sender || ' ' || recipient || ' ' || clause || ' ' || field FROM readable_unneeded_fields"
                       " WHERE field = 'judge'") == "party-0 party-1 with-needs judge");
  CHECK(b.value("SELECT needs FROM clauses WHERE id = 'with-needs'") == R"(["result"])");
  CHECK(b.value("SELECT count(*) FROM clauses WHERE id = 'without' AND needs IS NULL") == "1");
}

TEST_CASE("Documents are found by a field that went along without need, with its clause and recipient") {
  const UnneededBench b;
  ledger::DocumentFilter filter;
  filter.unneeded = "court";
  CHECK(b.numbers(filter) == Numbers{2, 1});
  filter.clause = "with-needs";
  filter.agreement = "sim/notes";
  CHECK(b.numbers(filter) == Numbers{2, 1});
  filter.recipient = "party-2";  // it got document 1 under another clause
  CHECK(b.numbers(filter).empty());
  filter.recipient = "party-1";
  filter.until = b.next_day;
  CHECK(b.numbers(filter) == Numbers{1});
  filter.clause = "without";
  CHECK(b.numbers(filter).empty());
  ledger::DocumentFilter needed;
  needed.unneeded = "result";
  CHECK(b.numbers(needed).empty());
}

TEST_CASE("A document's outcomes name the fields, and a viewer sees those of its own") {
  const UnneededBench b;
  ledger::DocumentFilter filter;
  filter.unneeded = "judge";
  const auto rows = b.queries()->documents(filter).value().rows;
  REQUIRE(rows.size() == 1);
  REQUIRE(rows[0].outcomes.size() == 2);
  CHECK(rows[0].outcomes[0].unneeded.empty());
  CHECK(rows[0].outcomes[1].unneeded == std::vector<std::string>{"court", "judge"});
  CHECK(ledger::to_json(rows[0].outcomes[1])["unneeded"] == Json{"court", "judge"});
  CHECK_FALSE(ledger::to_json(rows[0].outcomes[0]).contains("unneeded"));
  for (const auto& [party, seen] : {std::pair("party-0", 1u), std::pair("party-1", 1u), std::pair("party-2", 0u)}) {
    filter.seen_by = party;
    CHECK(b.numbers(filter).size() == seen);
  }
}

TEST_CASE("A party is told the fields that it sent or got without need, with clause, recipient and documents") {
  const UnneededBench b;
  const Lines expected = {"with-needs party-0>party-1 court 2", "with-needs party-0>party-1 judge 1"};
  CHECK(b.lines({.party = "party-0"}) == expected);
  CHECK(b.lines({.party = "party-1"}) == expected);
  CHECK(b.lines({.party = "party-2"}).empty());
  CHECK(b.lines({.party = "party-0", .from = b.next_day}) == Lines{"with-needs party-0>party-1 court 1"});
  CHECK(b.lines({.party = "party-0", .until = b.next_day}) ==
        Lines{"with-needs party-0>party-1 court 1", "with-needs party-0>party-1 judge 1"});
}

TEST_CASE("Where not all outcomes may be looked at, fields are counted of those after the cut") {
  const UnneededBench b;
  CHECK(b.lines({.party = "party-0", .outcomes_max = 3}) == Lines{"with-needs party-0>party-1 court 1"});
  CHECK(b.lines({.party = "party-0", .outcomes_max = 5}).size() == 2);
}
