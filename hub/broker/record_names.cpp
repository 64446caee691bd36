// Records in words: for `journal dump` and for diagnostics.
#include <map>

#include "hub/broker/record_codec.hpp"

namespace hub::broker {
namespace {

using Names = std::vector<std::string_view>;  // of fields 1, 2, …

const std::map<RecordKind, std::pair<std::string_view, Names>>& table() {
  static const Names document = {"batch",    "index",    "document_id", "conversation", "type",    "sender",
                                 "endpoint", "key_id",   "envelope",    "subject",      "number",  "urgency",
                                 "time",     "deliver_at", "outcomes",  "refusal",      "facts",   "previous_refusal",
                                 "digest",   "earlier_acceptance", "recalls", "contents",
                                 "case_references", "unneeded"};
  static const std::map<RecordKind, std::pair<std::string_view, Names>> names = {
      {RecordKind::journal_created, {"journal-created", {"origin", "tree_key", "administrators", "demo"}}},
      {RecordKind::configuration_changed, {"configuration-changed", {"item", "id", "canonical", "actor"}}},
      {RecordKind::hub_started, {"hub-started", {"version", "tree_keys"}}},
      {RecordKind::hub_stopped, {"hub-stopped", {}}},
      {RecordKind::batch_received, {"batch-received", {"endpoint", "sender", "key_id", "count", "root", "signature"}}},
      {RecordKind::document_accepted, {"document-accepted", document}},
      {RecordKind::document_refused, {"document-refused", document}},
      {RecordKind::batch_refused, {"batch-refused", {"endpoint", "key_id", "count", "code"}}},
      {RecordKind::endpoint_connected,
       {"endpoint-connected",
        {"endpoint", "session", "deliveries_stored", "receipts_stored", "window_items", "window_bytes", "software", "delivered"}}},
      {RecordKind::endpoint_disconnected, {"endpoint-disconnected", {"endpoint", "session", "reason"}}},
      {RecordKind::deliveries_acknowledged,
       {"deliveries-acknowledged", {"endpoint", "stored", "window_items", "window_bytes", "delivered"}}},
      {RecordKind::receipts_acknowledged, {"receipts-acknowledged", {"endpoint", "stored"}}},
      {RecordKind::strangers_refused, {"strangers-refused", {"count", "since"}}},
      {RecordKind::schedule_reached, {"schedule-reached", {"until"}}},
      {RecordKind::delivery_reported,
       {"delivery-reported",
        {"endpoint", "document", "outcome", "status", "reason", "reported_at", "effective", "replay"}}},
      {RecordKind::delivery_failed,
       {"delivery-failed", {"endpoint", "document", "outcome", "cause", "detail", "attempt", "retry_at", "replay"}}},
      {RecordKind::delivery_ordered,
       {"delivery-ordered",
        {"action", "document", "outcome", "operator", "reason", "statement", "signature", "replay", "row_now", "approver",
         "approval"}}},
      {RecordKind::probe_recorded, {"probe-recorded", {}}},
      {RecordKind::content_permitted, {"content-permitted", {"endpoint", "sender", "digest", "size", "until"}}},
      {RecordKind::content_stored, {"content-stored", {"sender", "digest", "size"}}},
      {RecordKind::content_dropped, {"content-dropped", {"sender", "digest", "reason"}}},
      {RecordKind::storage_key_created, {"storage-key-created", {"key", "months", "month"}}},
      {RecordKind::storage_key_destroyed,
       {"storage-key-destroyed", {"key", "months", "month", "administrators", "reason", "statement", "signatures"}}},
      {RecordKind::legal_hold_changed,
       {"legal-hold-changed",
        {"key", "months", "month", "administrators", "reason", "statement", "signatures", "held"}}},
      {RecordKind::body_read, {"body-read", {"document", "reader", "reason", "statement", "signature"}}},
      {RecordKind::role_changed,
       {"role-changed", {"action", "user", "role", "party", "actor", "reason", "statement", "signature"}}},
      {RecordKind::endpoint_ordered,
       {"endpoint-ordered", {"action", "endpoint", "actor", "reason", "statement", "signature"}}},
  };
  return names;
}

}  // namespace

std::string_view name_of(RecordKind kind) {
  const auto entry = table().find(kind);
  return entry == table().end() ? "unknown" : entry->second.first;
}

std::string_view field_name(RecordKind kind, std::uint64_t field) {
  const auto entry = table().find(kind);
  if (entry == table().end() || field == 0 || field > entry->second.second.size()) return {};
  return entry->second.second[field - 1];
}

}  // namespace hub::broker
