#include "adapters/folder/status_files.hpp"

#include "hub/base/error_catalogue.hpp"

#include <nlohmann/json.hpp>

#include "hub/registry/document_json.hpp"

namespace hub::folder {
namespace {

using OrderedJson = nlohmann::ordered_json;

// A file's name may be no UTF-8; it must not keep its refusal from being written.
std::string text_of(const OrderedJson& json) {
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

OrderedJson facts_of(const std::vector<Fact>& facts) {
  OrderedJson out = OrderedJson::object();
  for (const Fact& fact : facts) out[fact.name] = fact.value;
  return out;
}

OrderedJson recipients_of(const Answer& answer) {
  OrderedJson out = OrderedJson::array();
  for (const RecipientOutcome& r : answer.recipients) {
    OrderedJson row = {{"party", r.party},         {"actual", r.actual},   {"outcome", r.outcome},
                       {"agreement", r.agreement}, {"version", r.version}, {"clause", r.clause}};
    if (!r.facts.empty()) row["facts"] = facts_of(r.facts);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::string accepted_json(const Description& document, const Answer& answer, const std::vector<std::string>& notes) {
  OrderedJson out = {{"document_id", to_text(document.id)},
                     {"file", document.file},
                     {"type", document.type},
                     {"subject", document.subject},
                     {"position", answer.position.value},
                     {"leaf", to_hex(answer.leaf)},
                     {"time", format_rfc3339(answer.time)},
                     {"recipients", recipients_of(answer)}};
  if (!notes.empty()) out["notes"] = notes;
  return text_of(out);
}

std::string refusal_json(const Description& document, const Answer& answer) {
  OrderedJson out;
  // A file that could not be read has no id, and what was not sent has no record.
  out["document_id"] = document.id == Uuid{} ? OrderedJson() : OrderedJson(to_text(document.id));
  out["code"] = answer.outcome;
  // A routing refusal is about a recipient, and so are its facts; the code is the first one's.
  const bool of_recipient = answer.facts.empty() && !answer.recipients.empty();
  out["facts"] = facts_of(of_recipient ? answer.recipients[0].facts : answer.facts);
  out["position"] = answer.recorded() ? OrderedJson(answer.position.value) : OrderedJson();
  out["time"] = answer.recorded() ? OrderedJson(format_rfc3339(answer.time)) : OrderedJson();
  out["recipients"] = recipients_of(answer);
  return text_of(out);
}

std::string receipt_json(const wire::Receipt& receipt) {
  OrderedJson out = {{"document_id", to_text(receipt.id)},      {"recipient", receipt.recipient},
                     {"status", wire::name_of(receipt.status)}, {"position", receipt.document.value},
                     {"record", receipt.record.value},          {"time", format_rfc3339(receipt.time)}};
  if (!receipt.reason.empty()) out["reason"] = receipt.reason;
  return text_of(out);
}

std::string reported_json(const sdk::StatusReport& report, Position record) {
  OrderedJson out = {{"status", wire::name_of(report.status)},
                     {"position", report.delivery.document.value},
                     {"record", record.value},
                     {"time", format_rfc3339(report.time)}};
  if (!report.reason.empty()) out["reason"] = report.reason;
  return text_of(out);
}

std::string delivery_json(const std::string& delivery_id, const std::string& replayed_id,
                          const sdk::VerifiedDelivery& d) {
  OrderedJson out = OrderedJson::parse(registry::document_to_json(d.document), nullptr, /*allow_exceptions=*/false);
  out["delivery"] = {{"id", delivery_id},
                     {"position", d.delivery.position.value},
                     {"time", format_rfc3339(d.delivery.time)},
                     {"addressed", d.row.addressed},
                     {"actual", d.row.actual},
                     {"agreement", d.row.agreement},
                     {"version", d.row.agreement_version},
                     {"clause", d.row.clause},
                     {"sender", d.sender},
                     {"key_id", to_hex(d.key)},
                     {"leaf", to_hex(d.leaf)}};
  // An operator ordered it again: the same document, as a delivery of its own.
  if (d.delivery.replay.value != 0) out["delivery"]["replay_of"] = replayed_id;
  if (d.warning)
    out["delivery"]["warning"] = {{"code", code_text(d.warning->code)},
                                  {"vi", describe(*d.warning, Language::vietnamese)},
                                  {"en", describe(*d.warning, Language::english)}};
  return text_of(out);
}

}  // namespace hub::folder
