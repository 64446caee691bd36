// The client of the hub: connects, submits documents, takes deliveries and receipts, publishes credentials.
//
// One thread owns it and calls everything; poll() does all the work and calls Events from within. There are no hidden
// threads beside ZeroMQ's own. Nothing here is durable: what must survive is stored by the handlers (store.hpp).
#pragma once

#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "adapters/sdk/pins.hpp"
#include "adapters/sdk/submitter.hpp"
#include "adapters/sdk/verify.hpp"
#include "hub/content/growing_file.hpp"
#include "hub/crypto/checkpoint.hpp"
#include "hub/wire/receipt.hpp"
#include "hub/wire/report.hpp"

namespace hub::sdk {

// Where an earlier life of this endpoint stopped; what Store::progress gives.
struct Progress {
  std::optional<Bytes<16>> journal_id;
  StreamSequence deliveries_stored, receipts_stored;
  Position position_seen;  // 1 + the highest position ever seen; 0: none
  std::string checkpoint = {};  // the newest that was seen, a signed note; empty: none
};

struct ClientOptions {
  std::string address;
  Bytes<32> hub_key{};                           // the hub's public CURVE key
  Bytes<32> transport_public{}, transport_secret{};
  std::string party, endpoint;
  crypto::SigningKey signing_key;
  Pins pins;                                     // root keys of the parties whose documents are taken
  Progress progress;
  std::string software;                          // told to the hub; at most 64 bytes
  std::uint64_t deliveries_window_items = 1024;  // how much may come before it is acknowledged
  std::uint64_t deliveries_window_bytes = 16 << 20;
  std::uint64_t receipts_window_items = 4096;
  std::vector<crypto::NoteKey> tree_keys = {};   // the hub's; without one no checkpoint is asked for
};

// A content of a delivery that is to be fetched into a file.
struct ContentRequest {
  Position document;  // as the delivery's
  std::uint8_t outcome_index = 0;
  std::uint64_t attachment = 0;  // index in the document
  std::uint64_t size = 0;        // as the signed document says
  crypto::Digest sha256{};
  std::string path;  // appears there when it is whole, verified and synced; <path>.partial until then
};

struct ReceivedReceipt {
  StreamSequence sequence;
  wire::Receipt receipt;
};

using ReportTicket = std::uint64_t;  // the caller's name for a report; ascending

// What this party says about a delivery that it got (wire::Report).
struct StatusReport {
  ReportTicket ticket = 0;
  wire::DeliveryKey delivery;
  wire::DeliveryStatus status{};
  std::string reason;  // registry::refuse_reason
  UnixMicros time;
  std::string cause;       // status failed only: the code of an error
  bool permanent = false;  // status failed only: another attempt would fail alike
};

class Events {
 public:
  virtual ~Events() = default;
  // A session is open. Unanswered documents go again by themselves; credentials are published from here.
  virtual void on_connected(const wire::Welcome& welcome) = 0;
  // A session ended, or could not be opened. The client goes on trying unless failure() says otherwise.
  virtual void on_disconnected(const Error& error) = 0;
  // The hub's final answer to a document. The views last for the call.
  virtual void on_result(Ticket ticket, const wire::DocumentResult& result) = 0;
  // Verified deliveries, in order. Return when they are durable: then they are acknowledged. An error stops the client
  // without an acknowledgement. The views last for the call.
  virtual Result<void> on_deliveries(std::span<const VerifiedDelivery> deliveries) = 0;
  virtual Result<void> on_receipts(std::span<const ReceivedReceipt> receipts) = 0;
  // The answer to a published credential.
  virtual void on_answer(std::uint64_t request, const std::optional<Error>& refusal) = 0;
  // The hub's final answer to a report, durable there. `record`: of the report, or the last one of its delivery.
  virtual void on_report_answer(ReportTicket ticket, Position record, const std::optional<Error>& refusal) = 0;
  // The hub showed a newer checkpoint that continues the one before: progress() has it.
  virtual void on_checkpoint() {}
  // The hub refused a frame; the session goes on.
  virtual void on_error(const Error& error) = 0;
  // The hub wants an attachment of a submitted document: the file to read it from. An error refuses the document.
  // Whoever sends no attachments is never asked.
  virtual Result<content::File> open_content(Ticket, std::size_t) { return fail(ErrorCode::not_found); }
  // A content that was asked for by fetch() is there, or can't be had. An error stops the client.
  virtual Result<void> on_content(const ContentRequest&, const std::optional<Error>&) { return {}; }
};

class Client {
 public:
  Client(ClientOptions options, Events& events);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Queues a document, encoded once and not changed again; it goes out with the next poll. document_too_large.
  Result<void> submit(Ticket ticket, Buffer document);
  // Sends a credential of this party, when connected; documents wait until it is answered. Returns its request number.
  std::uint64_t publish(std::string credential);

  // Fetches a content of a delivery; goes on with what an earlier life left of it. Answered by on_content.
  void fetch(ContentRequest request);
  // Says how far this party is with a delivery. It goes at once, and again after a reconnection, until it is answered;
  // from on_deliveries it goes before their acknowledgement.
  void report(StatusReport report);

  // Sends what waits, then waits at most `timeout` for the hub or one of `others` (their revents are set), then
  // handles what came.
  void poll(std::chrono::microseconds timeout, std::span<pollfd> others = {});

  // Says goodbye and closes. The client may be polled again, and connects again.
  void disconnect();

  bool connected() const;               // a session is open
  std::size_t unanswered() const;       // documents submitted and without a result
  std::size_t unanswered_bytes() const;
  std::size_t unanswered_reports() const;
  const Progress& progress() const;
  // Why the client stopped for good: the hub forged or lost something (delivery_invalid, journal_mismatch,
  // journal_behind, tree_forked), its checkpoint is not signed by a known key (note_untrusted), or a handler could not store. Nothing is sent or taken any more.
  const std::optional<Error>& failure() const;

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace hub::sdk
