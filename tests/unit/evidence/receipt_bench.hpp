// A hub's log in memory, with a document of toa-an.huyen that btg.huyen got, and receipts about it. What a test changes
// in `log` before a receipt is made is what a hub could forge, since it signs whatever tree it has; what it changes in
// a receipt afterwards is what anybody else could.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "hub/agreements/agreement.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/crypto/batch.hpp"
#include "hub/crypto/tlog_proof.hpp"
#include "hub/evidence/facts.hpp"
#include "hub/evidence/verify.hpp"
#include "hub/registry/item.hpp"
#include "tests/support/sending_party.hpp"
#include "tests/support/tree_rows.hpp"

namespace hub::evidence {

constexpr const char* kOrigin = "hub.test";
constexpr UnixMicros kTime{1'710'205'200'000'000};

// A MessagePack map, field by field.
class Metadata {
 public:
  explicit Metadata(std::uint32_t count) { packer_.pack_map(count); }
  wire::Packer& field(std::uint8_t number) {
    packer_.pack_uint8(number);
    return packer_;
  }
  Metadata& number(std::uint8_t n, std::uint64_t value) { return field(n).pack_uint64(value), *this; }
  Metadata& text(std::uint8_t n, std::string_view value) { return wire::pack_text(field(n), value), *this; }
  Metadata& bytes(std::uint8_t n, ByteView value) { return wire::pack_bytes(field(n), value), *this; }
  wire::Packer& packer() { return packer_; }
  Buffer take() { return std::move(buffer_); }

 private:
  Buffer buffer_;
  BufferStream stream_{buffer_};
  wire::Packer packer_{stream_};
};

inline crypto::SigningKey seeded(std::uint8_t seed) { return crypto::SigningKey::from_seed(Bytes<32>{seed}); }

inline nlohmann::json clause_json(const std::string& id, const std::string& words) {
  return {{"id", id},
          {"words", words},
          {"reading", "explicit"},
          {"permit", {{"type", "trial-result-report"}, {"from", "toa-an"}, {"to", "btg"}}}};
}

inline std::string agreement_json(const crypto::PublicKey& root, std::uint32_t version = 1,
                                  const std::string& clause = "ket-qua-xet-xu", const std::string& words = "Cung cấp") {
  const nlohmann::json json = {{"agreement", "huyen/btg-238"},
                               {"version", version},
                               {"basis", "signed"},
                               {"title", {{"vi", "Quy chế"}, {"en", "Coordination"}}},
                               {"source", {{"text", "003"}}},
                               {"in_force", {{"from", "2024-01-11"}, {"until", nullptr}}},
                               {"parties", {{"btg", "btg.huyen"}, {"toa-an", "toa-an.huyen"}}},
                               {"contact", {{"btg", "Văn phòng"}}},
                               {"root_keys", {{"toa-an", crypto::fingerprint(root)}}},
                               {"clauses", nlohmann::json::array({clause_json(clause, words)})}};
  const auto read = agreements::parse_canonical(json.dump());
  INFO((read ? "" : describe(read.error(), Language::english)));
  REQUIRE(read.has_value());
  return json.dump();
}

struct ReceiptBench {
  enum At : std::size_t { created, registered, batch, accepted, acknowledged, ordered, reported };
  static constexpr std::size_t kRecords = 300;

  crypto::SigningKey tree_key = seeded(3);
  test::SendingParty sender{.id = "toa-an.huyen"};
  Buffer document = test::make_document("toa-an.huyen", "btg.huyen,vks.huyen", 1);
  Buffer row, other_row;
  BatchSignature signature;
  Buffer signed_text;  // of the batch
  std::vector<LeafRecord> log;
  Trust trust{{{kOrigin, tree_key.public_key()}}, {}, {}, true};

  ReceiptBench() { make_log(); }

  // Anew, after the sender or the document was changed.
  void make_log() {
    row.clear();
    other_row.clear();
    wire::write_row(row, {"btg.huyen", "btg.huyen", wire::kAccepted, "huyen/btg-238", 1, "ket-qua-xet-xu"});
    wire::write_row(other_row, {"vks.huyen", "vks.huyen", "no-agreement", "", 0, ""});
    log.assign(kRecords, {});
    for (std::size_t i = 0; i < log.size(); ++i) {
      log[i].kind = static_cast<std::uint8_t>(broker::RecordKind::hub_started);
      log[i].time = UnixMicros(kTime.value + static_cast<std::int64_t>(i));
      log[i].nonce = Bytes<16>{static_cast<std::uint8_t>(i)};
    }
    sign_batch(sender.key);
    register_agreement(agreement_json(sender.root.public_key()));
    accept({row, other_row});
    set(acknowledged, broker::RecordKind::deliveries_acknowledged, deliveries({{Position(accepted), 0, {}}}));
    set(ordered, broker::RecordKind::delivery_ordered,
        Metadata(3)
            .number(1, static_cast<std::uint64_t>(broker::OrderAction::replay))
            .number(2, accepted)
            .number(3, 0)
            .take());
    set(reported, broker::RecordKind::delivery_reported, report({Position(accepted), 0, Position(ordered)}));
  }

  void set(std::size_t at, broker::RecordKind kind, Buffer metadata) {
    log[at].kind = static_cast<std::uint8_t>(kind);
    log[at].metadata = std::move(metadata);
  }
  void register_agreement(const std::string& canonical) {
    set(registered, broker::RecordKind::configuration_changed,
        Metadata(3)
            .number(1, static_cast<std::uint64_t>(registry::ItemKind::agreement))
            .text(2, "huyen/btg-238")
            .text(3, canonical)
            .take());
  }
  void sign_batch(const crypto::SigningKey& key) {
    const crypto::Digest leaf = crypto::batch_leaf(crypto::sha256(document));
    signature = {sender.id, crypto::key_id(sender.key.public_key()), 1, 0, {}, {}};
    signed_text = crypto::batch_signed_text({kOrigin, sender.id, signature.key, 1, crypto::merkle_root({&leaf, 1})});
    signature.signature = key.sign(signed_text);
  }
  void accept(const std::vector<Buffer>& rows) {
    Metadata metadata(9);
    metadata.number(1, batch).number(2, 0).bytes(3, test::numbered_id(1).bytes).text(5, "trial-result-report/1");
    metadata.text(6, sender.id).text(7, sender.id + "/folder").bytes(8, signature.key);
    metadata.bytes(9, crypto::envelope_digest(signed_text, signature.signature));
    std::vector<crypto::Digest> leaves;
    metadata.field(15).pack_array(static_cast<std::uint32_t>(rows.size()));
    for (const Buffer& bytes : rows) {
      wire::pack_bytes(metadata.packer(), bytes);
      leaves.push_back(crypto::leaf_hash(bytes));
    }
    set(accepted, broker::RecordKind::document_accepted, metadata.take());
    log[accepted].body_digest = crypto::sha256(document);
    log[accepted].outcome_root = crypto::merkle_root(leaves);
  }
  static Buffer deliveries(const std::vector<wire::DeliveryKey>& keys) {
    Metadata metadata(2);
    metadata.text(1, "btg.huyen/folder");
    wire::Packer& packer = metadata.field(5);
    packer.pack_array(static_cast<std::uint32_t>(keys.size()));
    for (const wire::DeliveryKey& key : keys)
      packer.pack_array(2).pack_uint64(key.origin().value).pack_uint8(key.outcome_index);
    return metadata.take();
  }
  static Buffer report(const wire::DeliveryKey& key) {
    Metadata metadata(6);
    metadata.text(1, "btg.huyen/folder").number(2, key.document.value).number(3, key.outcome_index);
    metadata.number(4, static_cast<std::uint64_t>(wire::DeliveryStatus::finished)).field(7).pack_true();
    return metadata.number(8, key.replay.value).take();
  }

  // What a hub would hand out about a record of the log as it is now.
  struct Made {
    Receipt receipt;
    crypto::TlogProof file;
    std::string text() {
      file.extra = encode(receipt);
      return crypto::write_tlog_proof(file);
    }
  };
  Made make(std::size_t at, const std::vector<std::size_t>& rests_on,
            std::optional<wire::DeliveryKey> delivery = {}) const {
    crypto::TreeRows rows;
    crypto::MerkleFrontier tree;
    for (const LeafRecord& record : log) {
      rows.add(record.leaf());
      tree.add(record.leaf());
    }
    const auto proof = [&](std::size_t index) { return crypto::inclusion_proof(rows, index, log.size()).value(); };
    Made out;
    out.receipt.record = log[at];
    for (const std::size_t other : rests_on)
      out.receipt.rests_on.push_back({Position(other), log[other], proof(other)});
    out.receipt.delivery = delivery;
    out.receipt.batch = signature;
    out.receipt.certificate = sender.certificate();
    out.receipt.root_key = sender.root.public_key();
    out.file.index = at;
    out.file.hashes = proof(at);
    out.file.checkpoint =
        crypto::sign_note(crypto::checkpoint_text({kOrigin, log.size(), tree.root()}), kOrigin, tree_key);
    return out;
  }
  Made of_document() const { return make(accepted, {registered}); }
  Made of_delivery() const {
    return make(acknowledged, {accepted, registered}, wire::DeliveryKey{Position(accepted), 0, {}});
  }
  Made of_replay() const {
    return make(reported, {accepted, ordered, registered}, wire::DeliveryKey{Position(accepted), 0, Position(ordered)});
  }

  // "step: reason" of the failure, the code of another error, empty when everything holds.
  std::string failure(Made made) const {
    const Verdict verdict = verify_receipt(made.text(), trust);
    if (!verdict.failure) return "";
    if (verdict.failure->code != ErrorCode::receipt_invalid) return std::string(code_text(verdict.failure->code));
    return verdict.failure->fact("step") + ": " + verdict.failure->fact("reason");
  }
};

}  // namespace hub::evidence
