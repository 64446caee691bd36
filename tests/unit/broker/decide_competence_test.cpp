// Documents that go to whoever is competent: the clause permits notes to the addressees party-1 (district t/a), party-2
// (province t) and party-3 (district t/b); the note's subject is the level, its text the place.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;
using test::Note;
using Json = nlohmann::json;

struct CompetenceBench : CoreBench {
  explicit CompetenceBench(const char* over_level) : CoreBench(1, 4) {
    seat("party-1", "district", "t/a");
    seat("party-2", "province", "t");
    seat("party-3", "district", "t/b");
    change(registry::ItemKind::agreement, "sim/notes", [&](Json& agreement) {
      agreement["addressees"] = {{"p1", "party-1"}, {"p2", "party-2"}, {"p3", "party-3"}};
      agreement["parties"] = {{"p0", "party-0"}};
      agreement.erase("groups");
      Json& clause = agreement["clauses"][0];
      clause["permit"] = {{"type", "note"}, {"from", "p0"}, {"to", {{"competent_for", "/data/text"}, {"at_level", "/subject"}}}};
      clause["over_level"] = over_level;
    });
  }
  void seat(const char* party, const char* level, const char* place) {
    change(registry::ItemKind::party, party, [&](Json& item) {
      item["level"] = level;
      item["place"] = place;
    });
  }
  // "addressed>actual" of what was accepted, or the code, for each recipient.
  std::vector<std::string> send(const std::string& to, const std::string& level, const std::string& place) {
    Note note;
    note.number = ++number;
    note.to = to;
    note.subject = level;
    note.text = place;
    CHECK_FALSE(decide(note));
    std::vector<std::string> out;
    for (const Outcome& o : decided.outcomes)
      out.push_back(o.row.accepted() ? std::string(o.row.addressed) + ">" + std::string(o.row.actual) : std::string(o.row.outcome));
    return out;
  }
  std::string fact(const char* name) const {
    for (const Fact& f : decided.outcomes[0].facts)
      if (f.name == name) return f.value;
    return {};
  }
  std::uint64_t number = 0;
};

using Outcomes = std::vector<std::string>;

}  // namespace

TEST_CASE("a document to the competent party is accepted as it is addressed") {
  CompetenceBench bench("refuse");
  CHECK(bench.send("party-1", "district", "t/a/x") == Outcomes{"party-1>party-1"});
  CHECK(bench.send("party-2", "province", "t/b") == Outcomes{"party-2>party-2"});
}

TEST_CASE("a document over the competent level's head is refused with the competent party named") {
  CompetenceBench bench("refuse");
  CHECK(bench.send("party-2", "district", "t/a") == Outcomes{"over-level"});
  CHECK(bench.fact("competent") == "party-1");
  CHECK(bench.fact("level") == "district");
  CHECK(bench.decided.outcomes[0].row.clause == "notes");
  CHECK_FALSE(bench.decided.accepted);
}

TEST_CASE("where the clause says so, it is rerouted, and the record names both") {
  CompetenceBench bench("reroute");
  CHECK(bench.send("party-2", "district", "t/b/y") == Outcomes{"party-2>party-3"});
  CHECK(bench.decided.accepted);
  CHECK(bench.registry().party_at(*bench.decided.outcomes[0].actual).id == "party-3");
  bench.apply(bench.decided, 10);
  CHECK(bench.streams(3).deliveries.waiting() == 1);
  CHECK(bench.streams(2).deliveries.waiting() == 0);
}

TEST_CASE("a document below or beside the competent party is refused, never rerouted") {
  CompetenceBench bench("reroute");
  CHECK(bench.send("party-1", "province", "t/a") == Outcomes{"not-competent"});
  CHECK(bench.fact("competent") == "party-2");
  CHECK(bench.send("party-3", "district", "t/a") == Outcomes{"not-competent"});
  CHECK(bench.fact("competent") == "party-1");
  bench.seat("party-1", "commune", "t/a/x");  // another district stands above no commune of this one
  CHECK(bench.send("party-3", "commune", "t/a/x") == Outcomes{"not-competent"});
}

TEST_CASE("where nobody is enrolled as competent, the document is refused with place and level") {
  CompetenceBench bench("reroute");
  CHECK(bench.send("party-2", "commune", "t/a/x") == Outcomes{"competent-unknown"});
  CHECK(bench.fact("place") == "t/a/x");
  CHECK(bench.send("party-2", "district", "u/a") == Outcomes{"competent-unknown"});
}

TEST_CASE("a document that is rerouted to a party which gets it anyway is not sent to it twice") {
  CompetenceBench bench("reroute");
  CHECK(bench.send("party-2,party-1", "district", "t/a") == Outcomes{"over-level", "party-1>party-1"});
  CHECK(bench.fact("competent") == "party-1");
  CHECK(bench.send("party-1,party-2", "district", "t/a") == Outcomes{"party-1>party-1", "over-level"});
}

TEST_CASE("a competent party without an endpoint can't be rerouted to") {
  CompetenceBench bench("reroute");
  bench.change(registry::ItemKind::party, "party-3", [](Json& item) { item["endpoints"] = Json::array(); });
  CHECK(bench.send("party-2", "district", "t/b") == Outcomes{"recipient-unknown"});
  CHECK(bench.fact("recipient") == "party-3");
}

}  // namespace hub::broker
