#include "hub/ledger/answers.hpp"

#include <algorithm>

namespace hub::ledger {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
void put(Json& out, const char* name, const std::optional<Value>& value) {
  if (value) out[name] = *value;
}
void put(Json& out, const char* name, const std::optional<UnixMicros>& value) {
  if (value) out[name] = format_rfc3339(*value);
}
void put_text(Json& out, const char* name, const std::string& value) {
  if (!value.empty()) out[name] = value;
}

Json counts_json(const std::vector<Count>& counts) {
  Json out = Json::object();
  for (const Count& count : counts) out[count.name] = count.count;
  return out;
}

Json event_json(const DeliveryEvent& event) {
  Json out = {{"record", event.record.value}, {"time", format_rfc3339(event.time)}, {"status", event.status}};
  if (!event.effective) out["effective"] = false;
  put(out, "reported_time", event.reported_time);
  put_text(out, "cause", event.cause);
  put_text(out, "reason", event.reason);
  put_text(out, "actor", event.actor);
  return out;
}

// The record that changed a delivery last, or that it began with: what an order about it must name.
Position last_record(const TracedDelivery& traced) {
  Position last = std::max(traced.delivery.position, traced.delivery.replay);
  for (const DeliveryEvent& event : traced.events)
    if (event.effective) last = std::max(last, event.record);
  return last;
}

Json batch_json(const Batch& batch) {
  return {{"position", batch.position.value},
          {"time", format_rfc3339(batch.time)},
          {"endpoint", batch.endpoint},
          {"sender", batch.sender},
          {"key_id", batch.key_id},
          {"count", batch.count},
          {"root", batch.root},
          {"signature", batch.signature}};
}

Json endpoint_json(const EndpointStatus& endpoint) {
  Json out = {
      {"id", endpoint.id}, {"party", endpoint.party}, {"enabled", endpoint.enabled}, {"connected", endpoint.connected}};
  put(out, "since", endpoint.since);
  out["pending"] = endpoint.pending;
  put(out, "oldest_pending", endpoint.oldest_pending);
  out["paused"] = endpoint.paused;
  out["last_order"] = endpoint.last_order.value;
  return out;
}

}  // namespace

Json to_json(const Outcome& outcome) {
  Json out = {{"addressed", outcome.addressed}, {"actual", outcome.actual}, {"outcome", outcome.outcome}};
  if (!outcome.agreement.empty()) {
    out["agreement"] = outcome.agreement;
    out["version"] = outcome.version;
  }
  put_text(out, "clause", outcome.clause);
  put(out, "state", outcome.state);
  put(out, "since", outcome.since);
  if (!outcome.unneeded.empty()) out["unneeded"] = outcome.unneeded;
  return out;
}

Json to_json(const Document& d) {
  Json out = {{"position", d.position.value},
              {"time", format_rfc3339(d.time)},
              {"id", d.id},
              {"conversation", d.conversation},
              {"type", d.type},
              {"sender", d.sender},
              {"endpoint", d.endpoint},
              {"subject", d.subject}};
  put_text(out, "number", d.number);
  out["urgency"] = d.urgency;
  out["document_time"] = format_rfc3339(d.document_time);
  put(out, "deliver_at", d.deliver_at);
  out["accepted"] = d.accepted;
  put(out, "refusal", d.refusal);
  out["body_bytes"] = d.body_bytes;
  if (d.erased) out["erased"] = true;
  out["outcomes"] = Json::array();
  for (const Outcome& outcome : d.outcomes) out["outcomes"].push_back(to_json(outcome));
  return out;
}

Json to_json(const Delivery& l) {
  Json out = {{"id", l.id}, {"position", l.position.value}, {"index", l.index}};
  if (l.replay.value != 0) out["replay"] = l.replay.value;
  out["document_id"] = l.document_id;
  out["type"] = l.type;
  out["sender"] = l.sender;
  out["subject"] = l.subject;
  out["recipient"] = l.recipient;
  out["endpoint"] = l.endpoint;
  out["state"] = l.state;
  out["since"] = format_rfc3339(l.since);
  out["attempts"] = l.attempts;
  put(out, "cause", l.cause);
  put(out, "detail", l.detail);
  return out;
}

Json to_json(const CauseCount& count) {
  return {{"cause", count.cause},
          {"count", count.count},
          {"oldest", format_rfc3339(count.oldest)},
          {"newest", format_rfc3339(count.newest)}};
}

Json to_json(const Trace& trace) {
  Json out = {{"document", to_json(trace.document)}, {"leaf", trace.leaf},     {"digest", trace.digest},
              {"envelope", trace.envelope},          {"key_id", trace.key_id}, {"batch_index", trace.batch_index}};
  if (trace.batch) out["batch"] = batch_json(*trace.batch);
  if (!trace.case_references.empty()) out["case_references"] = trace.case_references;
  if (!trace.facts.empty()) {
    Json facts = Json::object();
    for (const auto& [name, value] : trace.facts) facts[name] = value;
    out["facts"] = std::move(facts);
  }
  out["deliveries"] = Json::array();
  for (const TracedDelivery& traced : trace.deliveries) {
    Json delivery = to_json(traced.delivery);
    delivery["last_record"] = last_record(traced).value;
    delivery["events"] = Json::array();
    for (const DeliveryEvent& event : traced.events) delivery["events"].push_back(event_json(event));
    out["deliveries"].push_back(std::move(delivery));
  }
  out["related"] = Json::array();
  for (const Related& related : trace.related)
    out["related"].push_back({{"relation", related.relation}, {"document", to_json(related.document)}});
  return out;
}

Json to_json(const Status& status) {
  Json out = {{"journal_id", status.journal_id},
              {"origin", status.origin},
              {"demo", status.demo},
              {"position", status.position.value}};
  put(out, "time", status.time);
  put(out, "lag_records", status.lag_records);
  if (status.lag_micros) out["lag_seconds"] = static_cast<double>(*status.lag_micros) / kMicrosPerSecond;
  put(out, "hub_running", status.hub_running);
  out["documents"] = status.documents;
  out["accepted"] = status.accepted;
  out["refused"] = status.documents - status.accepted;
  out["outcomes"] = counts_json(status.outcomes);
  out["refusals"] = counts_json(status.refusals);
  out["deliveries"] = counts_json(status.deliveries);
  out["endpoints"] = Json::array();
  for (const EndpointStatus& endpoint : status.endpoints) out["endpoints"].push_back(endpoint_json(endpoint));
  return out;
}

}  // namespace hub::ledger
