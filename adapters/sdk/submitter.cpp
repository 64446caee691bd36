#include "adapters/sdk/submitter.hpp"

#include <algorithm>
#include <iterator>

#include "adapters/sdk/pauses.hpp"
#include "hub/crypto/batch.hpp"

namespace hub::sdk {
namespace {

constexpr std::size_t kFrameHeadBytes = 160;    // of a SUBMIT without its documents
constexpr std::size_t kDocumentHeadBytes = 5;   // of a document in it

Error too_large(std::size_t bytes, std::uint64_t limit) {
  return {ErrorCode::document_too_large, {{"actual", std::to_string(bytes)}, {"limit", std::to_string(limit)}}};
}

}  // namespace

Submitter::Submitter(crypto::SigningKey key, std::string party, OnResult on_result, OnHeld on_held)
    : key_(std::move(key)),
      key_id_(crypto::key_id(key_.public_key())),
      party_(std::move(party)),
      on_result_(std::move(on_result)),
      on_held_(std::move(on_held)) {}

Result<void> Submitter::add(Ticket ticket, Buffer document) {
  if (document.size() > wire::kDocumentBytesMax)
    return tl::unexpected(too_large(document.size(), wire::kDocumentBytesMax));
  ++documents_;
  bytes_ += document.size();
  waiting_.push_back({ticket, std::move(document), false});
  return {};
}

void Submitter::start(const wire::Welcome& welcome) {
  stop();
  welcome_ = welcome;
}

void Submitter::stop() {
  welcome_.reset();
  // The latest batch first, so that the earliest ends up in front.
  for (auto entry = out_.rbegin(); entry != out_.rend(); ++entry) {
    Batch& batch = entry->second;
    batch.items.erase(batch.items.begin(), batch.items.begin() + static_cast<std::ptrdiff_t>(batch.answered));
    put_back(std::move(batch.items));
    put_back(std::move(batch.again));
  }
  out_.clear();
  out_documents_ = out_bytes_ = 0;
  paused_until_.reset();
}

std::size_t Submitter::count_next() const {
  const std::size_t documents_max =
      std::min({welcome_->batch_documents_max, std::uint64_t{wire::kBatchDocumentsMax},
                welcome_->submit_window_documents - std::min(welcome_->submit_window_documents,
                                                             std::uint64_t{out_documents_})});
  std::size_t frame = kFrameHeadBytes, window = out_bytes_, count = 0;
  for (; count < documents_max && count < waiting_.size(); ++count) {
    const Item& item = waiting_[count];
    frame += kDocumentHeadBytes + item.document.size();
    window += item.document.size();
    const bool fits = frame <= welcome_->frame_bytes_max && window <= welcome_->submit_window_bytes &&
                      item.document.size() <= welcome_->document_bytes_max;
    // With nothing out, one document always goes: a window smaller than a document must not hold it for ever.
    if (!fits && !(count == 0 && out_.empty())) break;
    if (item.alone) return count == 0 ? 1 : count;
  }
  return count;
}

bool Submitter::next_batch(Buffer& frame, SteadyTime now) {
  if (paused_until_ && now >= *paused_until_) paused_until_.reset();
  while (welcome_ && !waiting_.empty() && waiting_.front().document.size() > welcome_->document_bytes_max) {
    const Item item = std::move(waiting_.front());
    waiting_.pop_front();
    refuse(item, too_large(item.document.size(), welcome_->document_bytes_max));
  }
  if (!welcome_ || paused_until_ || waiting_.empty()) return false;
  const std::size_t count = count_next();
  if (count == 0) return false;
  Batch batch;
  batch.items.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    batch.bytes += waiting_.front().document.size();
    batch.items.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  out_documents_ += count;
  out_bytes_ += batch.bytes;
  const std::uint64_t number = next_number_++;
  write_batch(frame, number, batch);
  out_.emplace_hint(out_.end(), number, std::move(batch));
  return true;
}

void Submitter::write_batch(Buffer& frame, std::uint64_t number, const Batch& batch) const {
  wire::Submit submit{number, key_id_, {}, {}};
  std::vector<crypto::Digest> leaves;
  leaves.reserve(batch.items.size());
  submit.documents.reserve(batch.items.size());
  for (const Item& item : batch.items) {
    leaves.push_back(crypto::batch_leaf(crypto::sha256(item.document)));
    submit.documents.push_back(item.document);
  }
  submit.signature = key_.sign(crypto::batch_signed_text({welcome_->origin, party_, key_id_,
                                                          static_cast<std::uint32_t>(leaves.size()),
                                                          crypto::merkle_root(leaves)}));
  frame.clear();
  frame.reserve(kFrameHeadBytes + batch.items.size() * kDocumentHeadBytes + batch.bytes);
  wire::write(frame, submit);
}

Result<void> Submitter::take(const wire::Results& results, SteadyTime now) {
  const auto found = out_.find(results.batch);
  if (found == out_.end() || results.first != found->second.answered ||
      results.results.size() > found->second.items.size() - found->second.answered)
    return fail(ErrorCode::frame_malformed,
                {{"offset", "2"}, {"reason", "results for a batch that is not out, or not one a document"}});
  Batch& batch = found->second;
  for (const wire::DocumentResult& result : results.results) {
    Item& item = batch.items[batch.answered++];
    const auto code = result.outcome == wire::kAccepted ? std::nullopt : error_code(result.outcome);
    if (code == ErrorCode::attachments_needed || code == ErrorCode::attachments_quota) {
      const Ticket ticket = item.ticket;
      const auto held = held_.insert_or_assign(ticket, std::move(item)).first;
      on_held_(ticket, *code, held->second.document);
    } else if (code && catalogue_entry(*code).retryable) {
      batch.again.push_back(std::move(item));
    } else {
      pause_ = std::chrono::milliseconds(0);
      finish(item, result);
    }
  }
  if (batch.answered < batch.items.size()) return {};
  out_documents_ -= batch.items.size();
  out_bytes_ -= batch.bytes;
  std::vector<Item> again = std::move(batch.again);
  out_.erase(found);
  if (again.empty()) return {};
  put_back(std::move(again));
  pause(now);
  return {};
}

void Submitter::submit_again(Ticket ticket) {
  const auto held = held_.extract(ticket);
  if (held.empty()) return;
  held.mapped().alone = false;
  waiting_.push_front(std::move(held.mapped()));
}

void Submitter::refuse_held(Ticket ticket, const Error& error) {
  const auto held = held_.extract(ticket);
  if (!held.empty()) refuse(held.mapped(), error);
}

void Submitter::take_refusal(std::uint64_t number, const Error& error, SteadyTime now) {
  const auto found = out_.find(number);
  if (found == out_.end()) return;
  Batch batch = std::move(found->second);
  out_.erase(found);
  out_documents_ -= batch.items.size();
  out_bytes_ -= batch.bytes;
  if (catalogue_entry(error.code).retryable) {
    put_back(std::move(batch.items));
    pause(now);
  } else if (batch.items.size() == 1) {
    refuse(batch.items[0], error);
  } else {
    for (Item& item : batch.items) item.alone = true;
    put_back(std::move(batch.items));
  }
}

void Submitter::finish(const Item& item, const wire::DocumentResult& result) {
  --documents_;
  bytes_ -= item.document.size();
  on_result_(item.ticket, result);
}

void Submitter::refuse(const Item& item, const Error& error) {
  wire::DocumentResult result;
  result.outcome = code_text(error.code);
  result.facts = error.facts;
  finish(item, result);
}

void Submitter::put_back(std::vector<Item> items) {
  waiting_.insert(waiting_.begin(), std::make_move_iterator(items.begin()), std::make_move_iterator(items.end()));
}

// A retryable refusal is about the hub (a full disk, a stop), not about one document: everything waits, in order.
void Submitter::pause(SteadyTime now) {
  pause_ = std::clamp(pause_ * 2, kPauseMin, kPauseMax);
  paused_until_ = now + pause_;
}

}  // namespace hub::sdk
