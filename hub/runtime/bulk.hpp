// The bulk connection: contents of attachments, on a socket, a ZeroMQ context and a thread of their own, so that
// nothing of the documents' path waits for them. This is the other threads' view; the loop is in bulk_loop.hpp.
//
// Threads: everything here from the engine's thread. The loop asks the engine through its mailbox, and is told through
// BulkPosts.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "hub/base/strong.hpp"
#include "hub/content/store.hpp"
#include "hub/runtime/mailbox.hpp"
#include "hub/runtime/wakeup.hpp"

namespace hub::runtime {

class BulkLoop;

// Who may open a bulk connection, by transport key.
struct BulkPeer {
  std::string endpoint, party;
  PartyIndex party_index;
};
using BulkPeers = std::map<Bytes<32>, BulkPeer>;

struct BulkOptions {
  std::string listen;  // as "tcp://127.0.0.1:*"
  Bytes<32> public_key{}, secret_key{};
  std::string origin;
  Bytes<16> journal_id{};
};

// Work for the loop, from any thread. Bounded by what the loop asked for, and by the contents dropped in a second.
class BulkPosts {
 public:
  using Work = std::function<void(BulkLoop&)>;
  void post(Work work);
  std::deque<Work> take();
  int descriptor() const { return wakeup_.descriptor(); }

 private:
  Wakeup wakeup_;
  std::mutex mutex_;
  std::deque<Work> waiting_;
};

class Bulk {
 public:
  // Returns when connections are accepted and strangers are known to be refused. io_failed, hub_unproven.
  static Result<std::unique_ptr<Bulk>> start(const BulkOptions& options, content::Store store, Mailbox& mailbox);
  ~Bulk();
  Bulk(const Bulk&) = delete;
  Bulk& operator=(const Bulk&) = delete;

  void admit(BulkPeers peers);
  // The content's record says that it was dropped, and is durable.
  void drop(const std::string& party, const crypto::Digest& digest);
  std::uint16_t port() const { return port_; }

 private:
  Bulk() = default;

  BulkPosts posts_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace hub::runtime
