#include "hub/broker/record_codec.hpp"

#include "hub/base/error_catalogue.hpp"
#include "hub/broker/record_fields.hpp"
#include "hub/registry/limits.hpp"

namespace hub::broker {
namespace {

using Reader = RecordReader;

constexpr std::size_t kCanonicalBytesMax = 1 << 24;

bool read_field(JournalCreated& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.origin = in.text(wire::kNameBytesMax); return true;
    case 2: r.tree_key = in.fixed_binary<32>(); return true;
    case 3: r.administrators = in.keys(); return true;
    case 4: r.demo = in.unsigned_integer() != 0; return true;
    default: return false;
  }
}
bool read_field(ConfigurationChanged& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.item = static_cast<registry::ItemKind>(in.unsigned_integer()); return true;
    case 2: r.id = in.text(kCanonicalBytesMax); return true;
    case 3: r.canonical = in.text(kCanonicalBytesMax); return true;
    case 4: r.actor = in.text(kCanonicalBytesMax); return true;
    default: return false;
  }
}
bool read_field(HubStarted& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.version = in.text(wire::kNameBytesMax); return true;
    case 2: r.tree_keys = in.keys(); return true;
    default: return false;
  }
}
bool read_field(HubStopped&, std::uint64_t, Reader&) { return false; }
bool read_field(BatchReceived& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 2: r.sender = in.party(); return true;
    case 3: r.key = in.fixed_binary<16>(); return true;
    case 4: r.count = in.small(); return true;
    case 5: r.root = in.fixed_binary<32>(); return true;
    case 6: r.signature = in.fixed_binary<64>(); return true;
    default: return false;
  }
}
bool read_field(BatchRefused& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 2: r.key = in.fixed_binary<16>(); return true;
    case 3: r.count = in.small(); return true;
    case 4: r.code = in.code(); return true;
    default: return false;
  }
}
bool read_field(DocumentDecided& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.batch = Position(in.unsigned_integer()); return true;
    case 2: r.index = in.small(); return true;
    case 3: r.id.bytes = in.fixed_binary<16>(); return true;
    case 4: r.conversation.bytes = in.fixed_binary<16>(); return true;
    case 5: r.type = in.text(wire::kNameBytesMax); return true;
    case 6: r.sender = in.party(); return true;
    case 7: r.endpoint = in.endpoint(); return true;
    case 8: r.key = in.fixed_binary<16>(); return true;
    case 9: r.envelope = in.fixed_binary<32>(); return true;
    case 10: r.subject = in.text(wire::kFrameBytesMax); return true;
    case 11: r.number = in.text(wire::kFrameBytesMax); return true;
    case 12: r.urgency = static_cast<std::uint8_t>(in.unsigned_integer()); return true;
    case 13: r.document_time = in.time(); return true;
    case 14: r.deliver_at = in.time(); return true;
    case 15: {
      const std::uint32_t count = in.array(wire::kRecipientsMax);
      for (std::uint32_t i = 0; i < count && !in.failed(); ++i) r.outcomes.push_back(in.outcome());
      return true;
    }
    case 16: r.refusal = in.code(); return true;
    case 17: r.facts = in.facts(); return true;
    case 18: r.previous_refusal = Position(in.unsigned_integer()); return true;
    case 19: r.digest = in.fixed_binary<32>(); return true;
    case 20: r.earlier_acceptance = Position(in.unsigned_integer()); return true;
    case 21: r.recalls = in.deliveries(wire::kRecipientsMax); return true;
    case 22: {
      const std::uint32_t count = in.array(registry::kAttachmentsMax);
      for (std::uint32_t i = 0; i < count && !in.failed(); ++i) r.contents.push_back(in.fixed_binary<32>());
      return true;
    }
    case 23: r.case_references = in.case_references(); return true;
    case 24: r.unneeded = in.unneeded(); return true;
    default: return false;
  }
}
bool read_field(EndpointConnected& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 2: r.session = SessionId(in.unsigned_integer()); return true;
    case 3: r.deliveries_stored = StreamSequence(in.unsigned_integer()); return true;
    case 4: r.receipts_stored = StreamSequence(in.unsigned_integer()); return true;
    case 5: r.window_items = in.unsigned_integer(); return true;
    case 6: r.window_bytes = in.unsigned_integer(); return true;
    case 7: r.software = in.text(wire::kNameBytesMax); return true;
    case 8: r.delivered = in.deliveries(wire::kStreamWindowItemsMax); return true;
    default: return false;
  }
}
bool read_field(EndpointDisconnected& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 2: r.session = SessionId(in.unsigned_integer()); return true;
    case 3: r.reason = in.text(wire::kNameBytesMax); return true;
    default: return false;
  }
}
bool read_field(DeliveriesAcknowledged& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 2: r.stored = StreamSequence(in.unsigned_integer()); return true;
    case 3: r.window_items = in.unsigned_integer(); return true;
    case 4: r.window_bytes = in.unsigned_integer(); return true;
    case 5: r.delivered = in.deliveries(wire::kStreamWindowItemsMax); return true;
    default: return false;
  }
}
bool read_field(ReceiptsAcknowledged& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 2: r.stored = StreamSequence(in.unsigned_integer()); return true;
    default: return false;
  }
}
bool read_field(StrangersRefused& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.count = in.unsigned_integer(); return true;
    case 2: r.since = in.time(); return true;
    default: return false;
  }
}
bool read_field(ContentPermitted& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 2: r.sender = in.party(); return true;
    case 3: r.digest = in.fixed_binary<32>(); return true;
    case 4: r.size = in.unsigned_integer(); return true;
    case 5: r.until = in.time(); return true;
    default: return false;
  }
}
bool read_field(ContentStored& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.sender = in.party(); return true;
    case 2: r.digest = in.fixed_binary<32>(); return true;
    case 3: r.size = in.unsigned_integer(); return true;
    default: return false;
  }
}
bool read_field(ContentDropped& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.sender = in.party(); return true;
    case 2: r.digest = in.fixed_binary<32>(); return true;
    case 3: r.reason = in.text(wire::kFactBytesMax); return true;
    default: return false;
  }
}
bool read_field(ScheduleReached& r, std::uint64_t field, Reader& in) {
  if (field != 1) return false;
  r.until = in.time();
  return true;
}
bool read_field(ProbeRecorded&, std::uint64_t, Reader&) { return false; }

bool read_delivery_field(wire::DeliveryKey& key, std::uint64_t field, Reader& in) {
  switch (field) {
    case 2: key.document = Position(in.unsigned_integer()); return true;
    case 3: key.outcome_index = in.outcome_index(); return true;
    case 8: key.replay = Position(in.unsigned_integer()); return true;
    default: return false;
  }
}
bool read_field(DeliveryReported& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 4: r.status = in.status(); return true;
    case 5: r.reason = in.text(wire::kReasonBytesMax); return true;
    case 6: r.reported_at = in.time(); return true;
    case 7: r.effective = in.boolean(); return true;
    default: return read_delivery_field(r.delivery, field, in);
  }
}
bool read_field(DeliveryFailed& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.endpoint = in.endpoint(); return true;
    case 4: r.cause = in.text(wire::kNameBytesMax); return true;
    case 5: r.detail = in.text(wire::kReasonBytesMax); return true;
    case 6: r.attempt = in.small(); return true;
    case 7: r.retry_at = in.time(); return true;
    default: return read_delivery_field(r.delivery, field, in);
  }
}
template <class Choice>
Choice read_choice(Reader& in, std::uint64_t last) {
  const std::uint64_t choice = in.unsigned_integer();
  if (choice < 1 || choice > last) in.fail_here("there is no such choice");
  return static_cast<Choice>(choice);
}
bool read_field(DeliveryOrdered& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.action = read_choice<OrderAction>(in, 3); return true;
    case 4: r.operator_id = in.text(wire::kFrameBytesMax); return true;
    case 5: r.reason = in.text(wire::kReasonBytesMax); return true;
    case 6: r.statement = in.text(wire::kFrameBytesMax); return true;
    case 7: r.signature = in.fixed_binary<64>(); return true;
    case 9: append(r.row_now, in.binary(wire::kRowBytesMax)); return true;
    case 10: r.approver = in.text(wire::kFrameBytesMax); return true;
    case 11: r.approval = in.fixed_binary<64>(); return true;
    default: return read_delivery_field(r.delivery, field, in);
  }
}

template <class R>
bool read_storage_key_field(R& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.id = in.small(); return true;
    case 2: r.months = in.small(); return true;
    case 3: {
      const auto month = parse_month(in.text(wire::kNameBytesMax));
      if (!month) in.fail_here("a month as 2024-03 was expected");
      r.month = month.value_or(Month());
      return true;
    }
    default: return false;
  }
}
bool read_proof_field(StorageOrderProof& proof, std::uint64_t field, Reader& in) {
  switch (field) {
    case 4: {
      const std::uint32_t count = in.array(kStorageOrderSignaturesMax);
      for (std::uint32_t i = 0; i < count && !in.failed(); ++i)
        proof.administrators.emplace_back(in.text(wire::kNameBytesMax));
      return true;
    }
    case 5: proof.reason = in.text(wire::kReasonBytesMax); return true;
    case 6: proof.statement = in.text(wire::kFrameBytesMax); return true;
    case 7: {
      const std::uint32_t count = in.array(kStorageOrderSignaturesMax);
      for (std::uint32_t i = 0; i < count && !in.failed(); ++i) proof.signatures.push_back(in.fixed_binary<64>());
      return true;
    }
    default: return false;
  }
}
bool read_field(StorageKeyCreated& r, std::uint64_t field, Reader& in) { return read_storage_key_field(r, field, in); }
bool read_field(StorageKeyDestroyed& r, std::uint64_t field, Reader& in) {
  return read_storage_key_field(r, field, in) || read_proof_field(r.proof, field, in);
}
bool read_field(BodyRead& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.document = Position(in.unsigned_integer()); return true;
    case 2: r.reader = in.text(wire::kFrameBytesMax); return true;
    case 3: r.reason = in.text(wire::kReasonBytesMax); return true;
    case 4: r.statement = in.text(wire::kFrameBytesMax); return true;
    case 5: r.signature = in.fixed_binary<64>(); return true;
    default: return false;
  }
}
bool read_field(RoleChanged& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.action = read_choice<RoleAction>(in, 2); return true;
    case 2: r.user = in.text(kUserNameBytesMax); return true;
    case 3: r.role = read_choice<Role>(in, 4); return true;
    case 4: r.party = in.text(wire::kNameBytesMax); return true;
    case 5: r.actor = in.text(wire::kNameBytesMax); return true;
    case 6: r.reason = in.text(wire::kReasonBytesMax); return true;
    case 7: r.statement = in.text(wire::kFrameBytesMax); return true;
    case 8: r.signature = in.fixed_binary<64>(); return true;
    default: return false;
  }
}
bool read_field(EndpointOrdered& r, std::uint64_t field, Reader& in) {
  switch (field) {
    case 1: r.action = read_choice<EndpointAction>(in, 2); return true;
    case 2: r.endpoint = in.endpoint(); return true;
    case 3: r.actor = in.text(wire::kNameBytesMax); return true;
    case 4: r.reason = in.text(wire::kReasonBytesMax); return true;
    case 5: r.statement = in.text(wire::kFrameBytesMax); return true;
    case 6: r.signature = in.fixed_binary<64>(); return true;
    default: return false;
  }
}
bool read_field(LegalHoldChanged& r, std::uint64_t field, Reader& in) {
  if (field != 8) return read_storage_key_field(r, field, in) || read_proof_field(r.proof, field, in);
  r.held = in.boolean();
  return true;
}

// Bits of the fields 1 to `last`: those that a record can't do without.
constexpr std::uint64_t up_to(int last) { return ((std::uint64_t{1} << (last + 1)) - 1) & ~std::uint64_t{1}; }
constexpr std::uint64_t kDocumentFields = up_to(13) | std::uint64_t{1} << 15;
constexpr std::uint64_t bit(int field) { return std::uint64_t{1} << field; }
constexpr std::uint64_t kRefusedFields = kDocumentFields | std::uint64_t{1} << 19;

template <class R>
Result<Record> read_record(const registry::Registry& registry, ByteView metadata, std::uint64_t required,
                           R record = {}) {
  Reader in(registry, metadata);
  while (const auto field = in.next())
    if (!read_field(record, *field, in)) in.unknown();
  if (auto done = in.finish(required); !done) return tl::unexpected(done.error());
  return Record(std::move(record));
}

}  // namespace

RecordKind kind_of(const Record& record) {
  struct Kinds {
    RecordKind operator()(const JournalCreated&) { return RecordKind::journal_created; }
    RecordKind operator()(const ConfigurationChanged&) { return RecordKind::configuration_changed; }
    RecordKind operator()(const HubStarted&) { return RecordKind::hub_started; }
    RecordKind operator()(const HubStopped&) { return RecordKind::hub_stopped; }
    RecordKind operator()(const BatchReceived&) { return RecordKind::batch_received; }
    RecordKind operator()(const BatchRefused&) { return RecordKind::batch_refused; }
    RecordKind operator()(const DocumentDecided& r) {
      return r.accepted ? RecordKind::document_accepted : RecordKind::document_refused;
    }
    RecordKind operator()(const EndpointConnected&) { return RecordKind::endpoint_connected; }
    RecordKind operator()(const EndpointDisconnected&) { return RecordKind::endpoint_disconnected; }
    RecordKind operator()(const DeliveriesAcknowledged&) { return RecordKind::deliveries_acknowledged; }
    RecordKind operator()(const ReceiptsAcknowledged&) { return RecordKind::receipts_acknowledged; }
    RecordKind operator()(const StrangersRefused&) { return RecordKind::strangers_refused; }
    RecordKind operator()(const ScheduleReached&) { return RecordKind::schedule_reached; }
    RecordKind operator()(const DeliveryReported&) { return RecordKind::delivery_reported; }
    RecordKind operator()(const DeliveryFailed&) { return RecordKind::delivery_failed; }
    RecordKind operator()(const DeliveryOrdered&) { return RecordKind::delivery_ordered; }
    RecordKind operator()(const ProbeRecorded&) { return RecordKind::probe_recorded; }
    RecordKind operator()(const ContentPermitted&) { return RecordKind::content_permitted; }
    RecordKind operator()(const ContentStored&) { return RecordKind::content_stored; }
    RecordKind operator()(const ContentDropped&) { return RecordKind::content_dropped; }
    RecordKind operator()(const StorageKeyCreated&) { return RecordKind::storage_key_created; }
    RecordKind operator()(const StorageKeyDestroyed&) { return RecordKind::storage_key_destroyed; }
    RecordKind operator()(const LegalHoldChanged&) { return RecordKind::legal_hold_changed; }
    RecordKind operator()(const BodyRead&) { return RecordKind::body_read; }
    RecordKind operator()(const RoleChanged&) { return RecordKind::role_changed; }
    RecordKind operator()(const EndpointOrdered&) { return RecordKind::endpoint_ordered; }
  };
  return std::visit(Kinds{}, record);
}

crypto::Digest outcome_root(const DocumentDecided& record) {
  if (record.outcomes.empty()) return {};
  if (record.outcomes.size() == 1) return crypto::leaf_hash(record.outcomes[0].bytes);
  std::vector<crypto::Digest> leaves;
  for (const Outcome& outcome : record.outcomes) leaves.push_back(crypto::leaf_hash(outcome.bytes));
  return crypto::merkle_root(leaves);
}

Result<Record> decode(const registry::Registry& registry, std::uint8_t kind, ByteView metadata,
                      const crypto::Digest& body_digest) {
  switch (static_cast<RecordKind>(kind)) {
    case RecordKind::journal_created: return read_record<JournalCreated>(registry, metadata, up_to(4));
    case RecordKind::configuration_changed: return read_record<ConfigurationChanged>(registry, metadata, up_to(4));
    case RecordKind::hub_started: return read_record<HubStarted>(registry, metadata, up_to(1));
    case RecordKind::hub_stopped: return read_record<HubStopped>(registry, metadata, 0);
    case RecordKind::batch_received: return read_record<BatchReceived>(registry, metadata, up_to(6));
    case RecordKind::batch_refused: return read_record<BatchRefused>(registry, metadata, up_to(4));
    case RecordKind::document_accepted: {
      DocumentDecided record;
      record.accepted = true;
      record.digest = body_digest;
      return read_record(registry, metadata, kDocumentFields, std::move(record));
    }
    case RecordKind::document_refused: return read_record<DocumentDecided>(registry, metadata, kRefusedFields);
    case RecordKind::endpoint_connected: return read_record<EndpointConnected>(registry, metadata, up_to(7));
    case RecordKind::endpoint_disconnected: return read_record<EndpointDisconnected>(registry, metadata, up_to(3));
    case RecordKind::deliveries_acknowledged: return read_record<DeliveriesAcknowledged>(registry, metadata, up_to(4));
    case RecordKind::receipts_acknowledged: return read_record<ReceiptsAcknowledged>(registry, metadata, up_to(2));
    case RecordKind::strangers_refused: return read_record<StrangersRefused>(registry, metadata, up_to(2));
    case RecordKind::schedule_reached: return read_record<ScheduleReached>(registry, metadata, up_to(1));
    case RecordKind::delivery_reported:
      return read_record<DeliveryReported>(registry, metadata, up_to(4) | bit(6) | bit(7));
    case RecordKind::delivery_failed: return read_record<DeliveryFailed>(registry, metadata, up_to(6));
    case RecordKind::delivery_ordered: return read_record<DeliveryOrdered>(registry, metadata, up_to(7));
    case RecordKind::content_permitted: return read_record<ContentPermitted>(registry, metadata, up_to(5));
    case RecordKind::content_stored: return read_record<ContentStored>(registry, metadata, up_to(3));
    case RecordKind::content_dropped: return read_record<ContentDropped>(registry, metadata, up_to(3));
    case RecordKind::probe_recorded: return read_record<ProbeRecorded>(registry, metadata, 0);
    case RecordKind::storage_key_created: return read_record<StorageKeyCreated>(registry, metadata, up_to(3));
    case RecordKind::storage_key_destroyed: return read_record<StorageKeyDestroyed>(registry, metadata, up_to(7));
    case RecordKind::legal_hold_changed: return read_record<LegalHoldChanged>(registry, metadata, up_to(8));
    case RecordKind::body_read: return read_record<BodyRead>(registry, metadata, up_to(5));
    case RecordKind::role_changed:
      return read_record<RoleChanged>(registry, metadata, up_to(3) | bit(5) | bit(6));
    case RecordKind::endpoint_ordered: return read_record<EndpointOrdered>(registry, metadata, up_to(6));
  }
  return fail(ErrorCode::record_unknown, {{"actual", std::to_string(kind)}});
}

}  // namespace hub::broker
