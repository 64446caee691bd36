// The loop of the bulk thread: its socket, its connections and their transfers, and the files of contents.
//
//   PUT  asking ──▶ checking ──▶ receiving ──▶ recording ──▶ CONTENT_STORED
//        engine:    what is      chunks        engine: record,
//        a permit?  there: hash  appended      durable?
//   GET  asking ──▶ sending, within the credit
//
// A wait for the engine never blocks the loop: it goes on with other transfers. Memory is bounded: a chunk is written
// or sent as it comes; what waits in sockets is bounded by credit and by the number of transfers.
//
// Threads: the bulk thread alone.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>

#include "hub/broker/decide_contents.hpp"
#include "hub/runtime/bulk.hpp"
#include "hub/runtime/engine.hpp"
#include "hub/runtime/gate.hpp"
#include "hub/runtime/zap.hpp"
#include "hub/wire/bulk.hpp"

namespace hub::runtime {

// All transfers together take no more than this: a transfer that takes what it can get holds up the sync of documents,
// on the disk that they share.
constexpr std::uint64_t kBulkBytesPerSecond = 32 << 20;

class BulkLoop {
 public:
  BulkLoop(const BulkOptions& options, content::Store store, Mailbox& mailbox, BulkPosts& posts);
  ~BulkLoop();

  Result<void> open();
  std::string address() const { return gate_.address(); }
  void run();

  // Posted by others.
  void stop() { stopping_ = true; }
  void admit(BulkPeers peers);
  void drop(const content::Name& name);

 private:
  // A transfer of a connection; its serial is never used again, so that a late answer finds no other one.
  struct TransferId {
    ports::ConnectionId connection;
    std::uint64_t number = 0, serial = 0;
  };
  struct Upload {
    enum class Stage { asking, checking, receiving, recording };
    TransferId id;
    content::Name name;
    PartyIndex sender;
    std::uint64_t size = 0;
    Stage stage = Stage::asking;
    std::optional<content::GrowingFile> file;
  };
  struct Download {
    TransferId id;
    Position document;
    std::optional<content::File> file;  // nothing while the engine is asked
    std::uint64_t offset = 0, size = 0, credit = 0;
  };
  struct Connection {
    std::optional<BulkPeer> peer;  // after HELLO
    UnixMicros heard, spoken;
    std::map<std::uint64_t, Upload> uploads;  // by number
    std::map<std::uint64_t, Download> downloads;
  };

  // bulk_loop.cpp
  bool is_paused() const { return now_ < free_at_; }
  void spend(std::size_t bytes);
  std::chrono::milliseconds until_next_turn() const;
  void take_frames();
  void on_frame(const Incoming& incoming);
  void on_hello(ports::ConnectionId from, Connection& connection, const BulkPeer& peer, ByteView payload);
  void tick();
  bool has_work() const;
  void ask(Mailbox::Work work);
  void post_questions();
  void end_session(ports::ConnectionId id, const Error& error);
  void refuse_frame(ports::ConnectionId to, const Error& error);
  template <class Message>
  void send(ports::ConnectionId to, const Message& message);

  // bulk_transfers.cpp
  Result<void> on_put(ports::ConnectionId from, Connection& connection, ByteView payload);
  Result<void> on_chunk(Connection& connection, ByteView payload);
  Result<void> on_get(ports::ConnectionId from, Connection& connection, ByteView payload);
  Result<void> on_more(Connection& connection, ByteView payload);
  std::optional<Error> refuse_transfer(const Connection& connection, std::uint64_t number) const;
  void on_standing(const TransferId& id, broker::ContentStanding standing);
  void start_receiving(Upload& upload);
  void on_recorded(const TransferId& id, const content::Name& name, bool recorded);
  void on_delivered(const TransferId& id, const Result<DeliveredContent>& content);
  void work_on_transfers();
  void check_some(Upload& upload);
  void finish(Upload& upload);
  void send_chunk(Download& download);
  void refuse(TransferId id, const Error& error);  // by value: it may be the transfer's own, which ends here
  void fail_upload(Upload& upload, const Error& error);
  bool is_uploading(const content::Name& name) const;
  std::size_t transfers() const;
  Upload* upload(const TransferId& id);
  Download* download(const TransferId& id);

  const BulkOptions options_;
  content::Store store_;
  Mailbox& mailbox_;
  BulkPosts& posts_;
  zmq::context_t context_;
  ZapHandler zap_;
  Gate gate_;
  BulkPeers peers_;
  std::map<ports::ConnectionId, Connection> connections_;
  std::deque<Mailbox::Work> questions_;  // that the mailbox had no room for
  Buffer chunk_;
  std::uint64_t last_serial_ = 0, last_served_ = 0;
  UnixMicros now_;  // of the monotonic clock
  UnixMicros free_at_;  // until then no chunk is taken or sent
  UnixMicros ticked_;
  bool downloads_first_ = false;
  bool stopping_ = false;
};

template <class Message>
void BulkLoop::send(ports::ConnectionId to, const Message& message) {
  Buffer frame;
  wire::write(frame, message);
  if (const auto connection = connections_.find(to); connection != connections_.end()) connection->second.spoken = now_;
  gate_.send(to, std::move(frame));
}

}  // namespace hub::runtime
