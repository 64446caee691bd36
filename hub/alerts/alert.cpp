#include "hub/alerts/alert.hpp"

#include <nlohmann/json.hpp>

#include "hub/base/error_catalogue.hpp"

namespace hub::alerts {
namespace {

struct Texts {
  std::string_view title, action;
};
struct Description {
  std::string_view name;
  Texts vi, en;
};

const Description& description_of(AlertKind kind) {
  static const Description kDescriptions[] = {
      {"hub-silent",
       {"Trung tâm không trả lời", "Xem nhật ký chẩn đoán của hubd và đĩa chứa nhật ký."},
       {"The hub's engine does not answer", "Look at the diagnostics of hubd and at the journal's disk."}},
      {"storage-low",
       {"Sắp hết chỗ trên đĩa: văn bản mới bị từ chối", "Giải phóng đĩa chứa nhật ký."},
       {"The disk is nearly full: new documents are refused", "Free space on the disk of the journal."}},
      {"endpoint-silent",
       {"Mất kết nối với {endpoint}", "Liên hệ cơ quan: bộ chuyển tiếp hoặc đường truyền của họ đã dừng."},
       {"{endpoint} is not connected", "Tell the agency: its adapter or its line has stopped."}},
      {"endpoint-paused",
       {"Đang tạm dừng giao cho {endpoint}", "Cho giao tiếp tục khi không còn lý do tạm dừng."},
       {"Deliveries to {endpoint} are held back", "Resume them when the reason is gone."}},
      {"deliveries-late",
       {"Văn bản gửi {endpoint} chờ quá lâu: {count} văn bản", "Xem hàng đợi của điểm kết nối và hệ thống nơi nhận."},
       {"Deliveries to {endpoint} wait too long: {count}", "Look at the endpoint's queue and at the recipient's system."}},
      {"dead-letters",
       {"Có {count} lần giao thất bại hẳn ({cause})", "Xem trang Sự cố, khắc phục nguyên nhân rồi giao lại hoặc dừng."},
       {"{count} deliveries have failed for good ({cause})", "See the page Failures; cure the cause, then retry, replay or stop."}},
      {"ledger-behind",
       {"Sổ cái chậm hơn nhật ký", "Kiểm tra hub-ledger có đang chạy và đĩa của sổ cái."},
       {"The ledger is behind the journal", "See that hub-ledger runs, and the ledger's disk."}},
      {"key-expiring",
       {"Khóa ký của {party} hết hạn ngày {at_vi}", "Đề nghị cơ quan chứng nhận khóa mới."},
       {"The signing key of {party} ends on {at_en}", "Ask the party to certify a new key."}},
      {"agreement-expiring",
       {"Quy chế {agreement} hết hiệu lực từ ngày {at_vi}", "Hỏi các bên việc gia hạn hoặc ký văn bản mới."},
       {"The agreement {agreement} is no longer in force from {at_en} on", "Ask the parties about its renewal."}},
      {"flow-silent",
       {"{party} không còn gửi {type} đều như trước (lần cuối {at_vi})", "Hỏi cơ quan gửi: nguồn văn bản có thể đã dừng."},
       {"{party} sends {type} no more as regularly as before (last {at_en})", "Ask the sender: its source may have stopped."}},
  };
  return kDescriptions[static_cast<std::size_t>(kind)];
}

nlohmann::ordered_json words(const Texts& texts, const std::vector<Fact>& facts) {
  return {{"title", fill(texts.title, facts)}, {"action", fill(texts.action, facts)}};
}

}  // namespace

std::string_view name_of(AlertKind kind) { return description_of(kind).name; }

nlohmann::ordered_json to_json(const Alert& alert) {
  const Description& description = description_of(alert.condition.kind);
  nlohmann::ordered_json facts = nlohmann::ordered_json::object();
  for (const Fact& fact : alert.condition.facts) facts[fact.name] = fact.value;
  return {{"alert", description.name},
          {"subject", alert.condition.subject},
          {"since", format_rfc3339(alert.since)},
          {"facts", std::move(facts)},
          {"vi", words(description.vi, alert.condition.facts)},
          {"en", words(description.en, alert.condition.facts)}};
}

nlohmann::ordered_json to_json(const Change& change) {
  nlohmann::ordered_json out = {{"event", change.begins ? "begins" : "ends"}, {"time", format_rfc3339(change.time)}};
  out.update(to_json(change.alert));
  return out;
}

}  // namespace hub::alerts
