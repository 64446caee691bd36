// Connections that delay, and that break. Within a connection frames keep their order; between connections nothing does.
// What was under way when a connection breaks is lost, in both directions; only the adapter notices.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "hub/ports/network.hpp"
#include "tests/simulation/options.hpp"
#include "tests/simulation/scheduler.hpp"

namespace hub::simulation {

class SimNetwork final : public ports::Network {
 public:
  using HubReceiver = std::function<void(ports::ConnectionId, const Bytes<32>& key, const Buffer& frame)>;
  using AdapterReceiver = std::function<void(const Buffer& frame)>;

  SimNetwork(Scheduler& scheduler, Chance& chance, const Options& options)
      : scheduler_(scheduler), chance_(chance), options_(options) {}

  void set_hub(HubReceiver receiver) { hub_ = std::move(receiver); }
  // Called with every frame that leaves the hub.
  void set_observer(std::function<void(const Buffer&)> observer) { observer_ = std::move(observer); }

  ports::ConnectionId connect(const Bytes<32>& key, AdapterReceiver receiver, std::function<void()> on_lost) {
    const ports::ConnectionId id(++last_);
    connections_[id] = std::make_shared<Connection>(Connection{key, std::move(receiver), std::move(on_lost), 0, 0});
    return id;
  }
  void to_hub(ports::ConnectionId id, Buffer frame) {
    const auto connection = find(id);
    if (!connection) return;
    carry(connection->to_hub_until, [this, id, frame = std::move(frame)] {
      if (const auto open = find(id)) hub_(id, open->key, frame);
    });
  }
  void send(ports::ConnectionId id, Buffer frame) override {
    observer_(frame);
    const auto connection = find(id);
    if (!connection) return;
    carry(connection->to_adapter_until, [this, id, frame = std::move(frame)] {
      if (const auto open = find(id)) open->receiver(frame);
    });
  }
  // The adapter's side is gone: it crashed, or it closes.
  void close(ports::ConnectionId id) { connections_.erase(id); }
  void lose(ports::ConnectionId id) {
    const auto connection = find(id);
    if (!connection) return;
    connections_.erase(id);
    scheduler_.after(chance_.between(0, options_.delay_micros_max), connection->on_lost);
  }
  void lose_all() {
    while (!connections_.empty()) lose(connections_.begin()->first);
  }

 private:
  struct Connection {
    Bytes<32> key;
    AdapterReceiver receiver;
    std::function<void()> on_lost;
    std::int64_t to_hub_until, to_adapter_until;  // a later frame does not overtake
  };
  std::shared_ptr<Connection> find(ports::ConnectionId id) {
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : found->second;
  }
  void carry(std::int64_t& until, std::function<void()> arrival) {
    const std::int64_t now = scheduler_.now().value;
    until = std::max(until, now + chance_.between(10, options_.delay_micros_max));
    scheduler_.after(until - now, std::move(arrival));
  }

  Scheduler& scheduler_;
  Chance& chance_;
  const Options& options_;
  HubReceiver hub_;
  std::function<void(const Buffer&)> observer_ = [](const Buffer&) {};
  std::uint64_t last_ = 0;
  std::map<ports::ConnectionId, std::shared_ptr<Connection>> connections_;
};

}  // namespace hub::simulation
