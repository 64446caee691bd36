// Makes frames of deliveries from the journal: documents, the signatures that cover them, and the proofs.
// Owned by the engine's thread; keeps its buffers from frame to frame.
#pragma once

#include <memory>

#include "hub/broker/delivery_queue.hpp"
#include "hub/runtime/recorder.hpp"
#include "hub/wire/delivery.hpp"

namespace hub::runtime {

class DeliveryFrames {
 public:
  explicit DeliveryFrames(const Recorder& recorder) : recorder_(recorder), journal_(recorder.journal()) {}

  void start(StreamSequence first);
  // Adds a delivery to the frame. One that can't be read back is not added: segment_archived, document_erased,
  // storage_key_missing, journal_damaged, io_failed.
  Result<void> add(const broker::PendingDelivery& delivery);
  bool full() const { return bytes_ >= wire::kDeliveryFrameBytes; }
  bool empty() const { return count_ == 0; }
  const std::vector<wire::DeliveryGroup>& groups() const { return frame_.groups; }
  void write(Buffer& out);

 private:
  struct Batch {
    Position position;
    std::uint32_t count = 0;
    crypto::Signature signature{};
    std::vector<crypto::Digest> leaves;
  };
  struct Scratch {
    Buffer record, body, row_proof;
  };
  Result<void> read_batch(Position position);
  void finish_group();
  void prove_row(const std::vector<ByteView>& rows, std::size_t index, Buffer& out);

  const Recorder& recorder_;
  const journal::Journal& journal_;
  wire::Deliveries frame_;
  Batch batch_;                                     // of the group that is open
  std::vector<Buffer> range_proofs_;                // one a group
  std::vector<std::unique_ptr<Scratch>> scratches_; // one a delivery: what the frame's views point into
  Buffer batch_scratch_;
  std::uint32_t next_index_ = 0;
  std::size_t count_ = 0, bytes_ = 0;
};

}  // namespace hub::runtime
