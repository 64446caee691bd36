// Contents of attachments, up and down, on a connection beside the main one: part of a Client, and driven by its poll.
//
//   upload    queued ── PUT ──▶ asked ── PUT_FROM ──▶ moving: CHUNK… ── CONTENT_STORED ──▶ done
//   download  queued ── earlier part hashed, GET ──▶ moving: content CHUNK…, MORE… ── whole, verified ──▶ done
//
// A lost connection puts transfers back to queued; they go on where they were. Memory: a chunk is read when it is sent
// and written when it comes. The connection is opened when there is something to move, and its main session is open.
//
// One thread owns it, the client's.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <optional>

#include "adapters/sdk/client.hpp"
#include "adapters/sdk/transport.hpp"
#include "hub/wire/bulk.hpp"

namespace hub::sdk {

constexpr std::size_t kUploadsAtOnce = 2, kDownloadsAtOnce = 2;  // of the hub's kTransfersMax
static_assert(kUploadsAtOnce + kDownloadsAtOnce <= wire::kTransfersMax);

class Bulk {
 public:
  struct Handlers {
    std::function<Result<content::File>(Ticket, std::size_t attachment)> open;
    // Everything that the document lacked is stored, or the hub wants to decide anew: it is to be submitted again.
    std::function<void(Ticket)> submit_again;
    // The document can't be sent.
    std::function<void(Ticket, const Error&)> failed;
    std::function<void(const ContentRequest&, const std::optional<Error>& failure)> fetched;
  };
  struct Options {
    TransportOptions transport;  // its address is told by start()
    std::string endpoint;
    std::uint64_t sync_bytes = content::kSyncBytes;
  };

  Bulk(Options options, Handlers handlers);

  // The main session is open, and says where the bulk connection is; nothing moves while there is none.
  void start(const std::string& address, const Bytes<16>& journal_id);
  void stop();

  // Uploads what a document refers to. Views are copied.
  void upload(Ticket ticket, const std::vector<registry::AttachmentView>& attachments);
  // The party has too much under way: the document goes again when something of it is done.
  void wait_for_quota(Ticket ticket, SteadyTime now);
  void fetch(ContentRequest request);

  // Receives and sends what can be, and returns.
  void work(SteadyTime now);
  // When work() is worth another call without anything having come; now, when there is more to do.
  SteadyTime next_deadline(SteadyTime now) const;
  Transport& transport() { return transport_; }

 private:
  enum class State { closed, connecting, greeting, ready };
  enum class Stage { queued, asked, moving };

  struct Upload {
    std::uint64_t number = 0;
    Ticket ticket = 0;
    std::size_t attachment = 0;
    std::uint64_t size = 0;
    crypto::Digest digest{};
    Stage stage = Stage::queued;
    SteadyTime not_before{};
    std::optional<content::File> file;
    std::uint64_t sent = 0, taken = 0;  // bytes
  };
  struct Download {
    std::uint64_t number = 0;
    ContentRequest request;
    Stage stage = Stage::queued;
    SteadyTime not_before{};
    std::optional<content::GrowingFile> file;
    std::uint64_t unreturned = 0;  // chunks that came and whose credit was not given again
  };

  // bulk.cpp
  void connect();
  void say_hello();
  void end(std::chrono::milliseconds pause_min);
  void keep_alive();
  void start_transfers();
  void prepare_downloads();
  void send_chunks();
  bool may_send(const Upload& upload) const;
  void send_chunk(Upload& upload);
  void ask_for(Download& download);
  void finish_upload(std::uint64_t number);
  void end_document(Ticket ticket);
  void fail_download(std::uint64_t number, const Error& error);
  template <class Message>
  void send(const Message& message) {
    Buffer frame;
    wire::write(frame, message);
    send_frame(std::move(frame));
  }
  void send_frame(Buffer frame);

  // bulk_messages.cpp
  void receive();
  void take_events();
  Result<void> take(ByteView message);
  Result<void> take_put_from(ByteView payload);
  Result<void> take_chunk_stored(ByteView payload);
  Result<void> take_content_stored(ByteView payload);
  Result<void> take_content_chunk(ByteView payload);
  Result<void> take_refusal(ByteView payload);
  Upload* upload(std::uint64_t number);
  Download* download(std::uint64_t number);

  const Options options_;
  const Handlers handlers_;
  Transport transport_;
  State state_ = State::closed;
  bool wanted_ = false;  // the main session is open and named an address
  Bytes<16> journal_id_{};
  SteadyTime now_{}, open_at_{}, last_sent_{}, last_received_{};
  std::chrono::milliseconds pause_{0};
  std::uint64_t last_number_ = 0;  // of transfers; never used twice
  std::list<Upload> uploads_;      // the first ones are under way
  std::list<Download> downloads_;
  std::map<Ticket, SteadyTime> quota_waits_;
  Buffer part_;
};

}  // namespace hub::sdk
