// The real engine and journal on a disk that loses power, under a clock and a network that are not real.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "hub/runtime/engine.hpp"
#include "hub/runtime/snapshots.hpp"
#include "tests/simulation/scenery.hpp"
#include "tests/simulation/sim_network.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/memory_secrets.hpp"

namespace hub::simulation {

class SimHub {
 public:
  SimHub(Scheduler& scheduler, Chance& chance, SimNetwork& network, const Options& options, const Scenery& scenery);

  void start();
  // Cuts the power in the middle of whatever the journal was doing, or kills the process and leaves the disk as it was.
  void crash();
  bool running() const { return life_ != nullptr; }
  // A problem that was found on the way: an effect before its record was durable, a replay that gives another state.
  const std::string& problem() const { return problem_; }

  // An operator orders something possible about some delivery.
  void order_something();
  const broker::DeliveryBook& book() const { return life_->state.book; }

  // The next snapshot, from the files, while the hub goes on.
  void take_snapshot();
  std::uint32_t starts_from_snapshot() const { return starts_from_snapshot_; }

  // Replays the journal into a fresh state and compares it with the live one; the hub must be quiet.
  void check_replay();
  bool quiet() const;
  crypto::Digest hash() const { return broker::state_hash(life_->state); }
  std::uint64_t records() const { return life_->journal->end().value; }
  std::uint32_t crashes() const { return crashes_; }

 private:
  struct Life {
    explicit Life(runtime::Restored restored)
        : state(std::move(restored.state)), journal(std::move(restored.journal)), snapshot(restored.snapshot) {}
    broker::State state;
    std::unique_ptr<journal::Journal> journal;
    Position snapshot;  // of the newest
    std::unique_ptr<runtime::Engine> engine;
    std::unique_ptr<journal::Group> on_its_way;
    std::map<EndpointIndex, StreamSequence> held_back;  // of endpoints that were paused: what was dispatched then
  };

  void create_journal();
  void change_role();
  void pause_something();
  void resume_later(EndpointIndex endpoint);
  bool order_endpoint(EndpointIndex endpoint, broker::EndpointAction action);
  void check_held_back();
  void cut_power();
  void stop_cleanly();
  Result<bool> advance_snapshot();
  void decay(test::FakeDisk::Snapshot& files);
  void on_frame(ports::ConnectionId from, const Bytes<32>& key, const Buffer& frame);
  void finish_turn();
  void commit();
  void tick();
  void observe(const Buffer& frame);
  void fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }
  // Runs `action` later, unless the hub has crashed since.
  void later(std::int64_t micros, std::function<void()> action);

  Scheduler& scheduler_;
  Chance& chance_;
  SimNetwork& network_;
  const Options& options_;
  const Scenery& scenery_;
  journal::Options journal_options_;
  std::unique_ptr<test::FakeDisk> disk_;
  test::MemorySecrets secrets_;  // a crash loses none: each was synced
  std::unique_ptr<Life> life_;
  std::uint64_t lives_ = 0;
  std::uint32_t crashes_ = 0, starts_from_snapshot_ = 0;
  const crypto::SigningKey administrator_;
  std::optional<crypto::Digest> hash_before_crash_;
  std::string problem_;
};

}  // namespace hub::simulation
