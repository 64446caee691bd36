// Records as the metadata of the journal.
#include "hub/base/error_catalogue.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/broker/record_fields.hpp"

namespace hub::broker {
namespace {

using wire::pack_bytes;
using wire::pack_facts;

class Encoder {
 public:
  explicit Encoder(RecordWriter& writer) : w(writer) {}

  void operator()(const JournalCreated& r) const {
    w.text(1, r.origin);
    w.bytes(2, r.tree_key);
    w.keys(3, r.administrators);
    w.number(4, r.demo ? 1 : 0);
  }
  void operator()(const ConfigurationChanged& r) const {
    w.number(1, static_cast<std::uint64_t>(r.item));
    w.text(2, r.id);
    w.text(3, r.canonical);
    w.text(4, r.actor);
  }
  void operator()(const HubStarted& r) const {
    w.text(1, r.version);
    if (!r.tree_keys.empty()) w.keys(2, r.tree_keys);
  }
  void operator()(const HubStopped&) const {}
  void operator()(const BatchReceived& r) const {
    w.endpoint(1, r.endpoint);
    w.party(2, r.sender);
    w.bytes(3, r.key);
    w.number(4, r.count);
    w.bytes(5, r.root);
    w.bytes(6, r.signature);
  }
  void operator()(const BatchRefused& r) const {
    w.endpoint(1, r.endpoint);
    w.bytes(2, r.key);
    w.number(3, r.count);
    w.text(4, code_text(r.code));
  }
  void operator()(const DocumentDecided& r) const {
    w.number(1, r.batch.value);
    w.number(2, r.index);
    w.bytes(3, r.id.bytes);
    w.bytes(4, r.conversation.bytes);
    w.text(5, r.type);
    w.party(6, r.sender);
    w.endpoint(7, r.endpoint);
    w.bytes(8, r.key);
    w.bytes(9, r.envelope);
    w.text(10, r.subject);
    w.text(11, r.number);
    w.number(12, r.urgency);
    w.time(13, r.document_time);
    if (r.deliver_at) w.time(14, *r.deliver_at);
    wire::Packer& packer = w.field(15);
    packer.pack_array(static_cast<std::uint32_t>(r.outcomes.size()));
    for (const Outcome& outcome : r.outcomes) pack_bytes(packer, outcome.bytes);
    if (r.refusal) {
      w.text(16, code_text(*r.refusal));
      pack_facts(w.field(17), r.facts);
    }
    if (r.previous_refusal) w.number(18, r.previous_refusal->value);
    if (!r.accepted) w.bytes(19, r.digest);
    if (r.earlier_acceptance) w.number(20, r.earlier_acceptance->value);
    if (!r.recalls.empty()) w.deliveries(21, r.recalls);
    if (r.accepted && !r.contents.empty()) {
      wire::Packer& contents = w.field(22);
      contents.pack_array(static_cast<std::uint32_t>(r.contents.size()));
      for (const crypto::Digest& digest : r.contents) pack_bytes(contents, digest);
    }
    if (!r.case_references.empty()) {
      wire::Packer& references = w.field(23);
      references.pack_array(static_cast<std::uint32_t>(r.case_references.size()));
      for (const std::string_view reference : r.case_references) wire::pack_text(references, reference);
    }
    if (!r.unneeded.empty()) w.unneeded(24, r.unneeded);
  }
  void operator()(const EndpointConnected& r) const {
    w.endpoint(1, r.endpoint);
    w.number(2, r.session.value);
    w.number(3, r.deliveries_stored.value);
    w.number(4, r.receipts_stored.value);
    w.number(5, r.window_items);
    w.number(6, r.window_bytes);
    w.text(7, r.software);
    if (!r.delivered.empty()) w.deliveries(8, r.delivered);
  }
  void operator()(const EndpointDisconnected& r) const {
    w.endpoint(1, r.endpoint);
    w.number(2, r.session.value);
    w.text(3, r.reason);
  }
  void operator()(const DeliveriesAcknowledged& r) const {
    w.endpoint(1, r.endpoint);
    w.number(2, r.stored.value);
    w.number(3, r.window_items);
    w.number(4, r.window_bytes);
    if (!r.delivered.empty()) w.deliveries(5, r.delivered);
  }
  void operator()(const ReceiptsAcknowledged& r) const {
    w.endpoint(1, r.endpoint);
    w.number(2, r.stored.value);
  }
  void operator()(const StrangersRefused& r) const {
    w.number(1, r.count);
    w.time(2, r.since);
  }
  void operator()(const ScheduleReached& r) const { w.time(1, r.until); }
  void operator()(const DeliveryReported& r) const {
    w.endpoint(1, r.endpoint);
    w.delivery(r.delivery);
    w.number(4, static_cast<std::uint64_t>(r.status));
    if (!r.reason.empty()) w.text(5, r.reason);
    w.time(6, r.reported_at);
    w.boolean(7, r.effective);
    w.replay(r.delivery);
  }
  void operator()(const DeliveryFailed& r) const {
    w.endpoint(1, r.endpoint);
    w.delivery(r.delivery);
    w.text(4, r.cause);
    w.text(5, r.detail);
    w.number(6, r.attempt);
    if (r.retry_at) w.time(7, *r.retry_at);
    w.replay(r.delivery);
  }
  void operator()(const DeliveryOrdered& r) const {
    w.number(1, static_cast<std::uint64_t>(r.action));
    w.delivery(r.delivery);
    w.text(4, r.operator_id);
    w.text(5, r.reason);
    w.text(6, r.statement);
    w.bytes(7, r.signature);
    w.replay(r.delivery);
    if (!r.row_now.empty()) w.bytes(9, r.row_now);
    if (r.approver.empty()) return;
    w.text(10, r.approver);
    w.bytes(11, r.approval);
  }
  void operator()(const ProbeRecorded&) const {}
  void operator()(const ContentPermitted& r) const {
    w.endpoint(1, r.endpoint);
    w.party(2, r.sender);
    w.bytes(3, r.digest);
    w.number(4, r.size);
    w.time(5, r.until);
  }
  void operator()(const ContentStored& r) const {
    w.party(1, r.sender);
    w.bytes(2, r.digest);
    w.number(3, r.size);
  }
  void operator()(const ContentDropped& r) const {
    w.party(1, r.sender);
    w.bytes(2, r.digest);
    w.text(3, r.reason);
  }
  void operator()(const StorageKeyCreated& r) const { storage_key(r); }
  void operator()(const StorageKeyDestroyed& r) const {
    storage_key(r);
    order_proof(r.proof);
  }
  void operator()(const BodyRead& r) const {
    w.number(1, r.document.value);
    w.text(2, r.reader);
    w.text(3, r.reason);
    w.text(4, r.statement);
    w.bytes(5, r.signature);
  }
  void operator()(const RoleChanged& r) const {
    w.number(1, static_cast<std::uint64_t>(r.action));
    w.text(2, r.user);
    w.number(3, static_cast<std::uint64_t>(r.role));
    if (!r.party.empty()) w.text(4, r.party);
    w.text(5, r.actor);
    w.text(6, r.reason);
    if (r.statement.empty()) return;
    w.text(7, r.statement);
    w.bytes(8, r.signature);
  }
  void operator()(const EndpointOrdered& r) const {
    w.number(1, static_cast<std::uint64_t>(r.action));
    w.endpoint(2, r.endpoint);
    w.text(3, r.actor);
    w.text(4, r.reason);
    w.text(5, r.statement);
    w.bytes(6, r.signature);
  }
  void operator()(const LegalHoldChanged& r) const {
    storage_key(r);
    order_proof(r.proof);
    w.boolean(8, r.held);
  }

 private:
  template <class R>
  void storage_key(const R& r) const {
    w.number(1, r.id);
    w.number(2, r.months);
    w.text(3, format_month(r.month));
  }
  void order_proof(const StorageOrderProof& proof) const {
    wire::Packer& administrators = w.field(4);
    administrators.pack_array(static_cast<std::uint32_t>(proof.administrators.size()));
    for (const std::string& one : proof.administrators) wire::pack_text(administrators, one);
    w.text(5, proof.reason);
    w.text(6, proof.statement);
    wire::Packer& signatures = w.field(7);
    signatures.pack_array(static_cast<std::uint32_t>(proof.signatures.size()));
    for (const crypto::Signature& one : proof.signatures) pack_bytes(signatures, one);
  }

  RecordWriter& w;
};

}  // namespace

void encode(const registry::Registry& registry, const Record& record, Buffer& out) {
  RecordWriter writer(registry, out);
  std::visit(Encoder(writer), record);
}

}  // namespace hub::broker
