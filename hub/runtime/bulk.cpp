#include "hub/runtime/bulk.hpp"

#include <charconv>
#include <future>

#include "hub/runtime/background.hpp"
#include "hub/runtime/bulk_loop.hpp"

namespace hub::runtime {
namespace {

std::uint16_t port_of(const std::string& address) {
  std::uint16_t port = 0;
  const std::size_t colon = address.rfind(':');
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  return port;
}

}  // namespace

void BulkPosts::post(Work work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  wakeup_.signal();
}

std::deque<BulkPosts::Work> BulkPosts::take() {
  const std::lock_guard lock(mutex_);
  wakeup_.clear();  // under the lock: a post that comes now signals after it
  return std::exchange(waiting_, {});
}

Result<std::unique_ptr<Bulk>> Bulk::start(const BulkOptions& options, content::Store store, Mailbox& mailbox) {
  std::unique_ptr<Bulk> bulk(new Bulk());
  std::promise<Result<std::string>> opened;
  auto address = opened.get_future();
  bulk->thread_ =
      std::thread([&bulk = *bulk, options, store = std::move(store), &mailbox, opened = std::move(opened)]() mutable {
        yield_to_documents();
        BulkLoop loop(options, std::move(store), mailbox, bulk.posts_);
        if (auto ready = loop.open(); !ready) {
          opened.set_value(tl::unexpected(ready.error()));
          return;
        }
        opened.set_value(loop.address());
        loop.run();
      });
  const Result<std::string> result = address.get();
  if (!result) return tl::unexpected(result.error());
  bulk->port_ = port_of(*result);
  return bulk;
}

Bulk::~Bulk() {
  posts_.post([](BulkLoop& loop) { loop.stop(); });
  thread_.join();
}

void Bulk::admit(BulkPeers peers) {
  posts_.post([peers = std::move(peers)](BulkLoop& loop) mutable { loop.admit(std::move(peers)); });
}

void Bulk::drop(const std::string& party, const crypto::Digest& digest) {
  posts_.post([name = content::Name{party, digest}](BulkLoop& loop) { loop.drop(name); });
}

}  // namespace hub::runtime
