#include "adapters/sdk/session.hpp"

#include <algorithm>

#include "adapters/sdk/pauses.hpp"
#include "hub/base/check.hpp"

namespace hub::sdk {
namespace {

constexpr std::size_t kFramesPerTurn = 64;
constexpr int kBatchesPerTurn = 16;

UnixMicros wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return UnixMicros(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

std::chrono::milliseconds heartbeat_interval(const wire::Welcome& welcome) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(welcome.heartbeat_millis));
}
std::chrono::milliseconds silence_limit(const wire::Welcome& welcome) {
  return heartbeat_interval(welcome) * static_cast<std::int64_t>(welcome.heartbeats_missed_max);
}

TransportOptions transport_options(const ClientOptions& o) {
  return {o.address, o.hub_key, o.transport_public, o.transport_secret};
}

}  // namespace

Client::Session::Session(ClientOptions options, Events& events)
    : options_(std::move(options)),
      events_(events),
      transport_(transport_options(options_)),
      submitter_(
          options_.signing_key, options_.party,
          [this](Ticket ticket, const wire::DocumentResult& result) {
            saw(result.position);
            events_.on_result(ticket, result);
          },
          [this](Ticket ticket, ErrorCode code, ByteView document) { hold(ticket, code, document); }),
      bulk_({transport_options(options_), options_.endpoint}, bulk_handlers()),
      verifier_(options_.party, options_.pins),
      last_delivery_(options_.progress.deliveries_stored),
      last_receipt_(options_.progress.receipts_stored) {
  if (options_.progress.checkpoint.empty()) return;
  const std::string_view note = options_.progress.checkpoint;
  if (const auto seen = crypto::parse_checkpoint(note.substr(0, note.rfind("\n\n") + 1))) tree_seen_ = *seen;
}

void Client::Session::poll(std::chrono::microseconds timeout, std::span<pollfd> others) {
  now_ = std::chrono::steady_clock::now();
  if (state_ == State::closed && now_ >= open_at_) open(now_);
  const bool more = state_ == State::ready && send_batches();
  transport_.wait(more ? std::chrono::microseconds(0) : std::min(timeout, until_next_deadline()), others,
                  bulk_.transport());
  now_ = std::chrono::steady_clock::now();
  receive(kFramesPerTurn);
  take_events();
  hand_over();
  keep_alive();
  if (state_ == State::ready) bulk_.work(now_);
}

// A document that lacks its attachments at the hub, or that waits until its party has less under way.
void Client::Session::hold(Ticket ticket, ErrorCode code, ByteView document) {
  if (code == ErrorCode::attachments_quota) return bulk_.wait_for_quota(ticket, now_);
  const auto view = registry::read_document(document);
  HUB_CHECK(view.has_value());  // the hub read it too
  bulk_.upload(ticket, registry::read_attachments(view->attachments));
}

std::string Client::Session::bulk_address() const {
  return options_.address.substr(0, options_.address.rfind(':') + 1) + std::to_string(welcome_.bulk_port);
}

Bulk::Handlers Client::Session::bulk_handlers() {
  return {[this](Ticket ticket, std::size_t attachment) { return events_.open_content(ticket, attachment); },
          [this](Ticket ticket) { submitter_.submit_again(ticket); },
          [this](Ticket ticket, const Error& error) { submitter_.refuse_held(ticket, error); },
          [this](const ContentRequest& request, const std::optional<Error>& failure) {
            if (auto taken = events_.on_content(request, failure); !taken) fail_for_good(taken.error());
          }};
}

void Client::Session::disconnect() {
  if (state_ == State::greeting || state_ == State::ready) {
    Buffer frame;
    wire::write(frame, wire::Goodbye{});
    send(std::move(frame));
  }
  transport_.close();
  submitter_.stop();
  bulk_.stop();
  if (state_ != State::failed) state_ = State::closed;
}

void Client::Session::open(SteadyTime now) {
  if (const auto opened = transport_.open(); !opened) {
    end(opened.error());
    return;
  }
  state_ = State::connecting;
  last_sent_ = last_received_ = now;
}

void Client::Session::say_hello() {
  wire::Hello hello;
  hello.endpoint = options_.endpoint;
  hello.journal_id = options_.progress.journal_id;
  hello.deliveries_stored = options_.progress.deliveries_stored;
  hello.receipts_stored = options_.progress.receipts_stored;
  hello.deliveries_window_items = options_.deliveries_window_items;
  hello.deliveries_window_bytes = options_.deliveries_window_bytes;
  // No receipts before the answers to what goes again: a recipient's refusal that this side has taken in makes a
  // repetition a resend, which goes to that recipient once more.
  repeating_ = submitter_.ready_documents();
  hello.receipts_window_items = repeating_ == 0 ? options_.receipts_window_items : 0;
  hello.position_seen = options_.progress.position_seen;
  hello.software = options_.software;
  if (!options_.tree_keys.empty()) hello.tree_seen = tree_seen_ ? tree_seen_->size : 0;
  Buffer frame;
  wire::write(frame, hello);
  welcome_ = wire::Welcome{};
  state_ = State::greeting;
  last_received_ = now_;
  send(std::move(frame));
}

bool Client::Session::send(Buffer frame) {
  last_sent_ = now_;
  return transport_.send(std::move(frame));
}

bool Client::Session::send_batches() {
  if (answers_due_ > 0) return false;
  for (int i = 0; i < kBatchesPerTurn; ++i) {
    Buffer frame;
    if (!submitter_.next_batch(frame, now_)) return false;
    // A frame that can't be sent belongs to a connection that is gone; its batch goes again in the next session.
    if (!send(std::move(frame))) return false;
  }
  return true;
}

std::chrono::microseconds Client::Session::until_next_deadline() const {
  SteadyTime next = now_ + std::chrono::hours(1);
  if (state_ == State::closed) next = open_at_;
  if (state_ == State::greeting || state_ == State::ready)
    next = std::min(last_sent_ + heartbeat_interval(welcome_), last_received_ + silence_limit(welcome_));
  if (state_ == State::ready) next = std::min(next, bulk_.next_deadline(now_));
  if (state_ == State::ready && submitter_.paused_until()) next = std::min(next, *submitter_.paused_until());
  return std::max(std::chrono::duration_cast<std::chrono::microseconds>(next - now_), std::chrono::microseconds(0));
}

void Client::Session::keep_alive() {
  if (state_ != State::greeting && state_ != State::ready) return;
  if (now_ - last_received_ >= silence_limit(welcome_)) {
    end({ErrorCode::heartbeat_missed, {}});
  } else if (state_ == State::ready && now_ - last_sent_ >= heartbeat_interval(welcome_)) {
    Buffer frame;
    wire::write(frame, wire::Heartbeat{wall_clock()});
    send(std::move(frame));
  } else if (state_ == State::greeting && now_ - last_sent_ >= heartbeat_interval(welcome_)) {
    last_sent_ = now_;  // a HELLO that is not answered is followed by nothing
  }
}

std::uint64_t Client::Session::publish(std::string credential) {
  const std::uint64_t request = next_request_++;
  if (state_ != State::ready) return request;  // on_connected publishes again
  Buffer frame;
  wire::write(frame, wire::Credential{request, credential});
  if (send(std::move(frame))) ++answers_due_;
  return request;
}

void Client::Session::report(StatusReport report) {
  const auto [entry, is_new] = reports_.emplace(report.ticket, std::move(report));
  if (is_new && state_ == State::ready) send_report(entry->second);
}

void Client::Session::send_report(const StatusReport& report) {
  const std::uint64_t request = next_request_++;
  Buffer frame;
  wire::write(frame, wire::Report{request, report.delivery, report.status, report.reason, report.time, report.cause,
                                  report.permanent});
  if (send(std::move(frame))) report_requests_[request] = report.ticket;
}

void Client::Session::take_events() {
  while (state_ != State::closed && state_ != State::failed) {
    switch (transport_.next_event()) {
      case Transport::Event::none: return;
      case Transport::Event::connected:
        if (state_ == State::connecting) say_hello();
        break;
      case Transport::Event::key_refused: end({ErrorCode::endpoint_unknown, {}}); break;
      case Transport::Event::lost:
        // Nothing more comes; what came before the loss still counts, a GOODBYE with its reason above all.
        receive(SIZE_MAX);
        hand_over();
        if (state_ != State::closed && state_ != State::failed) end({ErrorCode::heartbeat_missed, {}});
        break;
    }
  }
}

void Client::Session::hand_over() {
  if (state_ != State::failed && !deliveries_.empty()) {
    const StreamSequence last = deliveries_.back().sequence;
    if (const auto stored = events_.on_deliveries(deliveries_); !stored) {
      fail_for_good(stored.error());
    } else {
      options_.progress.deliveries_stored = last;
      acknowledge(wire::Stream::deliveries, last, options_.deliveries_window_items, options_.deliveries_window_bytes);
    }
  }
  if (state_ != State::failed && !receipts_.empty()) {
    const StreamSequence last = receipts_.back().sequence;
    if (const auto stored = events_.on_receipts(receipts_); !stored) {
      fail_for_good(stored.error());
    } else {
      options_.progress.receipts_stored = last;
      acknowledge(wire::Stream::receipts, last, options_.receipts_window_items, 0);
    }
  }
  deliveries_.clear();
  receipts_.clear();
  messages_.clear();
}

void Client::Session::answered(std::size_t documents) {
  if (repeating_ == 0) return;
  repeating_ -= std::min(documents, repeating_);
  if (repeating_ == 0)
    acknowledge(wire::Stream::receipts, options_.progress.receipts_stored, options_.receipts_window_items, 0);
}

void Client::Session::acknowledge(wire::Stream stream, StreamSequence stored, std::uint64_t items,
                                  std::uint64_t bytes) {
  if (state_ != State::ready) return;
  Buffer frame;
  wire::write(frame, wire::Acknowledge{stream, stored, items, bytes});
  send(std::move(frame));
}

void Client::Session::saw(Position position) {
  options_.progress.position_seen = std::max(options_.progress.position_seen, position.next());
}

void Client::Session::end(const Error& error) {
  transport_.close();
  submitter_.stop();
  bulk_.stop();
  answers_due_ = 0;
  // Two programs that use one endpoint would otherwise supersede each other without end.
  const bool slowly = !catalogue_entry(error.code).retryable || error.code == ErrorCode::session_superseded;
  pause_ = std::clamp(pause_ * 2, slowly ? kPauseAfterRefusal : kPauseMin, kPauseMax);
  open_at_ = now_ + pause_;
  state_ = State::closed;
  events_.on_disconnected(error);
}

void Client::Session::fail_for_good(const Error& error) {
  if (state_ == State::ready || state_ == State::greeting) {
    Buffer frame;
    wire::write(frame, wire::Goodbye{error});
    send(std::move(frame));
  }
  transport_.close();
  submitter_.stop();
  bulk_.stop();
  deliveries_.clear();
  receipts_.clear();
  failure_ = error;
  state_ = State::failed;
  events_.on_disconnected(error);
}

}  // namespace hub::sdk
