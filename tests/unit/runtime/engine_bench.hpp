// The real engine and journal on a fake disk, clock and network, one step at a time: a test says when a group becomes
// durable.
#pragma once

#include "hub/base/check.hpp"
#include "hub/runtime/engine.hpp"
#include "hub/wire/report.hpp"
#include "tests/simulation/scheduler.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/memory_secrets.hpp"
#include "tests/unit/broker/documents.hpp"

namespace hub::test {

struct ManualClock final : ports::Clock {
  UnixMicros time = kStart;
  UnixMicros now() override { return time; }
  ports::SteadyNanos steady() override { return ports::SteadyNanos(time.value * 1000); }
};

struct FakeNetwork final : ports::Network {
  struct Sent {
    ports::ConnectionId to;
    Buffer frame;
  };
  std::vector<Sent> sent;
  void send(ports::ConnectionId to, Buffer frame) override { sent.push_back({to, std::move(frame)}); }
};

inline journal::Options journal_options(std::uint64_t group_bytes, std::uint64_t segment_bytes) {
  journal::Options options;
  options.group_bytes_max = group_bytes;
  options.segment_bytes = segment_bytes;
  options.tail_bytes = 3 * group_bytes;
  return options;
}

struct EngineBench {
  explicit EngineBench(journal::Options options = journal_options(512 << 10, 4 << 20))
      : scenery(simulation::make_scenery(3, 1)) {
    journal = journal::Journal::create(disk, {1, 2, 3}, options).value();
    {
      runtime::BodySealer sealer(secrets);
      runtime::Recorder recorder(clock, chance, *journal, state, sealer);
      recorder.read_clock();
      broker::JournalCreated created;
      created.origin = kOrigin;
      recorder.record(created);
    }
    engine = std::make_unique<runtime::Engine>(clock, chance, network, *journal, state, secrets);
    engine->start("test");
    HUB_CHECK(engine->on_configuration(scenery.items, "administrator:test").has_value());
    engine->record_changes();
    commit();
    HUB_CHECK(engine->configuration_settled());
  }
  EngineBench(const EngineBench&) = delete;
  EngineBench& operator=(const EngineBench&) = delete;

  // One turn with one frame. Connection n belongs to party n % 10, so that 11 is the second one of party-1.
  bool frame(std::uint64_t connection, const Buffer& bytes) {
    engine->begin_turn();
    const bool taken = engine->on_frame(ports::ConnectionId(connection), key(connection), bytes);
    engine->end_turn();
    return taken;
  }
  template <class Message>
  bool say(std::uint64_t connection, const Message& message) {
    Buffer bytes;
    wire::write(bytes, message);
    return frame(connection, bytes);
  }
  bool hello(std::uint64_t connection, std::uint64_t deliveries_stored = 0) {
    wire::Hello message;
    message.endpoint = scenery.parties[connection % 10].endpoint;
    message.deliveries_stored = StreamSequence(deliveries_stored);
    return say(connection, message);
  }
  bool submit(std::uint64_t connection, std::vector<Buffer> documents, std::uint64_t number = 1) {
    const SignedBatch batch(scenery.parties[connection % 10], std::move(documents), number);
    return say(connection, batch.submit);
  }
  bool acknowledge(std::uint64_t connection, std::uint64_t stored) {
    return say(connection, wire::Acknowledge{wire::Stream::deliveries, StreamSequence(stored), 100, 16 << 20});
  }
  void open(std::uint64_t connection) {
    hello(connection);
    commit();
    network.sent.clear();
  }
  void tick_at(UnixMicros time) {
    clock.time = time;
    engine->begin_turn();
    engine->on_tick();
    engine->end_turn();
  }
  // Everything recorded so far becomes durable, and what waited for it leaves.
  void commit() {
    auto group = engine->take_group();
    if (!group) return;
    HUB_CHECK(journal->write(*group).has_value());
    engine->group_durable(std::move(group));
    engine->begin_turn();
    engine->end_turn();
  }

  Bytes<32> key(std::uint64_t connection) const { return scenery.parties[connection % 10].transport_key; }
  const broker::EndpointState& streams(std::size_t party) const {
    return state.endpoints[state.configuration.registry.endpoint(scenery.parties[party].endpoint)->value];
  }
  bool in_session(std::size_t party) const { return streams(party).session != SessionId(0); }

  // The kinds of the frames that a connection has been sent since the last look at it.
  std::vector<wire::Kind> kinds(std::uint64_t connection) const {
    std::vector<wire::Kind> out;
    for (const auto& sent : network.sent)
      if (sent.to.value == connection) out.push_back(wire::read_frame(sent.frame).value().kind);
    return out;
  }
  // The payload of the last frame of that kind; empty when there is none.
  ByteView payload(std::uint64_t connection, wire::Kind kind) const {
    for (auto sent = network.sent.rbegin(); sent != network.sent.rend(); ++sent) {
      const auto frame = wire::read_frame(sent->frame).value();
      if (sent->to.value == connection && frame.kind == kind) return frame.payload;
    }
    return {};
  }
  std::optional<ErrorCode> error(std::uint64_t connection) const {
    const auto message = wire::read_error(payload(connection, wire::Kind::error));
    return message ? std::optional(message->error.code) : std::nullopt;
  }
  std::optional<ErrorCode> goodbye(std::uint64_t connection) const {
    const auto message = wire::read_goodbye(payload(connection, wire::Kind::goodbye));
    return message && message->reason ? std::optional(message->reason->code) : std::nullopt;
  }
  // The outcomes of the last answer to a batch.
  std::vector<std::string> outcomes(std::uint64_t connection) const {
    std::vector<std::string> out;
    if (const auto message = wire::read_results(payload(connection, wire::Kind::results)))
      for (const wire::DocumentResult& result : message->results) out.emplace_back(result.outcome);
    return out;
  }

  ManualClock clock;
  simulation::Chance chance{7};
  FakeNetwork network;
  FakeDisk disk;
  MemorySecrets secrets;
  broker::State state{1};
  simulation::Scenery scenery;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<runtime::Engine> engine;
};

}  // namespace hub::test
