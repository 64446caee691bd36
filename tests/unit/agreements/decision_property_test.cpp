// The compiled table against a naive reading of the agreements' JSON, on random agreements and documents.
#include <algorithm>
#include <random>

#include "hub/agreements/explanation.hpp"
#include "tests/unit/agreements/samples.hpp"

using namespace hub;
using namespace hub::agreements;
using Json = nlohmann::json;

namespace {

constexpr std::uint64_t kSeed = 20240312;
constexpr std::size_t kWorlds = 100, kDocumentsPerWorld = 1000;
const char* const kLevels[] = {"commune", "district", "province", "central"};
const char* const kPlaces[] = {"t", "t/a", "t/a/x", "u"};

class World {
 public:
  explicit World(std::mt19937_64& random) : random_(random) {
    for (int i = 0; i < 9; ++i) add_party(i);
    for (const char* id : {"alpha/1", "alpha/2", "beta/1"}) add_type(id);
    for (int i = 0; i < 6; ++i) add_agreement(i);
    std::sort(agreements.begin(), agreements.end(), [](const Json& a, const Json& b) { return a["agreement"] < b["agreement"]; });
    std::vector<Agreement> read;
    for (const Json& one : agreements) {
      auto agreement = read_agreement(one, registry::Marks("f"));
      if (!agreement) FAIL(refusal_of(agreement.error()) << " in " << one.dump());
      read.push_back(std::move(*agreement));
    }
    auto compiled = DecisionTable::compile(registry, std::move(read));
    if (!compiled) FAIL(refusal_of(compiled.error()));
    table = std::move(*compiled);
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  template <class List>
  const auto& one_of(const List& list) { return list[below(std::size(list))]; }
  std::string date() { return "2024-0" + std::to_string(1 + below(9)) + "-" + std::to_string(10 + below(18)); }

  registry::Registry registry;
  DecisionTable table;
  std::vector<Json> agreements, parties;
  std::vector<std::string> types;

 private:
  void add_party(int i) {
    Json party = {{"id", "p" + std::to_string(i)}, {"name", {{"vi", "P"}, {"en", "P"}}}, {"level", one_of(kLevels)},
                  {"kind", below(5) == 0 ? "press" : "agency"}, {"endpoints", Json::array()}};
    // One seat a (level, place): who is competent is never in doubt.
    const std::string place = kPlaces[below(std::size(kPlaces))];
    const bool taken = std::any_of(parties.begin(), parties.end(), [&](const Json& p) {
      return p.value("place", "") == place && p["level"] == party["level"];
    });
    if (!taken) party["place"] = place;
    REQUIRE(registry.apply({registry::ItemKind::party, party["id"], party.dump()}));
    parties.push_back(party);
  }
  void add_type(const char* id) {
    const Json text = {{"type", "string"}};
    const Json schema = {{"type", "object"}, {"additionalProperties", false},
                         {"properties", {{"place", text}, {"level", text}, {"n", {{"type", "integer"}}}}}};
    const Json type = {{"type", id}, {"label", {{"vi", "T"}, {"en", "T"}}}, {"schema", schema},
                       {"example", Json::object()}, {"counterexample", {{"x", 1}}}};
    REQUIRE(registry.apply({registry::ItemKind::type, id, type.dump()}));
    types.emplace_back(id);
  }

  Json guard() {
    const std::int64_t low = static_cast<std::int64_t>(below(6));
    Json n = Json::object();
    if (const auto kind = below(3); kind == 0) {
      n["minimum"] = low;
    } else if (kind == 1) {
      n["maximum"] = low;
    } else {
      n["enum"] = Json::array({low, low + 1});
    }
    Json out = {{"properties", {{"data", {{"properties", {{"n", n}}}}}}}};
    if (below(2)) out["properties"]["data"]["required"] = Json::array({"n"});
    return out;
  }

  Json side(const Json& agreement) {
    if (below(3) == 0) return "group";
    std::vector<std::string> aliases;
    for (const char* member : {"parties", "addressees"})
      for (const auto& [alias, id] : agreement[member].items()) aliases.push_back(alias);
    return one_of(aliases);
  }

  Json clause(const Json& agreement, int number) {
    Json out = {{"id", "c" + std::to_string(number)}, {"words", "w"}, {"reading", "explicit"}};
    Json to = side(agreement);
    const bool seated = std::any_of(parties.begin(), parties.end(), [&](const Json& p) {
      return p.contains("place") && p["kind"] != "press" && has_value(agreement["addressees"], p["id"]);
    });
    if (below(3) == 0 && seated) {
      to = {{"competent_for", "/data/place"}, {"at_level", "/data/level"}};
      if (below(2)) out["over_level"] = below(2) ? "reroute" : "refuse";
    }
    Json from = side(agreement);
    while (from == to && from != "group") from = side(agreement);
    out["permit"] = {{"type", below(3) ? "alpha" : "beta"}, {"from", from}, {"to", to}};
    if (below(3) == 0) out["when"] = guard();
    return out;
  }
  static bool has_value(const Json& object, const Json& value) {
    return std::any_of(object.begin(), object.end(), [&](const Json& v) { return v == value; });
  }

  void add_agreement(int i) {
    std::string from = date(), until = date();
    if (until < from) std::swap(from, until);
    Json out = {{"agreement", "x/a" + std::to_string(i)}, {"version", 1}, {"basis", "signed"},
                {"title", {{"vi", "T"}, {"en", "T"}}}, {"source", {{"article", "000"}}},
                {"in_force", {{"from", from}, {"until", below(3) ? Json(until) : Json()}}},
                {"parties", Json::object()}, {"addressees", Json::object()}, {"clauses", Json::array()}};
    for (std::size_t p = 0; p < parties.size(); ++p) {
      const std::string alias = "a" + std::to_string(p);
      const auto where = below(3);
      if (where < 2) out[where == 0 ? "parties" : "addressees"][alias] = parties[p]["id"];
    }
    if (out["parties"].size() < 2 || out["addressees"].size() < 2) return add_agreement(i);
    Json members = Json::array();
    for (const auto& [alias, id] : out["parties"].items()) members.push_back(alias);
    out["groups"] = {{"group", members}};
    out["contact"] = {{members[0].get<std::string>(), "x"}};
    for (int c = 0; c < 5; ++c) out["clauses"].push_back(clause(out, c));
    agreements.push_back(out);
  }

  std::mt19937_64& random_;
};

// What the words of the language say, read clause by clause.
struct Naive {
  const World& world;

  const Json& party(const std::string& id) const {
    return *std::find_if(world.parties.begin(), world.parties.end(), [&](const Json& p) { return p["id"] == id; });
  }
  static std::vector<std::string> ids(const Json& agreement, const Json& side) {
    std::vector<std::string> out;
    const std::string name = side.get<std::string>();
    const Json aliases = name == "group" ? agreement["groups"]["group"] : Json::array({name});
    for (const Json& alias : aliases)
      for (const char* member : {"parties", "addressees"})
        if (agreement[member].contains(alias.get<std::string>())) out.push_back(agreement[member][alias.get<std::string>()]);
    return out;
  }
  static bool guard_holds(const Json& guard, const Json& data) {
    const Json& part = guard["properties"]["data"];
    if (!data.contains("n")) return !part.contains("required");
    const Json& n = part["properties"]["n"];
    const std::int64_t value = data["n"];
    if (n.contains("minimum")) return value >= n["minimum"].get<std::int64_t>();
    if (n.contains("maximum")) return value <= n["maximum"].get<std::int64_t>();
    return value == n["enum"][0].get<std::int64_t>() || value == n["enum"][1].get<std::int64_t>();
  }
  static int rank(const std::string& level) {
    for (int i = 0; i < 4; ++i)
      if (level == kLevels[i]) return i;
    return -1;
  }
  // The competent addressee, or "".
  std::string competent(const Json& agreement, const Json& data) const {
    if (!data.contains("place") || !data.contains("level")) return "";
    const std::string place = data["place"];
    std::string best, best_place;
    for (const Json& id : agreement["addressees"]) {
      const Json& p = party(id);
      const std::string seat = p.value("place", "");
      if (seat.empty() || p["kind"] == "press" || p["level"] != data["level"]) continue;
      if ((place == seat || place.starts_with(seat + "/")) && seat.size() > best_place.size()) best = id, best_place = seat;
    }
    return best;
  }

  // "agreement clause recipient", or "".
  std::string decide(const std::string& type, const std::string& from, const std::string& to, const std::string& day, const Json& data) const {
    for (const Json& agreement : world.agreements) {
      const Json& until = agreement["in_force"]["until"];
      if (day < agreement["in_force"]["from"].get<std::string>() || (until.is_string() && day > until.get<std::string>())) continue;
      for (const Json& clause : agreement["clauses"]) {
        const Json& permit = clause["permit"];
        const auto senders = ids(agreement, permit["from"]);
        if (!type.starts_with(permit["type"].get<std::string>() + "/") || std::find(senders.begin(), senders.end(), from) == senders.end()) continue;
        if (clause.contains("when") && !guard_holds(clause["when"], data)) continue;
        std::string recipient = to;
        if (permit["to"].is_object()) {
          const Json& addressed = party(to);
          if (addressed.value("place", "").empty() || addressed["kind"] == "press") continue;
          if (std::none_of(agreement["addressees"].begin(), agreement["addressees"].end(), [&](const Json& id) { return id == to; })) continue;
          recipient = competent(agreement, data);
          if (recipient.empty()) continue;
          const std::string place = data["place"], seat = addressed["place"];
          const bool around = place == seat || place.starts_with(seat + "/");
          const bool above = around && rank(addressed["level"]) > rank(data["level"]);
          if (recipient != to && !(above && clause.value("over_level", "refuse") == "reroute")) continue;
        } else {
          const auto recipients = ids(agreement, permit["to"]);
          if (std::find(recipients.begin(), recipients.end(), to) == recipients.end()) continue;
        }
        return agreement["agreement"].get<std::string>() + " " + clause["id"].get<std::string>() + " " + recipient;
      }
    }
    return "";
  }
};

}  // namespace

TEST_CASE("the compiled table decides 100,000 random documents as a naive reading of the agreements does") {
  std::mt19937_64 random(kSeed);
  std::size_t permitted = 0, rerouted = 0, refused = 0;
  for (std::size_t w = 0; w < kWorlds; ++w) {
    World world(random);
    const Naive naive{world};
    for (std::size_t d = 0; d < kDocumentsPerWorld; ++d) {
      Json data = Json::object();
      if (world.below(4)) data["n"] = world.below(8);
      if (world.below(6)) data["place"] = world.one_of(kPlaces);
      if (world.below(6)) data["level"] = world.one_of(kLevels);
      const std::string type = world.one_of(world.types), day = world.date();
      const std::string from = world.one_of(world.parties)["id"], to = world.one_of(world.parties)["id"];
      if (from == to) continue;
      const Buffer document = notice(type, data);
      const Question question{*world.registry.type(type), *world.registry.party(from), *world.registry.party(to),
                              *parse_rfc3339(day + "T12:00:00+07:00"), document};
      const auto decided = world.table.decide(question.type, question.from, question.to, question.at, document);
      std::string found;
      if (decided)
        found = world.table.agreement(decided->candidate->agreement).id + " " + world.table.clause(*decided->candidate).id + " " +
                world.table.party_id(decided->recipient);
      const std::string expected = naive.decide(type, from, to, day, data);
      if (found != expected) FAIL("seed " << kSeed << ", world " << w << ", document " << d << ": \"" << found << "\", naively \"" << expected << "\"");
      const auto why = explain(world.table, question);
      if (why.permission.has_value() != decided.has_value() || why.refusal.has_value() == decided.has_value()) FAIL("the explanation differs");
      permitted += decided ? 1u : 0u;
      refused += decided ? 0u : 1u;
      rerouted += decided && decided->recipient != question.to ? 1u : 0u;
    }
  }
  WARN(permitted << " permitted, " << rerouted << " of them rerouted, " << refused << " refused; seed " << kSeed);
  CHECK(permitted > 10'000);
  CHECK(rerouted > 30);
  CHECK(refused > 10'000);
}
