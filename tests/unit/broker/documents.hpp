// Documents and signed batches of the scenery's parties, for tests of the core and of the engine around it.
#pragma once

#include <msgpack.hpp>
#include <string>
#include <vector>

#include "hub/crypto/batch.hpp"
#include "hub/registry/document.hpp"
#include "hub/wire/submit.hpp"
#include "tests/simulation/scenery.hpp"

namespace hub::test {

constexpr UnixMicros kStart{1'710'205'200'000'000};  // 2024-03-12, when the scenery's agreement is in force
constexpr const char* kOrigin = "test.hub";

inline Uuid numbered(std::uint64_t number) {
  Bytes<16> bytes{};
  store_le(bytes.data(), number);
  return uuid_from_digest(bytes);
}

struct Note {
  std::uint64_t number = 1;
  std::string to = "party-1";
  std::string source = "party-0";
  std::string type = simulation::kPermittedType;
  std::string text = "a";
  UnixMicros time = kStart;
  std::optional<std::uint64_t> conversation = std::nullopt;
  std::uint8_t urgency = 0;
  std::optional<UnixMicros> deliver_at = std::nullopt;
  std::string subject = "Ghi chú";
  std::string docnumber = {};
  std::vector<registry::AttachmentFields> attachments = {};
  std::string case_ref = {};
};

inline Buffer write(const Note& note) {
  registry::DocumentFields fields;
  fields.id = numbered(note.number);
  fields.source = note.source;
  fields.type = note.type;
  fields.subject = note.subject;
  fields.time = note.time;
  fields.to = note.to;
  fields.salt = Bytes<16>{7};
  fields.docnumber = note.docnumber;
  fields.attachments = note.attachments;
  if (note.conversation) fields.conversation = numbered(*note.conversation);
  fields.urgency = note.urgency;
  fields.deliver_at = note.deliver_at;
  BufferStream stream{fields.data};
  msgpack::packer<BufferStream> packer(stream);
  packer.pack_map(note.case_ref.empty() ? 1 : 2);
  packer.pack(std::string("text"));
  packer.pack(note.text);
  if (!note.case_ref.empty()) {
    packer.pack(std::string("case_ref"));
    packer.pack(note.case_ref);
  }
  return registry::write_document(fields);
}

// Owns the documents that `submit` views.
struct SignedBatch {
  std::vector<Buffer> documents;
  wire::Submit submit;

  SignedBatch(const simulation::SimParty& sender, const crypto::SigningKey& key, std::vector<Buffer> given,
              std::uint64_t number = 1)
      : documents(std::move(given)) {
    std::vector<crypto::Digest> leaves;
    for (const Buffer& document : documents) {
      submit.documents.push_back(document);
      leaves.push_back(crypto::batch_leaf(crypto::sha256(document)));
    }
    submit.batch = number;
    submit.key = crypto::key_id(key.public_key());
    const auto count = static_cast<std::uint32_t>(documents.size());
    submit.signature =
        key.sign(crypto::batch_signed_text({kOrigin, sender.id, submit.key, count, crypto::merkle_root(leaves)}));
  }
  SignedBatch(const simulation::SimParty& sender, std::vector<Buffer> given, std::uint64_t number = 1)
      : SignedBatch(sender, sender.signing, std::move(given), number) {}
  SignedBatch(const SignedBatch&) = delete;
  SignedBatch& operator=(const SignedBatch&) = delete;
};

}  // namespace hub::test
