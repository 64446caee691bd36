#include "hub/alerts/notice.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "hub/alerts/conditions.hpp"
#include "hub/registry/document_json.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/secrecy.hpp"
#include "hub/registry/type.hpp"

namespace hub::alerts {
namespace {

using Json = nlohmann::json;
constexpr UnixMicros kTime{1'710'205'200'000'000};  // 2024-03-12T01:00:00Z

std::string longest(char c) { return std::string(registry::kNameBytesMax, c); }

// One of each kind, as they are found, with names as long as they may be.
std::vector<Condition> all_conditions() {
  runtime::Figures figures;
  figures.now = kTime;
  figures.low_on_space = true;
  for (const char* endpoint : {"paused/folder", "late/folder", "silent/folder"}) {
    figures.endpoints.push_back({});
    runtime::EndpointFigures& one = figures.endpoints.back();
    one.endpoint = endpoint;
    one.enabled = true;
    one.connected = one.endpoint != "silent/folder";
    one.paused = one.endpoint == "paused/folder";
    if (one.endpoint == "late/folder") one.oldest = UnixMicros(kTime.value - kMicrosPerDay);
  }
  LedgerSeen seen;
  seen.status.endpoints.push_back({});
  seen.status.endpoints.back().id = "silent/folder";
  seen.status.endpoints.back().since = kTime;
  seen.status.lag_micros = kLagMicrosMax + 1;
  seen.expiries.keys = {{longest('a'), kTime}};
  seen.expiries.agreements = {{"a/" + longest('b').substr(2), kTime}};
  seen.dead_letters = {{longest('c'), 3, kTime, kTime}};
  seen.silences = {{longest('d'), longest('t').substr(2) + "/1", kTime}};
  std::vector<Condition> out = find_conditions(&figures, seen, kTime);
  out.push_back(find_conditions(nullptr, std::nullopt, kTime).at(0));
  return out;
}

registry::Type read_notice_type() {
  std::ifstream file(HUB_SOURCE_DIR "/schemas/types/hub-alert.1.json");
  auto type = registry::read_type(Json::parse(file), registry::Marks("hub-alert.1.json"));
  REQUIRE(type);
  return std::move(*type);
}

}  // namespace

TEST_CASE("a notice of every alert is what its type says, and has no mark of a secret") {
  const registry::Type type = read_notice_type();
  CHECK(type.id == kNoticeType);
  std::set<AlertKind> kinds;
  for (const Condition& condition : all_conditions())
    for (const bool begins : {true, false}) {
      kinds.insert(condition.kind);
      const Notice notice = make_notice({kTime, begins, {condition, kTime}}, "truc-ban.trung-tam");
      CAPTURE(notice.text);
      auto fields = registry::document_from_json(notice.text);
      REQUIRE(fields);
      CHECK(fields->type == kNoticeType);
      CHECK(fields->to == "truc-ban.trung-tam");
      CHECK(type.schema.validate(fields->data));
      CHECK(type.subject->matches(fields->subject, fields->data));
      fields->source = "van-hanh.trung-tam";
      fields->time = kTime;
      fields->salt.emplace();
      CHECK_FALSE(registry::refuse_secrecy_mark(registry::write_document(*fields)));
    }
  CHECK(kinds == std::set<AlertKind>(std::begin(kAlertKinds), std::end(kAlertKinds)));
}

TEST_CASE("the same change is the same notice, and another one is another") {
  const Condition paused{AlertKind::endpoint_paused, "a/folder", {{"endpoint", "a/folder"}}};
  const Notice notice = make_notice({kTime, true, {paused, kTime}}, "b");
  CHECK(notice.name == make_notice({kTime, true, {paused, kTime}}, "b").name);
  CHECK(notice.text == make_notice({kTime, true, {paused, kTime}}, "b").text);
  const std::string id = Json::parse(notice.text).at("id");
  CHECK(notice.name == "alert-20240312T010000000000Z-" + id + ".json");
  for (const Change& other : {Change{kTime, false, {paused, kTime}}, Change{UnixMicros(kTime.value + 1), true, {paused, kTime}},
                              Change{kTime, true, {{paused.kind, "b/folder", paused.facts}, kTime}}})
    CHECK(Json::parse(make_notice(other, "b").text).at("id") != id);
  CHECK(Json::parse(make_notice({kTime, true, {paused, kTime}}, "c").text).at("id") != id);
}

TEST_CASE("a notice says in words what begins and what to do, and what ends") {
  const Condition paused{AlertKind::endpoint_paused, "a/folder", {{"endpoint", "a/folder"}}};
  const Json begins = Json::parse(make_notice({kTime, true, {paused, kTime}}, "b").text);
  CHECK(begins.at("subject") == "Cảnh báo của trung tâm. Bắt đầu: Đang tạm dừng giao cho a/folder");
  CHECK(begins.at("data").at("event") == "begins");
  CHECK(begins.at("data").at("about") == "a/folder");
  CHECK(begins.at("data").contains("action"));
  const Json ends = Json::parse(make_notice({UnixMicros(kTime.value + 1), false, {paused, kTime}}, "b").text);
  CHECK(ends.at("subject") == "Cảnh báo của trung tâm. Kết thúc: Đang tạm dừng giao cho a/folder");
  CHECK(ends.at("data").at("event") == "ends");
  CHECK(ends.at("data").at("since") == begins.at("data").at("time"));
  CHECK_FALSE(ends.at("data").contains("action"));
}

}  // namespace hub::alerts
