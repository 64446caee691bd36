// What a Client does inside: the state of its connection, from the handshake to the goodbye.
//
//   closed ── open ──▶ connecting ── handshake, HELLO ──▶ greeting ── WELCOME ──▶ ready
//      ▲                    │                                │                       │
//      └─ pause ◀───────────┴──────── loss, silence, GOODBYE ┴───────────────────────┘
//
// `failed` is for ever: see Client::failure.
#pragma once

#include <map>

#include "adapters/sdk/bulk.hpp"
#include "adapters/sdk/client.hpp"
#include "adapters/sdk/transport.hpp"

namespace hub::sdk {

class Client::Session {
 public:
  Session(ClientOptions options, Events& events);

  Submitter& submitter() { return submitter_; }
  Bulk& bulk() { return bulk_; }
  const Progress& progress() const { return options_.progress; }
  const std::optional<Error>& failure() const { return failure_; }
  bool ready() const { return state_ == State::ready; }

  std::uint64_t publish(std::string credential);
  void report(StatusReport report);
  std::size_t unanswered_reports() const { return reports_.size(); }
  void poll(std::chrono::microseconds timeout, std::span<pollfd> others);
  void disconnect();

 private:
  enum class State { closed, connecting, greeting, ready, failed };

  void open(SteadyTime now);
  void hold(Ticket ticket, ErrorCode code, ByteView document);
  std::string bulk_address() const;
  Bulk::Handlers bulk_handlers();
  void say_hello();
  bool send(Buffer frame);
  bool send_batches();                // true: more could go
  void send_report(const StatusReport& report);
  std::chrono::microseconds until_next_deadline() const;
  void keep_alive();

  void receive(std::size_t frames_max);
  Result<void> take(zmq::message_t& message);
  Result<void> take_welcome(ByteView payload);
  Result<void> take_checkpoint(ByteView payload);
  Result<void> take_results(ByteView payload);
  Result<void> take_deliveries(ByteView payload);
  Result<void> take_receipts(ByteView payload);
  Result<void> take_credentials(ByteView payload);
  Result<void> take_answer(ByteView payload);
  Result<void> take_error(ByteView payload);
  Result<void> take_goodbye(ByteView payload);
  void take_events();
  void hand_over();                   // what was received to the handlers; then acknowledges
  void answered(std::size_t documents);
  void acknowledge(wire::Stream stream, StreamSequence stored, std::uint64_t items, std::uint64_t bytes);
  void saw(Position position);

  void end(const Error& error);       // this session; another one follows
  void fail_for_good(const Error& error);

  ClientOptions options_;
  Events& events_;
  Transport transport_;
  Submitter submitter_;
  Bulk bulk_;
  Verifier verifier_;

  State state_ = State::closed;
  std::optional<Error> failure_;
  wire::Welcome welcome_;
  std::optional<crypto::Checkpoint> tree_seen_;
  bool checkpoint_due_ = false;       // the first message after WELCOME
  SteadyTime now_{}, open_at_{}, last_sent_{}, last_received_{};
  std::chrono::milliseconds pause_{0};
  std::uint64_t next_request_ = 1;
  std::size_t repeating_ = 0;         // documents of before this session that are not answered; receipts wait for them
  std::size_t answers_due_ = 0;       // credentials published and not answered; documents wait for them

  std::map<ReportTicket, StatusReport> reports_;           // not answered
  std::map<std::uint64_t, ReportTicket> report_requests_;  // of this session

  // Received and not yet handed over. The views point into the messages; a deque never moves them.
  std::deque<zmq::message_t> messages_;
  std::vector<VerifiedDelivery> verified_;  // of the group at hand
  std::vector<VerifiedDelivery> deliveries_;
  std::vector<ReceivedReceipt> receipts_;
  StreamSequence last_delivery_, last_receipt_;
};

}  // namespace hub::sdk
