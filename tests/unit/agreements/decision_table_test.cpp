#include "hub/agreements/decision_table.hpp"

#include "hub/agreements/explanation.hpp"

#include "tests/unit/agreements/samples.hpp"

using namespace hub;
using namespace hub::agreements;
using Json = nlohmann::json;

namespace {

struct Deployed {
  Folder folder;
  Configuration configuration;
  Deployed() {
    deploy(folder);
    const auto items = load_configuration(folder.path());
    if (!items) FAIL(refusal_of(items.error()));
    auto built = build_configuration(*items);
    if (!built) FAIL(refusal_of(built.error()));
    configuration = std::move(*built);
  }
  PartyIndex party(const char* id) const { return *configuration.registry.party(id); }
  TypeIndex type(const char* id) const { return *configuration.registry.type(id); }

  // "clause" that permits, or the refusal in English.
  std::string decide(const char* type_id, const char* from, const char* to, const char* at,
                     const Buffer& document) const {
    const DecisionTable& table = configuration.table;
    const UnixMicros time = *parse_rfc3339(at);
    if (const auto permission = table.decide(type(type_id), party(from), party(to), time, document))
      return table.agreement(permission->candidate->agreement).id + " §" + table.clause(*permission->candidate).id;
    const Error error = *explain(table, {type(type_id), party(from), party(to), time, document}).refusal;
    const std::string text = describe(error, Language::english);
    CHECK(text.find('?') == std::string::npos);
    CHECK(describe(error, Language::vietnamese).find('?') == std::string::npos);
    return text;
  }
};

const char* kNoon = "2024-03-12T05:00:00Z";

Buffer pre_trial(Json criteria) {
  return notice("pre-trial-notice/1", {{"case_ref", "1"}, {"court", "TAND"}, {"criteria", std::move(criteria)},
                                       {"trial_at", "2024-03-20T08:00:00+07:00"}});
}

}  // namespace

TEST_CASE("the deployed agreement permits its three exchanges, each by its clause") {
  const Deployed d;
  CHECK(d.decide("pre-trial-notice/1", "toa-an.huyen", "btg.huyen", kNoon, pre_trial({"salient"})) ==
        "huyen/btg-238 §toa-an-truoc-xet-xu");
  CHECK(d.decide("trial-result-report/1", "toa-an.huyen", "btg.huyen", kNoon,
                 notice("trial-result-report/1", Json::object())) == "huyen/btg-238 §toa-an-sau-xet-xu");
  CHECK(d.decide("quarterly-information-report/1", "hdnd.huyen", "btg.huyen", kNoon, notice("x/1", Json::object())) ==
        "huyen/btg-238 §hdnd-hang-quy");
}

TEST_CASE("a guard that is not met is refused with its clause, the field and whom to ask") {
  const Deployed d;
  const std::string text = d.decide("pre-trial-notice/1", "toa-an.huyen", "btg.huyen", kNoon, pre_trial(Json::array()));
  CHECK(has(text, "(guard-not-met)"));
  CHECK(has(text, "toa-an-truoc-xet-xu"));
  CHECK(has(text, "/data/criteria: must have at least 1 items"));
  CHECK(has(text, "Văn phòng Ban Tuyên giáo Huyện ủy"));
  CHECK(has(d.decide("pre-trial-notice/1", "toa-an.huyen", "btg.huyen", kNoon, notice("x/1", Json::object())),
            "At /data: \"criteria\" is missing"));
}

TEST_CASE("without a document, an explanation names the clause that permits it on its condition") {
  const Deployed d;
  const auto why = explain(d.configuration.table, {d.type("pre-trial-notice/1"), d.party("toa-an.huyen"),
                                                   d.party("btg.huyen"), *parse_rfc3339(kNoon), {}});
  REQUIRE(why.permission);
  CHECK(d.configuration.table.clause(*why.permission->candidate).id == "toa-an-truoc-xet-xu");
}

TEST_CASE("a type in another direction or between others is refused with the nearest clause") {
  const Deployed d;
  const Buffer document = pre_trial({"salient"});
  const std::string reversed = d.decide("pre-trial-notice/1", "btg.huyen", "toa-an.huyen", kNoon, document);
  CHECK(has(reversed, "(type-not-permitted)"));
  CHECK(has(reversed, "nearest clause is toa-an-truoc-xet-xu, which permits it toa-an → btg"));
  CHECK(has(reversed, "Contact: Văn phòng Ban Tuyên giáo Huyện ủy"));
  CHECK(has(d.decide("pre-trial-notice/1", "vks.huyen", "btg.huyen", kNoon, document), "(type-not-permitted)"));
}

TEST_CASE("an agreement is in force from the start of its first local day") {
  const Deployed d;
  const Buffer document = pre_trial({"corruption"});
  const auto at = [&](const char* time) {
    return d.decide("pre-trial-notice/1", "toa-an.huyen", "btg.huyen", time, document);
  };
  CHECK(has(at("2024-01-10T16:59:59.999999Z"), "(agreement-not-in-force)"));
  CHECK(has(at("2024-01-10T16:59:59.999999Z"), "is in force from 2024-01-11"));
  CHECK(at("2024-01-10T17:00:00Z") == "huyen/btg-238 §toa-an-truoc-xet-xu");
}

TEST_CASE("an agreement that ended is in force to the end of its last local day") {
  Folder folder;
  deploy(folder);
  std::string text = folder.read("agreements/huyen-btg-238.yaml");
  text.replace(text.find("until: ~"), 8, "until: 2024-12-31");
  folder.write("agreements/huyen-btg-238.yaml", text);
  const auto built = build_configuration(*load_configuration(folder.path()));
  REQUIRE(built);
  const auto type = *built->registry.type("trial-result-report/1");
  const auto court = *built->registry.party("toa-an.huyen"), commission = *built->registry.party("btg.huyen");
  CHECK(built->table.decide(type, court, commission, *parse_rfc3339("2024-12-31T16:59:59.999999Z"), {}));
  const UnixMicros after = *parse_rfc3339("2024-12-31T17:00:00Z");
  CHECK_FALSE(built->table.decide(type, court, commission, after, {}));
  const Error error = *explain(built->table, {type, court, commission, after, {}}).refusal;
  CHECK(error.code == ErrorCode::agreement_not_in_force);
  CHECK(has(describe(error, Language::vietnamese), "có hiệu lực từ ngày 11/01/2024 đến hết ngày 31/12/2024"));
}

TEST_CASE("parties that no agreement names together are told so") {
  Folder folder;
  deploy(folder);
  folder.write("parties/bao.yaml", "- {id: bao.huyen, name: {vi: Báo, en: Paper}, level: district, kind: press}\n");
  const auto built = build_configuration(*load_configuration(folder.path()));
  REQUIRE(built);
  const Error error = *explain(built->table, {*built->registry.type("pre-trial-notice/1"),
                                              *built->registry.party("vks.huyen"),
                                              *built->registry.party("bao.huyen"), *parse_rfc3339(kNoon), {}})
                           .refusal;
  CHECK(error.code == ErrorCode::no_agreement);
  CHECK(has(describe(error, Language::vietnamese), "có cả vks.huyen và bao.huyen"));
}

TEST_CASE("an empty table permits nothing") {
  CHECK(DecisionTable().candidates(TypeIndex(0), PartyIndex(0), PartyIndex(1)).empty());
}

TEST_CASE("a table still decides after it was moved") {
  Deployed d;
  const DecisionTable moved = std::move(d.configuration.table);
  const Buffer document = pre_trial({"salient"});
  CHECK(moved.decide(d.type("pre-trial-notice/1"), d.party("toa-an.huyen"), d.party("btg.huyen"), *parse_rfc3339(kNoon),
                     document));
}

TEST_CASE("an agreement whose party has another root key now is refused until it is made canonical again") {
  Deployed d;
  auto items = *load_configuration(d.folder.path());
  for (auto& item : items) {
    if (item.id != "vks.huyen") continue;
    auto party = *registry::read_party(item.canonical);
    party.root_key = root_key(99).public_key();
    item.canonical = registry::canonical_party(party);
  }
  const auto built = build_configuration(items);
  REQUIRE_FALSE(built);
  CHECK(has(refusal_of(built.error()), "/root_keys/vks the party's root key is another one now"));
}
