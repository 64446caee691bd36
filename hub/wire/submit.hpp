// Documents on their way in, and the answers to them.
#pragma once

#include "hub/base/time.hpp"
#include "hub/crypto/keys.hpp"
#include "hub/wire/outcome.hpp"

namespace hub::wire {

// Endpoint -> hub: a batch of documents under one signature (crypto/batch.hpp).
struct Submit {
  std::uint64_t batch = 0;            // 1  the endpoint's number; the answer carries it
  crypto::KeyId key{};                // 2
  crypto::Signature signature{};      // 3
  std::vector<ByteView> documents;    // 4  1..256
};

void write(Buffer& out, const Submit& m);
// Reuses `out`'s memory. batch_too_large, document_too_large, frame_malformed, field_unknown.
Result<void> read_submit(ByteView payload, Submit& out);

// One recipient's outcome in an answer: the row, and the facts of a refusal.
struct ResultRow {
  ByteView row;
  std::vector<Fact> facts;
};

// The answer to one document. An array:
//   [outcome, position, leaf, time, again, [[row, facts]...], facts]
// outcome: "accepted" when at least one recipient's is, else the (first) refusal's code. position, leaf, time: of the
// record; again: it was accepted before, under this position. Without rows the document as a whole was refused.
struct DocumentResult {
  std::string_view outcome;
  Position position;
  crypto::Digest leaf{};
  UnixMicros time;
  bool again = false;
  std::vector<ResultRow> rows;
  std::vector<Fact> facts;
};

// Hub -> endpoint: answers to a batch, in the order of its documents.
//   1 batch, 2 index in the batch of the first answer, 3 results
// A batch to many recipients has answers that no frame holds, so they may come in several frames, in order.
class ResultsWriter {
 public:
  ResultsWriter(Buffer& out, std::uint64_t batch, std::size_t count, std::size_t first = 0);
  void add(const DocumentResult& result);

 private:
  BufferStream stream_;
  Packer packer_;
};

struct Results {
  std::uint64_t batch = 0;
  std::vector<DocumentResult> results;
  std::uint32_t first = 0;  // index in the batch of the first result
};
Result<Results> read_results(ByteView payload);

}  // namespace hub::wire
