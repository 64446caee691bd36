// What the hub says, message by message.
#include <algorithm>

#include "adapters/sdk/session.hpp"
#include "hub/crypto/tree_proof.hpp"

namespace hub::sdk {
namespace {

// After these the hub is not believed any more, or this endpoint's store does not belong to it.
bool is_final(ErrorCode code) {
  return code == ErrorCode::delivery_invalid || code == ErrorCode::journal_mismatch ||
         code == ErrorCode::journal_behind || code == ErrorCode::tree_forked || code == ErrorCode::note_untrusted;
}

}  // namespace

void Client::Session::receive(std::size_t frames_max) {
  for (std::size_t i = 0; i < frames_max && (state_ == State::greeting || state_ == State::ready); ++i) {
    auto message = transport_.receive();
    if (!message) return;
    last_received_ = now_;
    if (const auto taken = take(messages_.emplace_back(std::move(*message))); !taken) {
      hand_over();  // what came before the bad frame was good
      if (is_final(taken.error().code)) {
        fail_for_good(taken.error());
      } else if (state_ != State::closed && state_ != State::failed) {
        Buffer frame;
        wire::write(frame, wire::Goodbye{taken.error()});
        send(std::move(frame));
        end(taken.error());
      }
    }
  }
}

Result<void> Client::Session::take(zmq::message_t& message) {
  const auto frame = wire::read_frame({message.data<std::uint8_t>(), message.size()});
  if (!frame) return tl::unexpected(frame.error());
  const bool opens = frame->kind == wire::Kind::welcome || frame->kind == wire::Kind::goodbye;
  if (!opens && state_ != State::ready) return tl::unexpected(wire::malformed_frame("a message before WELCOME"));
  if (checkpoint_due_ && !opens && frame->kind != wire::Kind::checkpoint && frame->kind != wire::Kind::error)
    return tl::unexpected(wire::malformed_frame("the checkpoint comes first after WELCOME"));
  switch (frame->kind) {
    case wire::Kind::welcome: return take_welcome(frame->payload);
    case wire::Kind::checkpoint: return take_checkpoint(frame->payload);
    case wire::Kind::results: return take_results(frame->payload);
    case wire::Kind::deliveries: return take_deliveries(frame->payload);
    case wire::Kind::receipts: return take_receipts(frame->payload);
    case wire::Kind::credentials: return take_credentials(frame->payload);
    case wire::Kind::answer: return take_answer(frame->payload);
    case wire::Kind::error: return take_error(frame->payload);
    case wire::Kind::goodbye: return take_goodbye(frame->payload);
    case wire::Kind::heartbeat: return {};
    default: return tl::unexpected(wire::malformed_frame("a message that only an endpoint sends"));
  }
}

Result<void> Client::Session::take_welcome(ByteView payload) {
  auto welcome = wire::read_welcome(payload);
  if (!welcome) return tl::unexpected(welcome.error());
  if (state_ != State::greeting) return tl::unexpected(wire::malformed_frame("a second WELCOME"));
  Progress& progress = options_.progress;
  if (progress.journal_id && *progress.journal_id != welcome->journal_id) return fail(ErrorCode::journal_mismatch);
  if (welcome->durable_end < progress.position_seen)
    return fail(ErrorCode::journal_behind, {{"position", std::to_string(progress.position_seen.value - 1)}});
  if (welcome->party != options_.party) return fail(ErrorCode::endpoint_mismatch, {{"party", options_.party}});
  // A hub that told a nonsensical interval must not make this side spin or sleep for ever.
  welcome->heartbeat_millis = std::clamp<std::uint64_t>(welcome->heartbeat_millis, 100, 60'000);
  welcome->heartbeats_missed_max = std::clamp<std::uint64_t>(welcome->heartbeats_missed_max, 2, 10);
  welcome_ = *welcome;
  progress.journal_id = welcome->journal_id;
  // An endpoint that lost its store goes on where the hub says.
  last_delivery_ = std::max(progress.deliveries_stored, StreamSequence(std::max<std::uint64_t>(
                                                            welcome->deliveries_next.value, 1) - 1));
  last_receipt_ = std::max(progress.receipts_stored, StreamSequence(std::max<std::uint64_t>(
                                                         welcome->receipts_next.value, 1) - 1));
  checkpoint_due_ = !options_.tree_keys.empty();
  state_ = State::ready;
  pause_ = std::chrono::milliseconds(0);
  submitter_.start(welcome_);
  if (welcome_.bulk_port != 0) bulk_.start(bulk_address(), welcome_.journal_id);
  events_.on_connected(welcome_);
  report_requests_.clear();
  for (const auto& [ticket, report] : reports_) send_report(report);
  return {};
}

// What the hub shows now must continue what it showed before: it can't take anything back, or show others another log.
Result<void> Client::Session::take_checkpoint(ByteView payload) {
  const auto message = wire::read_checkpoint(payload);
  if (!message) return tl::unexpected(message.error());
  const auto shown = crypto::open_checkpoint(message->note, welcome_.origin, options_.tree_keys);
  if (!shown) return tl::unexpected(shown.error());
  const auto forked = [&](const char* reason) {
    return fail(ErrorCode::tree_forked, {{"seen_size", std::to_string(tree_seen_->size)},
                                         {"shown_size", std::to_string(shown->size)},
                                         {"reason", reason}});
  };
  if (tree_seen_) {
    std::vector<crypto::Digest> proof(message->proof.size() / sizeof(crypto::Digest));
    if (!proof.empty()) std::memcpy(proof.data(), message->proof.data(), message->proof.size());
    if (shown->size < tree_seen_->size) return forked("it is shorter");
    if (shown->size == tree_seen_->size && shown->root != tree_seen_->root) return forked("its root is another");
    if (shown->size > tree_seen_->size &&
        !crypto::verify_consistency(tree_seen_->size, tree_seen_->root, shown->size, shown->root, proof))
      return forked("the proof that it does is wrong");
  }
  checkpoint_due_ = false;
  if (tree_seen_ == *shown) return {};
  tree_seen_ = *shown;
  options_.progress.checkpoint = message->note;
  events_.on_checkpoint();
  return {};
}

Result<void> Client::Session::take_results(ByteView payload) {
  const auto results = wire::read_results(payload);
  if (!results) return tl::unexpected(results.error());
  auto taken = submitter_.take(*results, now_);
  answered(results->results.size());
  return taken;
}

Result<void> Client::Session::take_deliveries(ByteView payload) {
  const auto frame = wire::read_deliveries(payload);
  if (!frame) return tl::unexpected(frame.error());
  if (frame->first > last_delivery_.next())
    return fail(ErrorCode::delivery_invalid, {{"position", "?"}, {"reason", "deliveries are missing before it"}});
  StreamSequence sequence = frame->first;
  for (const wire::DeliveryGroup& group : frame->groups) {
    verified_.clear();
    if (auto good = verifier_.verify(group, welcome_.origin, sequence, verified_); !good) return good;
    for (const VerifiedDelivery& delivery : verified_) {
      // What is already stored comes again when an acknowledgement was lost.
      if (delivery.sequence <= last_delivery_) continue;
      deliveries_.push_back(delivery);
      last_delivery_ = delivery.sequence;
      saw(delivery.delivery.position);
    }
    sequence = StreamSequence(sequence.value + group.deliveries.size());
  }
  return {};
}

Result<void> Client::Session::take_receipts(ByteView payload) {
  const auto frame = wire::read_receipts(payload);
  if (!frame) return tl::unexpected(frame.error());
  if (frame->first > last_receipt_.next())
    return tl::unexpected(wire::malformed_frame("receipts are missing before these"));
  StreamSequence sequence = frame->first;
  for (const wire::Receipt& receipt : frame->receipts) {
    if (sequence > last_receipt_) {
      receipts_.push_back({sequence, receipt});
      last_receipt_ = sequence;
      saw(receipt.record);
    }
    sequence = sequence.next();
  }
  return {};
}

Result<void> Client::Session::take_credentials(ByteView payload) {
  const auto credentials = wire::read_credentials(payload);
  if (!credentials) return tl::unexpected(credentials.error());
  for (const std::string_view text : credentials->texts)
    if (const auto added = verifier_.add_credential(text); !added) events_.on_error(added.error());
  return {};
}

Result<void> Client::Session::take_answer(ByteView payload) {
  const auto answer = wire::read_answer(payload);
  if (!answer) return tl::unexpected(answer.error());
  if (const auto asked = report_requests_.find(answer->request); asked != report_requests_.end()) {
    const ReportTicket ticket = asked->second;
    report_requests_.erase(asked);
    reports_.erase(ticket);
    events_.on_report_answer(ticket, answer->position, answer->refusal);
    return {};
  }
  if (answers_due_ > 0) --answers_due_;
  events_.on_answer(answer->request, answer->refusal);
  return {};
}

Result<void> Client::Session::take_error(ByteView payload) {
  const auto message = wire::read_error(payload);
  if (!message) return tl::unexpected(message.error());
  if (message->batch) {
    submitter_.take_refusal(*message->batch, message->error, now_);
    answered(repeating_);  // nobody can say which documents those were: receipts must not wait for ever
  } else {
    answers_due_ = 0;  // it may have been a credential: documents must not wait for an answer that never comes
  }
  events_.on_error(message->error);
  return {};
}

Result<void> Client::Session::take_goodbye(ByteView payload) {
  const auto goodbye = wire::read_goodbye(payload);
  if (!goodbye) return tl::unexpected(goodbye.error());
  const Error reason = goodbye->reason.value_or(Error{ErrorCode::hub_stopping, {}});
  hand_over();
  if (is_final(reason.code)) {
    fail_for_good(reason);
  } else if (state_ != State::failed) {
    end(reason);
  }
  return {};
}

}  // namespace hub::sdk
