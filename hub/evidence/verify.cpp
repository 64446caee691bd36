#include "hub/evidence/verify.hpp"

#include <algorithm>

#include "hub/agreements/agreement.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/crypto/batch.hpp"
#include "hub/crypto/tlog_proof.hpp"
#include "hub/evidence/facts.hpp"
#include "hub/registry/credentials.hpp"
#include "hub/wire/delivery_status.hpp"

namespace hub::evidence {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

class Check {
 public:
  Check(std::string_view file, const Trust& trust) : file_(file), trust_(trust) {}

  Verdict run() {
    using Part = Result<void> (Check::*)();
    std::vector<Part> parts = {&Check::checkpoint, &Check::record, &Check::rests_on, &Check::event, &Check::decision,
                               &Check::document};
    if (trust_.chain) parts.insert(parts.end(), {&Check::signature, &Check::certificate, &Check::agreement});
    for (const Part part : parts) {
      if (auto good = (this->*part)(); !good) {
        verdict_.failure = good.error();
        break;
      }
    }
    return std::move(verdict_);
  }

 private:
  void found(Step step, std::vector<Fact> facts) { verdict_.findings.push_back({step, std::move(facts)}); }
  static tl::unexpected<Error> fails(Step step, std::string reason) {
    return fail(ErrorCode::receipt_invalid, {{"step", std::string(name_of(step))}, {"reason", std::move(reason)}});
  }

  Result<void> checkpoint() {
    auto proof = crypto::read_tlog_proof(file_);
    if (!proof) return tl::unexpected(proof.error());
    proof_ = std::move(*proof);
    auto receipt = decode_receipt(proof_.extra);
    if (!receipt) return tl::unexpected(receipt.error());
    receipt_ = std::move(*receipt);
    const auto checkpoint = crypto::open_checkpoint(proof_.checkpoint, trust_.tree_keys.front().name, trust_.tree_keys);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    checkpoint_ = *checkpoint;
    found(Step::checkpoint, {{"origin", checkpoint_.origin},
                             {"size", number(checkpoint_.size)},
                             {"root", to_base64(checkpoint_.root)}});
    return {};
  }

  bool stands_at(Position position, const LeafRecord& record, std::span<const crypto::Digest> proof) const {
    return crypto::verify_inclusion(record.leaf(), position.value, checkpoint_.size, proof, checkpoint_.root);
  }

  void found_record(Position position, const LeafRecord& record) {
    found(Step::record, {{"position", number(position.value)},
                         {"kind", std::string(broker::name_of(static_cast<broker::RecordKind>(record.kind)))},
                         {"time", format_rfc3339(record.time)},
                         {"leaf", to_hex(record.leaf())}});
  }

  Result<void> record() {
    if (!stands_at(Position(proof_.index), receipt_.record, proof_.hashes))
      return fails(Step::record, "the record at position " + number(proof_.index) + " is not in the tree");
    found_record(Position(proof_.index), receipt_.record);
    if (is_document(receipt_.record)) decided_ = {Position(proof_.index), &receipt_.record};
    return {};
  }

  Result<void> rests_on() {
    for (const ProvedRecord& other : receipt_.rests_on) {
      if (!stands_at(other.position, other.record, other.proof))
        return fails(Step::record, "the record at position " + number(other.position.value) + " is not in the tree");
      found_record(other.position, other.record);
    }
    return {};
  }

  const ProvedRecord* other(Position position) const {
    const auto it = std::ranges::find(receipt_.rests_on, position, &ProvedRecord::position);
    return it == receipt_.rests_on.end() ? nullptr : &*it;
  }

  // An event is about the delivery that the receipt names, and that is of the document whose record is here too.
  Result<void> event() {
    if (!is_event(receipt_.record)) return {};
    if (!receipt_.delivery) return fails(Step::event, "it does not say which delivery it is about");
    const wire::DeliveryKey key = *receipt_.delivery;
    const auto event = event_facts(receipt_.record);
    if (!event) return tl::unexpected(event.error());
    const wire::DeliveryKey named = event->by_origin ? wire::DeliveryKey{key.origin(), key.outcome_index, {}} : key;
    if (!std::ranges::count(event->deliveries, named))
      return fails(Step::event, "the record is not about this delivery");
    if (key.replay.value != 0)
      if (auto good = replay(key); !good) return good;
    const ProvedRecord* accepted = other(key.document);
    if (accepted == nullptr) return fails(Step::event, "the document's own record is missing");
    decided_ = {accepted->position, &accepted->record};
    found(Step::event, {{"status", std::string(wire::name_of(event->status))},
                        {"endpoint", std::string(event->endpoint)},
                        {"reason", std::string(event->reason)},
                        {"effective", event->effective ? "true" : "false"},
                        {"outcome", number(key.outcome_index)}});
    return {};
  }

  Result<void> replay(const wire::DeliveryKey& key) const {
    const ProvedRecord* ordered = other(key.replay);
    if (ordered == nullptr) return fails(Step::event, "the order of the replay is missing");
    const auto order = order_facts(ordered->record);
    if (!order) return tl::unexpected(order.error());
    if (!order->is_replay || order->delivery.document != key.document ||
        order->delivery.outcome_index != key.outcome_index)
      return fails(Step::event, "the order is about another delivery");
    return {};
  }

  Result<void> decision() {
    if (decided_.record == nullptr) return {};
    auto facts = document_facts(*decided_.record);
    if (!facts) return tl::unexpected(facts.error());
    document_ = std::move(*facts);
    std::vector<crypto::Digest> leaves;
    for (const ByteView row : document_->rows) leaves.push_back(crypto::leaf_hash(row));
    const crypto::Digest root = leaves.empty() ? crypto::Digest{} : crypto::merkle_root(leaves);
    if (root != decided_.record->outcome_root) return fails(Step::decision, "the outcomes are not those of the leaf");
    if (receipt_.delivery && receipt_.delivery->outcome_index >= document_->outcomes.size())
      return fails(Step::decision, "the document has no such recipient");
    std::vector<Fact> out = {{"outcome", document_->accepted ? "accepted" : "refused"},
                             {"document", to_text(document_->id)},
                             {"type", std::string(document_->type)},
                             {"sender", std::string(document_->sender)},
                             {"time", format_rfc3339(decided_.record->time)},
                             {"digest", to_hex(document_->digest)}};
    if (!document_->refusal.empty()) out.push_back({"refusal", std::string(document_->refusal)});
    found(Step::decision, std::move(out));
    for (const wire::OutcomeRow& row : document_->outcomes)
      found(Step::decision, {{"recipient", std::string(row.addressed)},
                             {"actual", std::string(row.actual)},
                             {"outcome", std::string(row.outcome)},
                             {"agreement", std::string(row.agreement)},
                             {"version", number(row.agreement_version)},
                             {"clause", std::string(row.clause)}});
    return {};
  }

  Result<void> document() {
    if (!trust_.document) return {};
    if (!document_) return fails(Step::document, "the receipt is about no document");
    if (crypto::sha256(*trust_.document) != document_->digest)
      return fails(Step::document, "the document at hand has another digest");
    found(Step::document, {{"digest", to_hex(document_->digest)}});
    return {};
  }

  Result<void> signature() {
    if (!document_) return fails(Step::signature, "the receipt is about no document, so nobody signed it");
    if (!receipt_.batch || receipt_.certificate.empty())
      return fails(Step::signature, "the sender's signature or the certificate of its key is missing");
    const BatchSignature& batch = *receipt_.batch;
    const crypto::Digest leaf = crypto::batch_leaf(document_->digest);
    const auto root = crypto::root_of_range(batch.count, batch.index, {&leaf, 1}, batch.path);
    if (!root) return fails(Step::signature, "the proof of its place in the batch has a wrong length");
    if (batch.sender != document_->sender || batch.key != document_->key || batch.index != document_->index)
      return fails(Step::signature, "the record names another sender, key or place in the batch");
    const Buffer text =
        crypto::batch_signed_text({checkpoint_.origin, batch.sender, batch.key, batch.count, *root});
    if (crypto::envelope_digest(text, batch.signature) != document_->envelope)
      return fails(Step::signature, "the record is about another signature");
    const auto credential = registry::read_credential(receipt_.certificate);
    if (!credential) return tl::unexpected(credential.error());
    const auto* certificate = std::get_if<registry::Certificate>(&credential->statement);
    if (certificate == nullptr || certificate->party != document_->sender ||
        crypto::key_id(certificate->key) != batch.key)
      return fails(Step::signature, "the certificate is about another key");
    if (!crypto::verify(certificate->key, text, batch.signature))
      return fails(Step::signature, "the signature does not fit");
    found(Step::signature, {{"sender", batch.sender}, {"key", to_hex(batch.key)}});
    return {};
  }

  Result<void> certificate() {
    if (!receipt_.root_key) return fails(Step::certificate, "the sender's root key is missing");
    const auto credential = registry::read_credential(receipt_.certificate, *receipt_.root_key);
    if (!credential) return tl::unexpected(credential.error());
    const auto& certificate = std::get<registry::Certificate>(credential->statement);
    const UnixMicros at = decided_.record->time;
    if (at < certificate.active_from || at >= certificate.active_until)
      return fails(Step::certificate, "the key was not active at the time of the decision");
    found(Step::certificate, {{"party", certificate.party},
                              {"root", crypto::fingerprint(*receipt_.root_key)},
                              {"from", format_rfc3339(certificate.active_from)},
                              {"until", format_rfc3339(certificate.active_until)}});
    return {};
  }

  // Each agreement that an outcome names must be here and name the root key. Without one nobody vouches for it.
  Result<void> agreement() {
    bool anchored = false;
    for (const wire::OutcomeRow& row : document_->outcomes) {
      if (row.agreement.empty()) continue;
      if (auto good = agreement_of(row); !good) return good;
      anchored = true;
    }
    if (!anchored)
      return fails(Step::agreement, "no agreement was in question, so none vouches for the sender's root key " +
                                        crypto::fingerprint(*receipt_.root_key));
    return {};
  }

  Result<void> agreement_of(const wire::OutcomeRow& row) {
    const std::string name = std::string(row.agreement) + " version " + number(row.agreement_version);
    for (const ProvedRecord& registered : receipt_.rests_on) {
      if (!is_registration(registered.record) || registered.position > decided_.position) continue;
      const auto item = item_facts(registered.record);
      if (!item) return tl::unexpected(item.error());
      if (item->item != registry::ItemKind::agreement || item->id != row.agreement) continue;
      const auto agreement = agreements::parse_canonical(item->canonical);
      if (!agreement) return tl::unexpected(agreement.error());
      if (agreement->version != row.agreement_version) continue;
      if (!names_root(*agreement)) return fails(Step::agreement, name + " names another root key of the sender");
      if (!std::ranges::count(agreement->clauses, row.clause, &agreements::Clause::id))
        return fails(Step::agreement, name + " has no clause " + std::string(row.clause));
      const auto at_hand = compare(item->canonical, *agreement);
      if (!at_hand) return fails(Step::agreement, name + " is not the one at hand");
      found(Step::agreement, {{"agreement", agreement->id},
                              {"version", number(agreement->version)},
                              {"clause", std::string(row.clause)},
                              {"position", number(registered.position.value)},
                              {"digest", to_hex(crypto::sha256(as_bytes(item->canonical)))},
                              {"compared", *at_hand ? "true" : "false"}});
      return {};
    }
    return fails(Step::agreement, name + " is missing");
  }

  bool names_root(const agreements::Agreement& agreement) const {
    const std::string fingerprint = crypto::fingerprint(*receipt_.root_key);
    for (const auto& [alias, party] : agreement.parties)
      if (party == document_->sender) return std::ranges::count(agreement.root_keys, std::pair(alias, fingerprint)) > 0;
    return false;
  }

  // True when the checker has the same text, false when it has none of that version; nothing when it has another.
  std::optional<bool> compare(std::string_view canonical, const agreements::Agreement& agreement) const {
    for (const std::string& held : trust_.agreements) {
      const auto known = agreements::parse_canonical(held);
      if (!known || known->id != agreement.id || known->version != agreement.version) continue;
      return held == canonical ? std::optional(true) : std::nullopt;
    }
    return false;
  }

  const std::string_view file_;
  const Trust& trust_;
  Verdict verdict_;
  crypto::TlogProof proof_;
  crypto::Checkpoint checkpoint_;
  Receipt receipt_;
  struct {
    Position position;
    const LeafRecord* record = nullptr;
  } decided_;
  std::optional<DocumentFacts> document_;
};

}  // namespace

std::string_view name_of(Step step) {
  switch (step) {
    case Step::checkpoint: return "checkpoint";
    case Step::record: return "record";
    case Step::event: return "event";
    case Step::decision: return "decision";
    case Step::document: return "document";
    case Step::signature: return "signature";
    case Step::certificate: return "certificate";
    case Step::agreement: return "agreement";
  }
  return "unknown";
}

Verdict verify_receipt(std::string_view file, const Trust& trust) { return Check(file, trust).run(); }

}  // namespace hub::evidence
