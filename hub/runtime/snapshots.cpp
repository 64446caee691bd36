#include "hub/runtime/snapshots.hpp"

#include <future>

#include "hub/base/check.hpp"
#include "hub/broker/state_codec.hpp"
#include "hub/journal/follow.hpp"
#include "hub/runtime/recorder.hpp"

namespace hub::runtime {
namespace {

struct Loaded {
  journal::SnapshotHead head;
  broker::State state;
};

// What is wrong with one that is no good is told in words.
tl::expected<Loaded, std::string> load(ports::Disk& disk, Position position, std::uint64_t hash_seed) {
  const auto snapshot = journal::read_snapshot(disk, position);
  if (!snapshot) return tl::unexpected(snapshot.error());
  if (snapshot->head.state_version != broker::kStateVersion)
    return tl::unexpected(std::string("its state is of version ") + std::to_string(snapshot->head.state_version) +
                          ", this program's of version " + std::to_string(broker::kStateVersion));
  // Side by side, as each takes a second for a gigabyte. What is read from wrong bytes is thrown away.
  auto fits = std::async(std::launch::async, [&] { return snapshot->state_fits(); });
  Loaded out{snapshot->head, broker::State(hash_seed)};
  const bool is_read = broker::decode_state(snapshot->state(), out.state);
  if (!fits.get()) return tl::unexpected(std::string(journal::kStateUnfit));
  if (!is_read || out.state.end != position) return tl::unexpected(std::string("its state can't be read"));
  return out;
}

Result<std::unique_ptr<journal::Journal>> open_journal(ports::Disk& disk, const journal::Options& options,
                                                       broker::State& state, const journal::KnownPoint& known) {
  broker::Touched touched;
  return journal::Journal::open(
      disk, options, [&](const journal::RecordView& record) { return replay(state, record, touched); }, known);
}

// Nothing when the journal doesn't have that point.
std::string why_unfit(const Error& error) {
  if (error.code == ErrorCode::journal_behind)
    return "the journal ends before it: records that were durable are missing from the journal";
  if (error.code == ErrorCode::journal_mismatch) return "it is of another journal, or of another past of this one";
  return {};
}

Result<void> write(ports::Disk& disk, const journal::JournalId& journal, const crypto::MerkleFrontier& tree,
                   const broker::State& state) {
  HUB_CHECK(tree.size() == state.end.value);
  return journal::write_snapshot(disk, {journal, broker::kStateVersion, state.time, tree}, broker::encode_state(state));
}

}  // namespace

Result<Restored> restore(ports::Disk& disk, const journal::Options& options, std::uint64_t hash_seed) {
  const auto there = journal::snapshots_in(disk);
  if (!there) return tl::unexpected(there.error());
  std::vector<std::string> ignored;
  for (const Position position : *there) {
    auto loaded = load(disk, position, hash_seed);
    std::string reason = loaded ? std::string() : loaded.error();
    if (loaded) {
      auto journal = open_journal(disk, options, loaded->state, loaded->head.known());
      if (journal) return Restored{std::move(loaded->state), std::move(*journal), position, std::move(ignored)};
      reason = why_unfit(journal.error());
      if (reason.empty()) return tl::unexpected(journal.error());
    }
    ignored.push_back(disk.describe(journal::snapshot_name(position)) + ": " + reason);
  }
  broker::State state(hash_seed);
  auto journal = open_journal(disk, options, state, {});
  if (!journal) return tl::unexpected(journal.error());
  return Restored{std::move(state), std::move(*journal), Position(0), std::move(ignored)};
}

Result<Needed> needed_records(ports::Disk& disk) {
  const auto there = journal::snapshots_in(disk);
  if (!there) return tl::unexpected(there.error());
  if (there->empty()) return Needed{};
  const auto newest = load(disk, there->front(), 1);
  if (!newest) return Needed{};
  Needed out{there->back(), newest->state.time};
  const auto needs = [&](const broker::PendingDelivery& delivery) {
    out.first = std::min(out.first, delivery.position);
  };
  for (const broker::EndpointState& endpoint : newest->state.endpoints) endpoint.deliveries.for_each(needs);
  for (const auto& [time, scheduled] : newest->state.schedule) needs(scheduled.delivery);
  return out;
}

Result<void> write_snapshot(ports::Disk& disk, const journal::Journal& journal, const broker::State& state) {
  HUB_CHECK(journal.durable_end() == journal.end());
  return write(disk, journal.id(), journal.tree(), state);
}

Result<bool> advance_snapshot(ports::Disk& disk, Position base, Position until, const std::atomic<bool>& stopping) {
  constexpr std::uint64_t kAnySeed = 1;  // nobody else's ids reach this table
  Loaded now{{}, broker::State(kAnySeed)};
  if (base.value > 0)
    if (auto loaded = load(disk, base, kAnySeed)) now = std::move(*loaded);
  crypto::MerkleFrontier tree = now.head.tree;
  auto follower = journal::Follower::open(disk, now.state.end);
  if (!follower) return tl::unexpected(follower.error());
  broker::Touched touched;
  while (!stopping) {
    const auto record = follower->next(until);
    if (!record) return tl::unexpected(record.error());
    if (!*record) break;
    if (auto replayed = replay(now.state, **record, touched); !replayed) return tl::unexpected(replayed.error());
    tree.add(leaf_of(**record));
  }
  if (stopping) return false;
  if (auto written = write(disk, follower->journal(), tree, now.state); !written)
    return tl::unexpected(written.error());
  return true;
}

}  // namespace hub::runtime
