#include "adapters/sdk/verify.hpp"

#include <algorithm>

#include "hub/base/error_catalogue.hpp"
#include "hub/crypto/batch.hpp"

namespace hub::sdk {
namespace {

tl::unexpected<Error> invalid(const wire::Delivery& delivery, std::string reason) {
  return fail(ErrorCode::delivery_invalid,
              {{"position", std::to_string(delivery.position.value)}, {"reason", std::move(reason)}});
}

std::vector<crypto::Digest> digests_of(ByteView proof) {
  std::vector<crypto::Digest> out(proof.size() / 32);
  if (!proof.empty()) std::memcpy(out.data(), proof.data(), out.size() * 32);
  return out;
}

struct Checked {
  VerifiedDelivery delivery;
  crypto::Digest document_digest{};
};

// What a delivery says of itself: document, outcome row and leaf. The signature is checked for the group.
Result<Checked> check_delivery(const wire::DeliveryGroup& group, const wire::Delivery& d, std::string_view party) {
  Checked out;
  VerifiedDelivery& v = out.delivery;
  const auto document = registry::read_document(d.document);
  if (!document) return invalid(d, "the document can't be read: " + describe(document.error(), Language::english));
  const auto row = wire::read_row(d.row);
  if (!row) return invalid(d, "the outcome row can't be read");
  if (document->source != group.sender)
    return invalid(d, "the document is from another party than the one whose batch it came in");
  if (!row->accepted()) return invalid(d, "its outcome is " + std::string(row->outcome));
  if (row->actual != party) return invalid(d, "it was decided for " + std::string(row->actual));
  bool named = false;
  for (const std::string_view to : registry::recipients(document->to)) named = named || to == row->addressed;
  if (!named) return invalid(d, "the document is not addressed to " + std::string(row->addressed));
  const crypto::Digest row_leaf = crypto::leaf_hash(d.row);
  const auto outcome_root =
      crypto::root_of_range(d.outcome_count, d.outcome_index, {&row_leaf, 1}, digests_of(d.row_proof));
  if (!outcome_root) return invalid(d, "the proof of its outcome has a wrong length");
  out.document_digest = crypto::sha256(d.document);
  v.delivery = d;
  v.document = *document;
  v.row = *row;
  v.sender = group.sender;
  v.key = group.key;
  v.leaf =
      crypto::Sha256().add(0x00).add(0x01).add(d.head_digest).add(out.document_digest).add(*outcome_root).finish();
  return out;
}

}  // namespace

Verifier::Verifier(std::string party, Pins pins) : party_(std::move(party)), pins_(std::move(pins)) {}

Result<void> Verifier::add_credential(std::string_view text) {
  const auto read = registry::read_credential(text);
  if (!read) return tl::unexpected(read.error());
  const auto pin = pins_.find(read->party());
  if (pin == pins_.end()) return {};
  return keys_.add(text, pin->second);
}

Result<void> Verifier::verify(const wire::DeliveryGroup& group, std::string_view origin, StreamSequence first,
                              std::vector<VerifiedDelivery>& out) const {
  if (group.deliveries.empty()) return {};
  const wire::Delivery& head = group.deliveries.front();
  if (!pins_.contains(group.sender)) return invalid(head, "no root key is pinned for " + std::string(group.sender));
  std::vector<crypto::Digest> leaves;
  leaves.reserve(group.deliveries.size());
  const registry::CertifiedKey* key = nullptr;
  StreamSequence sequence = first;
  for (const wire::Delivery& d : group.deliveries) {
    // The key is judged at the time of each acceptance: it may have been revoked between two of them.
    const auto valid = keys_.valid(group.sender, group.key, d.time);
    const bool revoked = !valid && valid.error().code == ErrorCode::key_revoked;
    if (!valid && !revoked) return invalid(d, describe(valid.error(), Language::english));
    key = revoked ? keys_.find(group.sender, group.key) : *valid;
    auto checked = check_delivery(group, d, party_);
    if (!checked) return tl::unexpected(checked.error());
    leaves.push_back(crypto::batch_leaf(checked->document_digest));
    checked->delivery.sequence = sequence;
    if (revoked) checked->delivery.warning = valid.error();
    sequence = sequence.next();
    out.push_back(checked->delivery);
  }
  // One signature covers the batch; it is verified once for the documents of it that came together, and never remembered.
  const auto root = crypto::root_of_range(group.batch_count, group.first_index, leaves, digests_of(group.range_proof));
  if (!root) return invalid(head, "the proof of its place in the batch has a wrong length");
  const Buffer text = crypto::batch_signed_text({origin, group.sender, group.key, group.batch_count, *root});
  if (!crypto::verify(key->key, text, group.signature)) return invalid(head, "the sender's signature does not fit");
  return {};
}

}  // namespace hub::sdk
