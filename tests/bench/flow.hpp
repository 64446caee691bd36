// Documents of 1 KiB from one producer to one consumer, over the public SDK: how many a second, and how long each took.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <thread>

#include "tests/bench/bench_endpoint.hpp"

namespace bench {

constexpr std::size_t kPayloadBytes = 1024;
constexpr std::uint64_t kWindow = 1024;  // documents without an answer
constexpr std::uint64_t kBurst = 64;

class Producer : public Endpoint {
 public:
  Producer(const Keys& keys, const std::string& url, hub::sdk::Progress& progress)
      : Endpoint(keys, url, producer_id(0), progress), documents_(producer_id(0), 1), payload_(kPayloadBytes, 'x') {
    randombytes_buf(payload_.data(), payload_.size());
  }
  // The payload carries when the document was due.
  void publish(std::int64_t due_micros) {
    std::memcpy(payload_.data(), &due_micros, sizeof due_micros);
    if (!client().submit(0, documents_.make(payload_))) throw std::runtime_error("a document is too large");
    ++sent_;
  }
  void on_result(hub::sdk::Ticket, const hub::wire::DocumentResult& result) override {
    if (result.outcome != hub::wire::kAccepted) throw std::runtime_error("refused: " + std::string(result.outcome));
    ++accepted_;
  }
  std::uint64_t sent() const { return sent_; }
  std::uint64_t accepted() const { return accepted_; }

 private:
  DocumentMaker documents_;
  std::string payload_;
  std::uint64_t sent_ = 0, accepted_ = 0;
};

class Consumer : public Endpoint {
 public:
  Consumer(const Keys& keys, const std::string& url, hub::sdk::Progress& progress)
      : Endpoint(keys, url, consumer_id(0), progress) {}
  hub::Result<void> on_deliveries(std::span<const hub::sdk::VerifiedDelivery> deliveries) override {
    const std::int64_t now = wall_clock().value;
    for (const auto& delivery : deliveries) {
      std::int64_t due;
      std::memcpy(&due, payload_of(delivery.document.data).data(), sizeof due);
      latencies_.push_back(now - due);
    }
    return {};
  }
  const std::deque<std::int64_t>& latencies() const { return latencies_; }

 private:
  std::deque<std::int64_t> latencies_;
};

struct Figures {
  double rate = 0;
  std::int64_t p50_micros = 0, p99_micros = 0;
};

// `rate` documents a second; 0: as fast as the window allows. For so many seconds, and as long after that as
// `goes_on` holds.
inline Figures measure(
    const Keys& keys, const std::string& url, std::int64_t rate, double seconds,
    std::map<std::string, hub::sdk::Progress>& progress, const std::function<bool()>& goes_on = [] { return false; }) {
  Producer producer(keys, url, progress["producer"]);
  std::atomic<std::uint64_t> expected{UINT64_MAX};
  std::atomic<bool> connected{false};
  std::vector<std::int64_t> latencies;
  hub::sdk::Progress& consumed = progress["consumer"];
  std::thread consuming([&] {
    Consumer consumer(keys, url, consumed);
    connected = true;
    connected.notify_one();
    while (consumer.latencies().size() < expected) consumer.poll(20'000);
    latencies.assign(consumer.latencies().begin(), consumer.latencies().end());
  });
  connected.wait(false);
  const std::int64_t start = wall_clock().value, stop = start + static_cast<std::int64_t>(seconds * 1e6);
  std::int64_t now = start;
  bool open = true;
  while (open || producer.accepted() < producer.sent()) {
    open = now < stop || goes_on();
    const auto due = [&] { return start + static_cast<std::int64_t>(producer.sent()) * 1'000'000 / rate; };
    for (std::uint64_t i = 0;
         i < kBurst && open && producer.sent() - producer.accepted() < kWindow && (rate == 0 || due() <= now); ++i)
      producer.publish(rate == 0 ? now : due());
    const bool waits = rate > 0 || producer.sent() - producer.accepted() >= kWindow || !open;
    producer.poll(waits ? 200 : 0);
    now = wall_clock().value;
  }
  expected = producer.sent();
  consuming.join();
  const double took = static_cast<double>(wall_clock().value - start) / 1e6;
  std::sort(latencies.begin(), latencies.end());
  return {static_cast<double>(latencies.size()) / took, latencies[latencies.size() / 2],
          latencies[latencies.size() * 99 / 100]};
}

}  // namespace bench
