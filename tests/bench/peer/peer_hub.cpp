// The hub in the benchmark of peers, through its public SDK: every message is a typed document from a party to parties,
// signed, checked against its schema, permitted by a clause, durable before it is answered, verified by its recipient.
#include <map>
#include <mutex>

#include "bench.hpp"
#include "tests/bench/bench_endpoint.hpp"

namespace peers {
namespace {

using bench::consumer_id;
using bench::producer_id;

class HubProducer : public Producer, bench::Endpoint {
 public:
  HubProducer(const bench::Keys& keys, const std::string& url, const std::string& party,
              hub::sdk::Progress& progress, int consumers)
      : Endpoint(keys, url, party, progress), documents_(party, consumers) {}
  void publish(std::string_view payload) override {
    if (!client().submit(0, documents_.make(payload))) throw Error("hub: a document is too large");
  }
  uint64_t poll(int timeout_us) override {
    Endpoint::poll(timeout_us);
    return accepted_;
  }
  void on_result(hub::sdk::Ticket, const hub::wire::DocumentResult& result) override {
    if (result.outcome != hub::wire::kAccepted) throw Error("hub: refused: " + std::string(result.outcome));
    ++accepted_;
  }

 private:
  bench::DocumentMaker documents_;
  uint64_t accepted_ = 0;
};

class HubConsumer : public Consumer, bench::Endpoint {
 public:
  HubConsumer(const bench::Keys& keys, const std::string& url, const std::string& party, hub::sdk::Progress& progress)
      : Endpoint(keys, url, party, progress) {}
  size_t receive(int timeout_ms, const Handler& on_message) override {
    handler_ = &on_message;
    taken_ = 0;
    Endpoint::poll(timeout_ms * 1000);
    return taken_;
  }
  // A frame after the acknowledgements, whose answer comes once they are durable.
  void flush_acks() override {
    const Handler none = [](std::string_view) {};
    handler_ = &none;
    const uint64_t before = answers_;
    client().publish("{}");
    while (answers_ == before) Endpoint::poll(100'000);
  }
  hub::Result<void> on_deliveries(std::span<const hub::sdk::VerifiedDelivery> deliveries) override {
    for (const auto& delivery : deliveries) (*handler_)(bench::payload_of(delivery.document.data));
    taken_ += deliveries.size();
    return {};
  }

 private:
  const Handler* handler_ = nullptr;
  size_t taken_ = 0;
};

class HubPeer : public Peer {
 public:
  explicit HubPeer(const Options& o) : keys_(o.get("deployment")), url_(o.get("url")) { hub::crypto::initialise(); }
  void setup(const std::string&, int consumers) override {
    consumers_ = consumers;
    producers_ = 0;
  }
  std::unique_ptr<Producer> producer(Mode) override {
    const std::string id = producer_id(producers_++);
    return std::make_unique<HubProducer>(keys_, url_, id, progress_[id], consumers_);
  }
  std::unique_ptr<Consumer> consumer(int i, Mode) override {
    const std::string id = consumer_id(i);
    hub::sdk::Progress* progress;
    {
      const std::lock_guard lock(mutex_);
      progress = &progress_[id];
    }
    return std::make_unique<HubConsumer>(keys_, url_, id, *progress);
  }
  void teardown() override {}

 private:
  bench::Keys keys_;
  std::string url_;
  int consumers_ = 1, producers_ = 0;
  std::mutex mutex_;
  std::map<std::string, hub::sdk::Progress> progress_;  // nodes stay where they are
};

Register reg("hub", [](const Options& o) { return std::make_unique<HubPeer>(o); });

}  // namespace
}  // namespace peers
