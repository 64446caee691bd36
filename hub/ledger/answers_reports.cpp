// The rows of reports as JSON, and back where a report is put together by whoever asked the API.
#include "hub/ledger/audit.hpp"
#include "hub/ledger/sendings.hpp"

namespace hub::ledger {
namespace {

using ReportJson = nlohmann::ordered_json;

void put_if_any(ReportJson& out, const char* name, const std::string& text) {
  if (!text.empty()) out[name] = text;
}

ReportJson positions_json(const std::vector<Position>& positions) {
  ReportJson out = ReportJson::array();
  for (const Position position : positions) out.push_back(position.value);
  return out;
}

double in_seconds(std::int64_t micros) { return static_cast<double>(micros) / kMicrosPerSecond; }

ReportJson step_json(const DeliveryStep& step, std::int64_t micros) {
  return {{"position", step.record.value},
          {"time", format_rfc3339(step.time)},
          {"status", step.status},
          {"seconds", in_seconds(micros)}};
}

UnixMicros time_in(const ReportJson& json, const char* name) {
  const auto time = parse_rfc3339(json.at(name).get<std::string>());
  return time ? *time : throw std::invalid_argument(std::string(name) + " is no time");
}

std::vector<Position> positions_in(const ReportJson& json, const char* name) {
  std::vector<Position> out;
  for (const auto& one : json.value(name, ReportJson::array())) out.emplace_back(one.get<std::uint64_t>());
  return out;
}

std::optional<DeliveryStep> step_in(const ReportJson& json, const char* name) {
  if (!json.contains(name)) return std::nullopt;
  const ReportJson& step = json.at(name);
  return DeliveryStep{Position(step.at("position").get<std::uint64_t>()), time_in(step, "time"),
                      step.at("status").get<std::string>()};
}

// The library's exceptions stop here.
template <class Value, class Read>
Result<Value> read_answer(const Read& read) {
  try {
    return read();
  } catch (const std::exception& error) {
    return fail(ErrorCode::io_failed, {{"operation", "read"}, {"path", "report"}, {"reason", error.what()}});
  }
}

}  // namespace

std::optional<std::int64_t> Sending::micros_to_deliver() const {
  return delivered ? std::optional(delivered->time.value - time.value) : std::nullopt;
}
std::optional<std::int64_t> Sending::micros_to_answer() const {
  return answered && delivered ? std::optional(answered->time.value - delivered->time.value) : std::nullopt;
}

ReportJson to_json(const Sending& s) {
  ReportJson out = {{"position", s.position.value}, {"time", format_rfc3339(s.time)}, {"index", s.index}};
  out["document_id"] = s.document_id;
  put_if_any(out, "number", s.number);
  out["type"] = s.type;
  out["sender"] = s.sender;
  put_if_any(out, "addressed", s.addressed);
  put_if_any(out, "recipient", s.recipient);
  if (!s.agreement.empty()) {
    out["agreement"] = s.agreement;
    out["version"] = s.version;
  }
  put_if_any(out, "clause", s.clause);
  out["outcome"] = s.outcome;
  if (s.state) out["state"] = *s.state;
  if (s.delivered) out["delivered"] = step_json(*s.delivered, *s.micros_to_deliver());
  if (s.answered) out["answered"] = step_json(*s.answered, s.micros_to_answer().value_or(0));
  if (!s.replays.empty()) out["replays"] = positions_json(s.replays);
  if (!s.readings.empty()) out["readings"] = positions_json(s.readings);
  return out;
}

ReportJson to_json(const BodyReading& reading) {
  return {{"position", reading.position.value},
          {"time", format_rfc3339(reading.time)},
          {"document", reading.document.value},
          {"reader", reading.reader},
          {"reason", reading.reason}};
}

Result<Sending> sending_from_json(const ReportJson& json) {
  return read_answer<Sending>([&] {
    Sending s;
    s.position = Position(json.at("position").get<std::uint64_t>());
    s.time = time_in(json, "time");
    s.index = json.at("index").get<std::uint32_t>();
    s.document_id = json.at("document_id").get<std::string>();
    s.number = json.value("number", "");
    s.type = json.at("type").get<std::string>();
    s.sender = json.at("sender").get<std::string>();
    s.addressed = json.value("addressed", "");
    s.recipient = json.value("recipient", "");
    s.agreement = json.value("agreement", "");
    s.version = json.value("version", std::uint32_t{0});
    s.clause = json.value("clause", "");
    s.outcome = json.at("outcome").get<std::string>();
    if (json.contains("state")) s.state = json.at("state").get<std::string>();
    s.delivered = step_in(json, "delivered");
    s.answered = step_in(json, "answered");
    s.replays = positions_in(json, "replays");
    s.readings = positions_in(json, "readings");
    return s;
  });
}

Result<BodyReading> reading_from_json(const ReportJson& json) {
  return read_answer<BodyReading>([&] {
    return BodyReading{Position(json.at("position").get<std::uint64_t>()), time_in(json, "time"),
                       Position(json.at("document").get<std::uint64_t>()), json.at("reader").get<std::string>(),
                       json.at("reason").get<std::string>()};
  });
}

ReportJson to_json(const AuditEntry& entry) {
  ReportJson out = {{"position", entry.position.value},
                    {"time", format_rfc3339(entry.time)},
                    {"kind", entry.kind},
                    {"action", entry.action},
                    {"actor", entry.actor}};
  put_if_any(out, "reason", entry.reason);
  if (entry.document)
    out["document"] = {{"position", entry.document->position.value},
                       {"id", entry.document->id},
                       {"type", entry.document->type},
                       {"sender", entry.document->sender}};
  put_if_any(out, "recipient", entry.recipient);
  put_if_any(out, "delivery", entry.delivery);
  put_if_any(out, "item", entry.item);
  put_if_any(out, "item_id", entry.item_id);
  put_if_any(out, "storage_key", entry.storage_key);
  put_if_any(out, "user", entry.user);
  put_if_any(out, "role", entry.role);
  put_if_any(out, "endpoint", entry.endpoint);
  return out;
}

}  // namespace hub::ledger
