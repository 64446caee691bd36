#include "hub/alerts/notice.hpp"

#include <nlohmann/json.hpp>

#include "hub/base/uuid.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::alerts {
namespace {

// "20240312T010000000000Z": a time as part of a file's name, anywhere.
std::string name_part(UnixMicros time) {
  std::string out = format_rfc3339(time);
  std::erase_if(out, [](char c) { return c == '-' || c == ':' || c == '.'; });
  return out;
}

// The fields of schemas/types/hub-alert.1.json.
nlohmann::ordered_json data_of(const Change& change) {
  const nlohmann::ordered_json json = to_json(change);
  const std::string title = json.at("vi").at("title");
  nlohmann::ordered_json out = {{"event", json.at("event")},
                                {"alert", json.at("alert")},
                                {"title", (change.begins ? "Bắt đầu: " : "Kết thúc: ") + title},
                                {"since", json.at("since")},
                                {"time", json.at("time")},
                                {"facts", json.at("facts")}};
  if (change.begins) out["action"] = json.at("vi").at("action");
  if (const std::string& about = change.alert.condition.subject; !about.empty()) out["about"] = about;
  return out;
}

}  // namespace

Notice make_notice(const Change& change, const std::string& to) {
  nlohmann::ordered_json json = {{"type", kNoticeType}, {"to", to}, {"data", data_of(change)}};
  json["subject"] = "Cảnh báo của trung tâm. " + json["data"]["title"].get<std::string>();
  const std::string id = to_text(uuid_from_digest(crypto::sha256(as_bytes(json.dump()))));
  json["id"] = id;
  return {std::string(kNoticePrefix).append(name_part(change.time)).append("-").append(id).append(kNoticeSuffix),
          json.dump(2) + "\n"};
}

}  // namespace hub::alerts
