#include "adapters/folder/edxml_status.hpp"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <tuple>

#include "adapters/edxml/dates.hpp"
#include "adapters/edxml/official_document.hpp"
#include "adapters/edxml/refusal.hpp"
#include "adapters/folder/description.hpp"
#include "hub/base/check.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/reason.hpp"

namespace hub::folder {
namespace {

using Json = nlohmann::json;
using edxml::StatusCode;

bool answers_recall(StatusCode code) { return code == StatusCode::change_agreed || code == StatusCode::change_refused; }

// A reason is one line at the hub, and has its limit there; what people wrote is longer at times.
std::string one_line(const std::string& text) {
  constexpr std::string_view kMore = "…";
  std::string out;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.size() <= registry::kReasonBytesMax) return out;
  std::size_t size = registry::kReasonBytesMax - kMore.size();
  while ((static_cast<unsigned char>(out[size]) & 0xc0) == 0x80) --size;  // between characters
  return out.substr(0, size) + std::string(kMore);
}

Result<void> check_reporter(const edxml::StatusMessage& status, const edxml::StatusTarget& target,
                            const std::string& party) {
  if (target.reporter == party) return {};
  const std::string who = target.reporter.empty() ? status.from.organ_id : target.reporter;
  return edxml::refuse(status.from.line, "tệp trạng thái là của " + who + ", không phải " + party + " là bên của hộp thư này",
                       "this is a status of " + who + ", not " + party + ", whose outbox this is");
}

std::string name_of_document(const edxml::StatusMessage& status) {
  return status.response_for.document_id.empty() ? status.response_for.code : status.response_for.document_id;
}

std::string two_digits(StatusCode code) {
  const std::string text = std::to_string(static_cast<int>(code));
  return text.size() == 1 ? "0" + text : text;
}

}  // namespace

std::string origin_text(const Origin& origin) {
  const edxml::DocumentReference& reference = origin.reference;
  Json out = {{"organ_id", reference.organ_id}, {"code", reference.code}, {"document_id", reference.document_id}};
  if (reference.promulgation_date) out["date"] = format_date(*reference.promulgation_date);
  if (!origin.notes.empty()) out["notes"] = origin.notes;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);  // a note may be of a name that was cut
}

Origin read_origin(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  HUB_CHECK(json.is_object());  // origin_text wrote it
  Origin out;
  out.reference.organ_id = json.value("organ_id", "");
  out.reference.code = json.value("code", "");
  out.reference.document_id = json.value("document_id", "");
  if (json.contains("date")) out.reference.promulgation_date = parse_date(json.value("date", ""));
  out.notes = json.value("notes", std::vector<std::string>());
  return out;
}

Result<std::string> find_delivery(const edxml::StatusMessage& status, const EdxmlSetup& setup, sdk::Store& store) {
  for (Uuid id : edxml::status_target(status, setup.organisations).candidates) {
    if (answers_recall(status.code)) {
      const auto recalled = store.recalled_by(id);
      if (!recalled) return tl::unexpected(recalled.error());
      if (*recalled) id = **recalled;
    }
    auto delivery = store.delivery_of(id);
    if (!delivery || !delivery->empty()) return delivery;
  }
  return std::string();
}

Result<sdk::StatusReport> report_of(const edxml::StatusMessage& status, const EdxmlSetup& setup, const std::string& party,
                                    const std::string& delivery, UnixMicros now) {
  const auto target = edxml::status_target(status, setup.organisations);
  if (auto checked = check_reporter(status, target, party); !checked) return tl::unexpected(checked.error());
  if (delivery.empty())
    return edxml::refuse(status.response_for.line,
                         "không có văn bản đến nào trong 30 ngày qua là " + name_of_document(status),
                         "no document that was delivered here in the last 30 days is " + name_of_document(status));
  const auto id = wire::parse_delivery_id(delivery);
  HUB_CHECK(id.has_value());
  const auto code = wire::status_of(static_cast<std::uint64_t>(status.code));
  HUB_CHECK(code && wire::can_be_reported(*code));
  const std::string reason = one_line(status.description);
  if (auto refusal = registry::refuse_reason(reason)) return tl::unexpected(std::move(*refusal));
  return sdk::StatusReport{0, id->key, *code, reason, status.time.value_or(now), {}, false};
}

Result<SentDocument> find_sent(const edxml::StatusMessage& status, const EdxmlSetup& setup, sdk::Store& store) {
  for (const Uuid& id : edxml::status_target(status, setup.organisations).candidates) {
    const auto result = store.accepted_result(id);
    if (!result) return tl::unexpected(result.error());
    if (result->empty()) continue;
    const auto answer = read_answer(*result);
    if (!answer) return tl::unexpected(answer.error());
    SentDocument out{id, {}};
    for (const RecipientOutcome& r : answer->recipients)
      if (r.outcome == wire::kAccepted || r.outcome == wire::kAcceptedBefore) out.recipients.push_back(r.party);
    return out;
  }
  return SentDocument{};
}

Result<edxml::MappedDocument> recall_of(const edxml::StatusMessage& status, const EdxmlSetup& setup,
                                        const std::string& party, const SentDocument& sent) {
  const edxml::Line line = status.response_for.line;
  const auto target = edxml::status_target(status, setup.organisations);
  if (auto checked = check_reporter(status, target, party); !checked) return tl::unexpected(checked.error());
  if (sent.recipients.empty())
    return edxml::refuse(line, "không có văn bản nào đã gửi từ đây trong 30 ngày qua là " + name_of_document(status),
                         "no document that was sent from here in the last 30 days is " + name_of_document(status));
  edxml::Message message;
  message.from = status.from;
  for (const std::string& recipient : sent.recipients) {
    const auto* entry = setup.organisations.by_party(recipient);
    if (entry == nullptr)
      return edxml::refuse(line, "nơi nhận " + recipient + " không có mã trong organisations.yaml",
                           "the recipient " + recipient + " has no code in organisations.yaml");
    edxml::Organisation to;
    to.organ_id = entry->ids.front();
    to.name = entry->name;
    to.line = line;
    message.to.push_back(std::move(to));
  }
  std::tie(message.code_number, message.code_notation) = edxml::number_and_notation(status.response_for.code);
  message.business.kind = edxml::BusinessKind::recall;
  message.business.reason = status.description;
  message.business.document_id = to_text(sent.id);
  message.business.line = line;
  // A later request for the same document is another one.
  message.document_id = to_text(sent.id) + (status.time ? "," + edxml::format_edxml_time(*status.time) : "");
  auto mapped = edxml::map_message(message, setup.organisations, {});
  if (mapped && message.code_number.empty()) mapped->fields.docnumber.clear();
  return mapped;
}

bool has_edxml_code(wire::DeliveryStatus status) {
  switch (status) {
    case wire::DeliveryStatus::delivered:
    case wire::DeliveryStatus::refused:
    case wire::DeliveryStatus::registered:
    case wire::DeliveryStatus::assigned:
    case wire::DeliveryStatus::processing:
    case wire::DeliveryStatus::finished:
    case wire::DeliveryStatus::recalled:
    case wire::DeliveryStatus::recall_refused:
      return true;
    default:
      return false;
  }
}

Result<void> publish_statuses(const AgencyFolder& folder, std::span<const OutgoingStatusFile> files,
                              const edxml::Organisations& organisations) {
  const std::string staged = "status.edxml";
  bool any = false;
  for (const OutgoingStatusFile& file : files) {
    if (auto removed = folder.staging.remove(staged); !removed) return removed;
    const auto written = edxml::write_status(folder.staging.path() + "/" + staged, file.status, organisations);
    if (!written && written.error().code != ErrorCode::not_found) return written;
    if (!written) {
      spdlog::info("{} has no code in organisations.yaml: no edXML status of it is written", file.status.reporter);
      continue;
    }
    const std::string name = file.stem + "." + two_digits(file.status.status) + "." + file.status.reporter + ".edxml";
    if (const auto moved = folder.staging.move(staged, folder.status, name); !moved) return tl::unexpected(moved.error());
    any = true;
  }
  if (!any) return {};
  return folder.status.sync();
}

}  // namespace hub::folder
