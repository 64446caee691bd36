#include "hub/agreements/agreement.hpp"

#include "hub/registry/json_canonical.hpp"
#include "tests/unit/agreements/samples.hpp"

using namespace hub;
using namespace hub::agreements;
using Json = nlohmann::json;

namespace {

const std::string kAgreementHead =
    "agreement: x/y\n"
    "version: 1\n"
    "basis: signed\n"
    "title: {vi: Quy chế, en: Rules}\n"
    "source: {article: '000'}\n"
    "in_force: {from: 2024-01-01, until: 2024-12-31}\n"
    "parties: {a: a.x, b: b.x, c: c.x}\n"
    "groups: {partners: [b, c]}\n"
    "contact: {a: Văn phòng}\n";
const std::string kAgreementClause =
    "clauses:\n"
    "  - id: trao-doi\n"
    "    words: \"trao đổi tham những\"\n"
    "    words_corrected: \"trao đổi tham nhũng\"\n"
    "    reading: inferred\n"
    "    permit: {type: t, from: partners, to: a}\n";

std::string agreement_refusal(const std::string& text) {
  Json value;
  const auto marks = registry::parse_yaml_strict(text, "f.yaml", value);
  if (!marks) return refusal_of(marks.error());
  const auto read = read_agreement(value, *marks);
  return read ? "accepted" : refusal_of(read.error());
}
std::string with(std::string what, const std::string& replacement) {
  std::string text = kAgreementHead + kAgreementClause;
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return agreement_refusal(text.replace(at, what.size(), replacement));
}

}  // namespace

TEST_CASE("an agreement reads with groups, dates and verbatim words") {
  Json value;
  const auto marks = registry::parse_yaml_strict(kAgreementHead + kAgreementClause, "f.yaml", value);
  REQUIRE(marks);
  const auto read = read_agreement(value, *marks);
  REQUIRE(read);
  CHECK(read->id == "x/y");
  CHECK_FALSE(read->directed);
  CHECK(format_date(read->from) == "2024-01-01");
  CHECK(format_date(*read->until) == "2024-12-31");
  REQUIRE(read->clauses.size() == 1);
  CHECK(read->clauses[0].from == std::vector<std::string>{"b.x", "c.x"});
  CHECK(read->clauses[0].to == std::vector<std::string>{"a.x"});
  CHECK(read->clauses[0].words == "trao đổi tham những");
  CHECK(read->clauses[0].inferred);
}

TEST_CASE("a mistake in an agreement is refused with file, line, column and path") {
  CHECK(with("    reading: inferred\n", "    reading: inferred\n    duty: {every: quarter}\n") ==
        "config-invalid f.yaml:15:11 /clauses/0/duty \"duty\" is not known here");
  CHECK(with("from: partners", "from: d") ==
        "config-invalid f.yaml:15:29 /clauses/0/permit/from \"d\" is no alias or group of this agreement");
  CHECK(with("version: 1", "version: \"1\"") == "config-invalid f.yaml:2:10 /version an integer was expected");
  CHECK(with("basis: signed", "basis: agreed").starts_with("config-invalid f.yaml:3:8 /basis"));
  CHECK(with("from: 2024-01-01", "from: 2024-02-30").starts_with("config-invalid f.yaml:6:18 /in_force/from"));
  CHECK(with("until: 2024-12-31", "until: 2023-12-31").starts_with("config-invalid f.yaml:6:37 /in_force/until"));
  CHECK(with("b: b.x", "b: a.x").find("has two aliases") != std::string::npos);
  CHECK(with("[b, c]", "[b, d]").find("/groups/partners") != std::string::npos);
  CHECK(with("contact: {a:", "contact: {z:").find("/contact/z") != std::string::npos);
  CHECK(with("type: t", "type: t/1").find("/clauses/0/permit/type") != std::string::npos);
  CHECK(with("agreement: x/y", "agreement: x").find("/agreement") != std::string::npos);
  CHECK(with("title: {vi: Quy chế, en: Rules}", "title: {vi: Quy chế}") ==
        "config-invalid f.yaml:4:8 /title/en \"en\" is missing");
  CHECK(agreement_refusal(kAgreementHead + "clauses: []\n").find("/clauses") != std::string::npos);
  CHECK(with("    reading: inferred\n", "    reading: inferred\n    when: {properties: {data: {pattern: x}}}\n")
            .starts_with("config-invalid f.yaml:15:41 /clauses/0/when/properties/data/pattern"));
}

TEST_CASE("the canonical form carries the words and the root keys, and reads as the same agreement") {
  Folder folder;
  deploy(folder);
  const auto items = load_configuration(folder.path());
  REQUIRE(items);
  const auto& item = *std::find_if(items->begin(), items->end(), [](const auto& i) { return i.id == "huyen/btg-238"; });
  const Json canonical = Json::parse(item.canonical);
  CHECK(*registry::canonical_json(canonical) == item.canonical);
  CHECK(canonical["root_keys"].size() == 5);
  CHECK(canonical["root_keys"]["btg"] == crypto::fingerprint(root_key(0).public_key()));
  const auto read = parse_canonical(item.canonical);
  REQUIRE(read);
  CHECK(read->directed);
  CHECK_FALSE(read->until);
  CHECK(read->clauses.size() == canonical["clauses"].size());
  for (const Clause& clause : read->clauses) CHECK_FALSE(clause.words.empty());
}

namespace {

std::vector<std::string> mistakes(const std::string& text) {
  Json value;
  REQUIRE(registry::parse_yaml_strict(text, "f.yaml", value));
  registry::Fault fault;
  (void)read_agreement(value, fault);
  std::vector<std::string> out;
  for (const auto& mistake : fault.all()) out.push_back(mistake.pointer);
  return out;
}

const std::string kCompetent =
    "agreement: x/y\n"
    "version: 1\n"
    "basis: signed\n"
    "title: {vi: Quy chế, en: Rules}\n"
    "source: {article: '000'}\n"
    "in_force: {from: 2024-01-01, until: ~}\n"
    "parties: {a: a.x, b: b.x}\n"
    "addressees: {t: t.x}\n"
    "contact: {a: Văn phòng}\n"
    "clauses:\n"
    "  - id: chuyen-don\n"
    "    words: chuyển đơn\n"
    "    reading: explicit\n"
    "    permit: {type: t, from: a, to: {competent_for: /data/place, at_level: /data/level}}\n"
    "    over_level: reroute\n";

}  // namespace

TEST_CASE("every mistake of an agreement is found, each once") {
  CHECK(mistakes("agreement: x\nversion: 0\nbasis: signed\nfax: 1\n") ==
        std::vector<std::string>{"/agreement", "/version", "/title", "/source", "/in_force", "/parties", "/contact",
                                 "/clauses", "/fax"});
}

TEST_CASE("a clause may send to whoever is competent, and say what happens above that level") {
  CHECK(mistakes(kCompetent).empty());
  Json value;
  REQUIRE(registry::parse_yaml_strict(kCompetent, "f.yaml", value));
  registry::Fault fault;
  const Agreement read = read_agreement(value, fault);
  REQUIRE(read.clauses[0].competence);
  CHECK(read.clauses[0].competence->reroute);
  CHECK(read.clauses[0].competence->place == "/data/place");
  CHECK(read.clauses[0].to == std::vector<std::string>{"t.x"});
  const auto changed = [](const std::string& what, const std::string& by) {
    std::string text = kCompetent;
    return mistakes(text.replace(text.find(what), what.size(), by));
  };
  using List = std::vector<std::string>;
  CHECK(changed("/data/place,", "place,") == List{"/clauses/0/permit/to/competent_for"});
  CHECK(changed("addressees: {t: t.x}\n", "") == List{"/clauses/0/permit/to"});
  CHECK(changed("reroute", "return") == List{"/clauses/0/over_level"});
  CHECK(changed("{competent_for: /data/place, at_level: /data/level}", "b") == List{"/clauses/0/over_level"});
  CHECK(changed("to: {c", "to: {x: 1, c") == List{"/clauses/0/permit/to/x"});
  CHECK(changed("{t: t.x}", "{t: a.x}").front() == "/addressees/t");
}

TEST_CASE("an agreement may say how long its documents are kept, from one month to a hundred years") {
  const auto months = [](const std::string& value) {
    return with("contact: {a: Văn phòng}\n", "contact: {a: Văn phòng}\nretention_months: " + value + "\n");
  };
  CHECK(months("1") == "accepted");
  CHECK(months("1200") == "accepted");
  CHECK_THAT(months("0"), Catch::Contains("must be from 1 to 1200"));
  CHECK_THAT(months("1201"), Catch::Contains("must be from 1 to 1200"));
  CHECK_THAT(months("lâu"), Catch::Contains("retention_months"));
}

TEST_CASE("a clause may say which fields it needs, each once, and at most as many as a type can have") {
  const auto needing = [](const std::string& names) { return mistakes(kCompetent + "    needs: " + names + "\n"); };
  const auto fields = [](std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += (out.empty() ? "[f" : ", f") + std::to_string(i);
    return out + "]";
  };
  using List = std::vector<std::string>;
  Json value;
  REQUIRE(registry::parse_yaml_strict(kCompetent + "    needs: [place, level]\n", "f.yaml", value));
  registry::Fault fault;
  const Agreement read = read_agreement(value, fault);
  CHECK_FALSE(fault.found());
  CHECK(read.clauses[0].needs == List{"place", "level"});
  CHECK(needing(fields(kNeedsMax)).empty());
  CHECK(needing(fields(kNeedsMax + 1)) == List{"/clauses/0/needs"});
  CHECK(needing("[]") == List{"/clauses/0/needs"});
  CHECK(needing("place") == List{"/clauses/0/needs"});
  CHECK(needing("[place, place]") == List{"/clauses/0/needs/1"});
  CHECK(needing("[place, 7]") == List{"/clauses/0/needs/1"});
}

TEST_CASE("what a clause needs must be fields of a registered version, whose names a record can hold") {
  const auto faults = [](const std::vector<std::string>& fields, const std::string& need) {
    registry::Registry registry;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string id = "t/" + std::to_string(i + 1);
      const Json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", {{fields[i], {{"type", "string"}}}}}};
      const Json type = {{"type", id}, {"label", {{"vi", "T"}, {"en", "T"}}}, {"schema", schema},
                         {"example", Json::object()}, {"counterexample", {{"?", 1}}}};
      REQUIRE(registry.apply({registry::ItemKind::type, id, type.dump()}));
    }
    Json value;
    REQUIRE(registry::parse_yaml_strict(kCompetent + "    needs: [" + need + "]\n", "f.yaml", value));
    registry::Fault fault;
    const Agreement read = read_agreement(value, fault);
    check_against(registry, read, fault);
    std::vector<std::string> out;
    for (const auto& mistake : fault.all())
      if (mistake.pointer.find("/needs") != mistake.pointer.npos) out.push_back(mistake.pointer);
    return out;
  };
  using List = std::vector<std::string>;
  const std::string longest(registry::kNameBytesMax, 'f');
  CHECK(faults({"place", "seat"}, "place").empty());
  CHECK(faults({"place", "seat"}, "seat").empty());
  CHECK(faults({"place", "seat"}, "plaice") == List{"/clauses/0/needs/0"});
  CHECK(faults({"place", longest}, "place").empty());
  CHECK(faults({"place", longest + "f"}, "place") == List{"/clauses/0/needs"});
}
