// What can be found out about a batch without the core: digests, signature, decoding, schema, names, verdicts. A pure
// function of the batch and the configuration, so it may run on any thread that holds the configuration still until the
// core has decided.
#pragma once

#include "hub/broker/state.hpp"
#include "hub/registry/document.hpp"
#include "hub/wire/submit.hpp"

namespace hub::broker {

struct PreparedRecipient {
  std::string_view name;
  std::optional<PartyIndex> party;
  std::span<const agreements::Candidate> candidates;
  std::size_t first_verdict = 0;  // in PreparedBatch::verdicts, one for each candidate
};

struct PreparedDocument {
  ByteView bytes;
  crypto::Digest digest{};
  std::optional<registry::DocumentView> view;  // nothing: it could not be read
  TypeIndex type;
  std::size_t first_recipient = 0, recipient_count = 0;  // in PreparedBatch::recipients
  std::size_t unneeded_bytes = 0;                        // of the record, for members that a clause doesn't need
  std::optional<Error> refusal;                          // of the document as a whole
};

// Reused from batch to batch, so that a document costs no allocation.
struct PreparedBatch {
  EndpointIndex endpoint;
  PartyIndex sender;
  std::uint64_t number = 0;
  crypto::KeyId key{};
  crypto::Signature signature{};
  crypto::Digest root{}, envelope{};
  std::vector<crypto::Digest> digests;
  std::vector<PreparedDocument> documents;
  std::vector<PreparedRecipient> recipients;
  std::vector<agreements::Verdict> verdicts;
  std::optional<Error> refusal;      // of the whole batch: key or signature
};

// A bound on the bytes of metadata and bodies that the batch's records can have, and on how many records there are.
struct RecordBound {
  std::size_t records = 0, bytes = 0;
};
RecordBound bound_records(const PreparedBatch& batch);

void prepare(const Configuration& configuration, std::string_view origin, EndpointIndex endpoint,
             const wire::Submit& submit, PreparedBatch& out);

}  // namespace hub::broker
