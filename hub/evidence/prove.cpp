#include "hub/evidence/prove.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/agreements/agreement.hpp"
#include "hub/base/check.hpp"
#include "hub/crypto/tlog_proof.hpp"
#include "hub/evidence/facts.hpp"
#include "hub/journal/follow.hpp"
#include "hub/registry/credentials.hpp"
#include "hub/registry/registry.hpp"

namespace hub::evidence {
namespace {

std::vector<crypto::Digest> digests_in(ByteView body) {
  std::vector<crypto::Digest> out(body.size() / 32);
  if (!out.empty()) std::memcpy(out.data(), body.data(), out.size() * 32);
  return out;
}

// The batch's signature; the record of the batch holds what was signed, its body the digests of the documents.
Result<BatchSignature> signature_in(const LeafRecord& batch, ByteView body, std::uint32_t index) {
  BatchSignature out;
  out.index = index;
  wire::FieldReader in(batch.metadata);
  while (const auto field = in.next()) {
    switch (*field) {
      case 2: out.sender = in.text(wire::kNameBytesMax); break;
      case 3: out.key = in.fixed_binary<16>(); break;
      case 4: out.count = static_cast<std::uint32_t>(in.unsigned_integer()); break;
      case 6: out.signature = in.fixed_binary<64>(); break;
      default: in.skip();
    }
  }
  if (auto done = in.finish(0b101'1100); !done) return tl::unexpected(done.error());
  std::vector<crypto::Digest> leaves;
  for (const crypto::Digest& digest : digests_in(body)) leaves.push_back(crypto::leaf_hash(digest));
  if (index < leaves.size()) out.path = crypto::range_proof(leaves, index, 1);
  return out;
}

}  // namespace

Result<Prover> Prover::open(ports::Disk& journal, const crypto::TreeHashes& hashes, std::string note,
                            ConfigurationHistory& history) {
  const auto end = note.rfind("\n\n");
  const auto checkpoint = crypto::parse_checkpoint(std::string_view(note).substr(0, end + 1));
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  return Prover(journal, hashes, std::move(note), *checkpoint, history);
}

Prover::Prover(ports::Disk& journal, const crypto::TreeHashes& hashes, std::string note, crypto::Checkpoint checkpoint,
               ConfigurationHistory& history)
    : journal_(journal), hashes_(hashes), note_(std::move(note)), checkpoint_(std::move(checkpoint)), history_(history) {}

Result<LeafRecord> Prover::read(Position position, Buffer* body) {
  // Before it is looked for: a journal that ends there is not damaged.
  if (position.value >= checkpoint_.size)
    return fail(ErrorCode::proof_not_possible,
                {{"asked", "position " + std::to_string(position.value)}, {"size", std::to_string(checkpoint_.size)}});
  auto follower = journal::Follower::open(journal_, position);
  if (!follower) return tl::unexpected(follower.error());
  const auto record = follower->next(Position(checkpoint_.size));
  if (!record) return tl::unexpected(record.error());
  HUB_CHECK(record->has_value());  // as it lies before that
  if (body != nullptr) body->assign((*record)->body.begin(), (*record)->body.end());
  return leaf_record(**record);
}

Result<ProvedRecord> Prover::proved(Position position) {
  auto record = read(position);
  if (!record) return tl::unexpected(record.error());
  auto proof = crypto::inclusion_proof(hashes_, position.value, checkpoint_.size);
  if (!proof) return tl::unexpected(proof.error());
  return ProvedRecord{position, std::move(*record), std::move(*proof)};
}

Result<std::string> Prover::prove(Position position, const std::optional<wire::DeliveryKey>& delivery) {
  auto record = proved(position);
  if (!record) return tl::unexpected(record.error());
  Receipt receipt;
  receipt.record = std::move(record->record);
  Position decided_at = position;
  if (is_event(receipt.record) && delivery) {
    receipt.delivery = delivery;
    std::vector<Position> needed = {delivery->document};
    if (delivery->replay.value != 0) needed.push_back(delivery->replay);
    for (const Position other : needed) {
      auto rest = proved(other);
      if (!rest) return tl::unexpected(rest.error());
      receipt.rests_on.push_back(std::move(*rest));
    }
    decided_at = delivery->document;
  }
  const bool is_decided = is_document(receipt.record) || receipt.delivery;
  if (is_decided) {
    const LeafRecord decided = receipt.delivery ? receipt.rests_on.front().record : receipt.record;
    if (auto added = add_signature(receipt, decided_at, decided); !added) return tl::unexpected(added.error());
    if (auto added = add_agreements(receipt, decided_at, decided); !added) return tl::unexpected(added.error());
  }
  return crypto::write_tlog_proof({encode(receipt), position.value, std::move(record->proof), note_});
}

Result<void> Prover::add_signature(Receipt& receipt, Position position, const LeafRecord& decided) {
  const auto document = document_facts(decided);
  if (!document) return tl::unexpected(document.error());
  Buffer body;
  const auto batch = read(document->batch, &body);
  if (!batch) return tl::unexpected(batch.error());
  auto signature = signature_in(*batch, body, document->index);
  if (!signature) return tl::unexpected(signature.error());
  receipt.batch = std::move(*signature);

  const std::string sender(document->sender);
  auto certificates =
      history_.versions(registry::ItemKind::certificate, sender + "/" + to_hex(document->key), position);
  if (!certificates) return tl::unexpected(certificates.error());
  for (ConfigurationHistory::Version& version : *certificates) {
    const auto credential = registry::read_credential(version.canonical);
    if (!credential) continue;
    const auto& certificate = std::get<registry::Certificate>(credential->statement);
    if (decided.time < certificate.active_from || decided.time >= certificate.active_until) continue;
    receipt.certificate = std::move(version.canonical);
    break;
  }
  const auto parties = history_.versions(registry::ItemKind::party, sender, position);
  if (!parties) return tl::unexpected(parties.error());
  for (const ConfigurationHistory::Version& version : *parties) {
    const auto json = nlohmann::json::parse(version.canonical, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("root_key")) continue;
    const auto key = from_base64(json["root_key"].get<std::string>());
    if (key) receipt.root_key = fixed<32>(*key);
    break;
  }
  return {};
}

Result<void> Prover::add_agreements(Receipt& receipt, Position position, const LeafRecord& decided) {
  const auto document = document_facts(decided);
  if (!document) return tl::unexpected(document.error());
  for (const wire::OutcomeRow& row : document->outcomes) {
    if (row.agreement.empty()) continue;
    auto versions = history_.versions(registry::ItemKind::agreement, std::string(row.agreement), position);
    if (!versions) return tl::unexpected(versions.error());
    for (const ConfigurationHistory::Version& version : *versions) {
      const auto agreement = agreements::parse_canonical(version.canonical);
      if (!agreement || agreement->version != row.agreement_version) continue;
      if (std::ranges::count(receipt.rests_on, version.position, &ProvedRecord::position)) break;
      auto registered = proved(version.position);
      if (!registered) return tl::unexpected(registered.error());
      receipt.rests_on.push_back(std::move(*registered));
      break;
    }
  }
  return {};
}

}  // namespace hub::evidence
