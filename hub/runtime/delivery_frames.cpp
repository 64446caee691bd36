#include "hub/runtime/delivery_frames.hpp"

#include "hub/base/check.hpp"
#include "hub/broker/records.hpp"
#include "hub/crypto/batch.hpp"

namespace hub::runtime {
namespace {

// What a delivery needs of an acceptance record's metadata (records.hpp, DocumentDecided).
struct Facts {
  Position batch;
  std::uint32_t index = 0;
  std::string_view sender;
  crypto::KeyId key{};
  std::vector<ByteView> rows;
};

bool read_facts(ByteView metadata, Facts& out) {
  MsgpackReader in(metadata);
  out.rows.clear();
  const auto fields = in.read_map();
  for (std::uint32_t i = 0; fields && i < *fields; ++i) {
    const auto field = in.read_uint();
    if (!field) return false;
    if (*field == 1) {
      out.batch = Position(in.read_uint().value_or(0));
    } else if (*field == 2) {
      out.index = static_cast<std::uint32_t>(in.read_uint().value_or(0));
    } else if (*field == 6) {
      out.sender = in.read_string().value_or("");
    } else if (*field == 8) {
      out.key = fixed<16>(in.read_binary().value_or(ByteView())).value_or(crypto::KeyId{});
    } else if (*field == 15) {
      const std::uint32_t rows = in.read_array().value_or(0);
      for (std::uint32_t r = 0; r < rows; ++r) out.rows.push_back(in.read_binary().value_or(ByteView()));
    } else if (!in.skip()) {
      return false;
    }
  }
  return fields && in.at_end();
}

void flatten(const std::vector<crypto::Digest>& digests, Buffer& out) {
  out.clear();
  for (const crypto::Digest& digest : digests) append(out, digest);
}

}  // namespace

void DeliveryFrames::start(StreamSequence first) {
  frame_.first = first;
  frame_.groups.clear();
  range_proofs_.clear();
  count_ = bytes_ = 0;
  next_index_ = 0;
}

Result<void> DeliveryFrames::read_batch(Position position) {
  const auto view = journal_.read(position, batch_scratch_);
  if (!view) return tl::unexpected(view.error());
  HUB_CHECK(view->kind == static_cast<std::uint8_t>(broker::RecordKind::batch_received));
  MsgpackReader in(view->metadata);
  const auto fields = in.read_map();
  for (std::uint32_t i = 0; fields && i < *fields; ++i) {
    const auto field = in.read_uint();
    if (field == 4u) {
      batch_.count = static_cast<std::uint32_t>(in.read_uint().value_or(0));
    } else if (field == 6u) {
      batch_.signature = fixed<64>(in.read_binary().value_or(ByteView())).value_or(crypto::Signature{});
    } else {
      HUB_CHECK(in.skip());
    }
  }
  HUB_CHECK(view->body.size() == std::size_t{batch_.count} * 32);
  batch_.leaves.clear();
  for (std::size_t i = 0; i < batch_.count; ++i)
    batch_.leaves.push_back(crypto::batch_leaf(*fixed<32>(view->body.subspan(32 * i, 32))));
  batch_.position = position;
  return {};
}

void DeliveryFrames::prove_row(const std::vector<ByteView>& rows, std::size_t index, Buffer& out) {
  out.clear();
  if (rows.size() == 1) return;
  std::vector<crypto::Digest> leaves;
  for (const ByteView row : rows) leaves.push_back(crypto::leaf_hash(row));
  flatten(crypto::range_proof(leaves, index, 1), out);
}

Result<void> DeliveryFrames::add(const broker::PendingDelivery& delivery) {
  if (scratches_.size() == count_) scratches_.push_back(std::make_unique<Scratch>());
  Scratch& scratch = *scratches_[count_];
  const auto view = journal_.read(delivery.position, scratch.record);
  if (!view) return tl::unexpected(view.error());
  const auto body = recorder_.open_body(*view, scratch.body);
  if (!body) return tl::unexpected(body.error());
  thread_local Facts facts;
  HUB_CHECK(read_facts(view->metadata, facts) && delivery.outcome_index < facts.rows.size());
  const bool continues = !frame_.groups.empty() && batch_.position == facts.batch && next_index_ == facts.index;
  if (!continues) {
    if (!frame_.groups.empty()) finish_group();
    if (batch_.leaves.empty() || batch_.position != facts.batch)
      if (auto read = read_batch(facts.batch); !read) return read;
    frame_.groups.push_back({facts.sender, facts.key, batch_.count, facts.index, batch_.signature, {}, {}});
  }
  prove_row(facts.rows, delivery.outcome_index, scratch.row_proof);
  const auto head = journal_.recent_head_digest(delivery.position);
  frame_.groups.back().deliveries.push_back(
      {delivery.position, delivery.outcome_index, static_cast<std::uint8_t>(facts.rows.size()), view->time,
       head ? *head : journal::head_digest(view->nonce, view->kind, view->time, view->metadata),
       facts.rows[delivery.outcome_index], scratch.row_proof, *body, delivery.replay});
  next_index_ = facts.index + 1;
  bytes_ += body->size() + 512;
  ++count_;
  return {};
}

void DeliveryFrames::finish_group() {
  wire::DeliveryGroup& group = frame_.groups.back();
  range_proofs_.emplace_back();
  if (group.deliveries.size() < batch_.count)
    flatten(crypto::range_proof(batch_.leaves, group.first_index, group.deliveries.size()), range_proofs_.back());
}

void DeliveryFrames::write(Buffer& out) {
  if (!frame_.groups.empty()) finish_group();
  for (std::size_t i = 0; i < frame_.groups.size(); ++i) frame_.groups[i].range_proof = range_proofs_[i];
  wire::write(out, frame_);
}

}  // namespace hub::runtime
