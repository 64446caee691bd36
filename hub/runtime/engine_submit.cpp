// A batch's way in: within the window, prepared, decided document by document, answered.
#include <spdlog/spdlog.h>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/broker/retention.hpp"
#include "hub/log/log.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

bool Engine::on_submit(ports::ConnectionId from, EndpointIndex endpoint, ByteView payload,
                       ports::SteadyNanos received) {
  const auto no = [&](const Error& error) {
    refuse(from, error, submit_.batch);
    return true;
  };
  submit_.batch = 0;
  if (auto read = wire::read_submit(payload, submit_); !read) return no(read.error());
  Session& s = *session(endpoint);
  std::uint64_t bytes = 0;
  for (const ByteView document : submit_.documents) bytes += document.size();
  const auto over = [](std::uint64_t actual, std::uint64_t limit) {
    return Error{ErrorCode::submit_credit_exceeded,
                 {{"limit", std::to_string(limit)}, {"actual", std::to_string(actual)}}};
  };
  const std::uint64_t documents = s.documents_unanswered + submit_.documents.size();
  if (documents > wire::kSubmitWindowDocuments) return no(over(documents, wire::kSubmitWindowDocuments));
  if (s.bytes_unanswered + bytes > wire::kSubmitWindowBytes)
    return no(over(s.bytes_unanswered + bytes, wire::kSubmitWindowBytes));
  if (recorder_.journal().low_on_space()) return no({ErrorCode::storage_full, {}});
  const broker::State& state = recorder_.state();
  broker::prepare(state.configuration, state.created.origin, endpoint, submit_, batch_);
  // Refused without a record, so that the sender sends the documents one by one and only those that must be are refused.
  if (batch_.refusal && (batch_.refusal->code == ErrorCode::batch_too_large ||
                         (batch_.refusal->code == ErrorCode::secrecy_mark && submit_.documents.size() > 1)))
    return no(*batch_.refusal);
  const broker::RecordBound bound = broker::bound_records(batch_);
  if (!recorder_.journal().room(bound.records * journal::kRecordOverheadBytes, bound.bytes)) return false;
  s.documents_unanswered += submit_.documents.size();
  s.bytes_unanswered += bytes;
  const ports::SteadyNanos prepared = clock_.steady();
  if (const auto refusal = broker::decide_batch(state, batch_, recorder_.now())) {
    refuse_batch(from, *refusal, bytes);
  } else {
    take_batch(from, bytes);
  }
  const ports::SteadyNanos decided = clock_.steady();
  ++meters_.batches;
  meters_.document_bytes += bytes;
  meters_.prepare.observe(received, prepared);
  meters_.decide.observe(prepared, decided);
  batch_times_.hold(recorder_.journal().end(), {received, decided});
  return true;
}

// Nothing of the batch can be said to come from the party: one record, and the same answer to each document.
void Engine::refuse_batch(ports::ConnectionId from, const Error& error, std::uint64_t bytes) {
  const auto count = static_cast<std::uint32_t>(submit_.documents.size());
  const journal::Appended appended =
      recorder_.record(broker::BatchRefused{batch_.endpoint, batch_.key, count, error.code});
  ++meters_.batches_refused[error.code];
  meters_.documents.add(code_text(error.code), "", count);
  wire::DocumentResult result;
  result.outcome = code_text(error.code);
  result.position = appended.position;
  result.leaf = appended.leaf;
  result.time = recorder_.now();
  result.facts = error.facts;
  Buffer frame;
  wire::ResultsWriter writer(frame, batch_.number, count);
  for (std::uint32_t i = 0; i < count; ++i) writer.add(result);
  frames_.hold(recorder_.journal().end(), {from, std::move(frame), count, bytes});
}

// The answers go out in frames of so many rows that none can grow beyond the limit of a frame.
void Engine::take_batch(ports::ConnectionId from, std::uint64_t bytes) {
  const std::vector<broker::PreparedDocument>& documents = batch_.documents;
  std::optional<Position> batch_position;  // its record comes before the first that needs it: none, when all came again
  for (std::size_t first = 0; first < documents.size();) {
    std::size_t last = first, rows = 0;
    do {
      rows += documents[last++].recipient_count;
    } while (last < documents.size() && rows + documents[last].recipient_count <= wire::kResultsFrameRows);
    Buffer frame;
    frame.reserve(64 + (last - first) * 128 + rows * 128);
    wire::ResultsWriter writer(frame, batch_.number, last - first, first);
    for (std::size_t i = first; i < last; ++i) writer.add(take_document(i, batch_position));
    const bool all = last == documents.size();
    frames_.hold(recorder_.journal().end(), {from, std::move(frame), last - first, all ? bytes : 0});
    first = last;
  }
}

wire::DocumentResult Engine::take_document(std::size_t index, std::optional<Position>& batch_position) {
  const broker::State& state = recorder_.state();
  references_.clear();
  if (broker::is_about_others(state.configuration, batch_.documents[index])) {
    for (const Position reference : broker::references_of(state, batch_, index))
      references_.push_back(reference.value == 0 ? broker::EarlierAcceptance() : read_earlier(reference));
  }
  auto& document = std::get<broker::DocumentDecided>(document_);
  if (const auto again = broker::decide_document(state, batch_, index, recorder_.now(), references_, document)) {
    ++meters_.documents_again;
    return decide_again(index, *again, batch_position);
  }
  return record_document(index, batch_position);
}

// It was accepted before: those of its recipients that were refused are decided anew.
wire::DocumentResult Engine::decide_again(std::size_t index, Position position,
                                          std::optional<Position>& batch_position) {
  const broker::EarlierAcceptance earlier = read_earlier(position);
  auto& document = std::get<broker::DocumentDecided>(resend_);
  if (!broker::decide_resend(recorder_.state(), batch_, index, recorder_.now(), earlier, references_, document))
    return result_again(position);
  if (document.accepted) {
    std::swap(document_, resend_);
    return record_document(index, batch_position);
  }
  wire::DocumentResult result = result_again(position);
  for (std::size_t i = 0; i < result.rows.size(); ++i) {
    const broker::Outcome& outcome = document.outcomes[i];
    if (!outcome.row.is_accepted_before()) result.rows[i] = {outcome.bytes, outcome.facts};
  }
  return result;
}

wire::DocumentResult Engine::record_document(std::size_t index, std::optional<Position>& batch_position) {
  auto& document = std::get<broker::DocumentDecided>(document_);
  if (document.accepted)
    if (auto needed = need_contents(index)) return *needed;
  std::uint32_t body_key = 0;
  if (document.accepted) {
    const auto key = recorder_.storage_key(broker::retention_months(recorder_.state().configuration, document));
    if (!key) return not_stored(key.error());
    body_key = *key;
  }
  if (!batch_position) {
    digest_list_.clear();
    for (const crypto::Digest& digest : batch_.digests) append(digest_list_, digest);
    const auto count = static_cast<std::uint32_t>(batch_.digests.size());
    batch_position = recorder_
                         .record(broker::BatchReceived{batch_.endpoint, batch_.sender, batch_.key, count, batch_.root,
                                                       batch_.signature},
                                 digest_list_, crypto::sha256(digest_list_))
                         .position;
  }
  document.batch = *batch_position;
  // The body of a refused document is not stored; its digest stands in the record.
  wire::DocumentResult result =
      result_of(document.accepted ? recorder_.record(document_, batch_.documents[index].bytes, document.digest, body_key)
                                  : recorder_.record(document_));
  count_document(result);
  return result;
}

// No key could be made or read for its body: nothing is recorded, and it may come again.
wire::DocumentResult Engine::not_stored(const Error& error) {
  const log::About about(to_text(std::get<broker::DocumentDecided>(document_).id));
  spdlog::error("a document is not taken: {}", describe(error, Language::english));
  wire::DocumentResult result;
  result.outcome = code_text(ErrorCode::storage_full);
  result.time = recorder_.now();
  return result;
}

wire::DocumentResult Engine::result_of(const journal::Appended& appended) {
  const auto& document = std::get<broker::DocumentDecided>(document_);
  wire::DocumentResult result;
  result.position = appended.position;
  result.leaf = appended.leaf;
  result.time = recorder_.now();
  result.facts = document.facts;
  for (const broker::Outcome& outcome : document.outcomes) result.rows.push_back({outcome.bytes, outcome.facts});
  if (document.accepted) {
    result.outcome = wire::kAccepted;
  } else {
    result.outcome = document.refusal ? code_text(*document.refusal) : document.outcomes.front().row.outcome;
  }
  return result;
}

// The answer that was given when the document was accepted.
wire::DocumentResult Engine::result_again(Position position) {
  const auto view = recorder_.journal().read(position, again_scratch_);
  HUB_CHECK(view.has_value());
  auto record = broker::decode(registry(), view->kind, view->metadata, view->body_digest);
  HUB_CHECK(record.has_value());
  document_ = std::move(*record);
  const UnixMicros time = view->time;
  wire::DocumentResult result = result_of({position, journal::leaf_of(*view)});
  result.time = time;
  result.again = true;
  return result;
}

}  // namespace hub::runtime
