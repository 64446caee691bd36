#include "hub/runtime/hub.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "hub/agreements/configuration.hpp"
#include "hub/agreements/manifest.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/evidence/checkpoint_file.hpp"
#include "hub/runtime/bulk.hpp"
#include "hub/runtime/committer.hpp"
#include "hub/runtime/content_reconciliation.hpp"
#include "hub/runtime/engine.hpp"
#include "hub/runtime/folder_secrets.hpp"
#include "hub/runtime/gate.hpp"
#include "hub/runtime/hub_keys.hpp"
#include "hub/runtime/mailbox.hpp"
#include "hub/runtime/notary.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "hub/runtime/real_ports.hpp"
#include "hub/runtime/signals.hpp"
#include "hub/runtime/snapshots.hpp"
#include "hub/runtime/snapshotter.hpp"
#include "hub/runtime/start_report.hpp"
#include "hub/runtime/zap.hpp"

namespace hub::runtime {
namespace {

constexpr std::uint64_t kJournalReserveSegments = 2;  // contents leave so much of the disk to the journal
constexpr std::size_t kMailPerTurn = 64;  // so that answers never wait behind a flood of it
constexpr std::size_t kStartBytes = 1 << 20;  // more than a start records, a changed configuration apart
constexpr GateLimits kGateLimits{wire::kFrameBytesMax,
                                 100'000};  // a safety net; what is under way is bounded by credit
constexpr std::int64_t kTickMicros = kMicrosPerSecond;

struct SignedConfiguration {
  std::vector<registry::Item> items;
  std::string actor;
};

// The folder's items, checked as a whole, under an administrator's signature.
Result<SignedConfiguration> read_signed(const std::string& folder, const broker::State& state) {
  auto items = agreements::load_configuration(folder);
  if (!items) return tl::unexpected(items.error());
  const auto administrator = agreements::verify_manifest_file(folder, *items, state.created.administrators);
  if (!administrator) return tl::unexpected(administrator.error());
  return SignedConfiguration{std::move(*items), "administrator:" + to_hex(*administrator)};
}

std::set<Bytes<32>> enrolled_keys(const broker::State& state) {
  std::set<Bytes<32>> keys;
  const registry::Registry& registry = state.configuration.registry;
  for (std::uint32_t i = 0; i < registry.endpoint_count(); ++i) {
    const registry::Endpoint& endpoint = registry.endpoint_at(EndpointIndex(i));
    if (endpoint.enabled) keys.insert(endpoint.curve_key);
  }
  return keys;
}

BulkPeers bulk_peers(const broker::State& state) {
  BulkPeers peers;
  const registry::Registry& registry = state.configuration.registry;
  for (std::uint32_t i = 0; i < registry.endpoint_count(); ++i) {
    const registry::Endpoint& endpoint = registry.endpoint_at(EndpointIndex(i));
    if (endpoint.enabled)
      peers[endpoint.curve_key] = {endpoint.id, registry.party_at(endpoint.party).id, endpoint.party};
  }
  return peers;
}

std::string bulk_address(const HubOptions& options) {
  if (!options.bulk_listen.empty()) return options.bulk_listen;
  return options.listen.substr(0, options.listen.rfind(':')) + ":*";
}

class Loop {
 public:
  Loop(Engine& engine, journal::Journal& journal, Gate& gate, ZapHandler& zap, Signals& signals, Mailbox& mailbox,
       Bulk& bulk, Notary& notary, Snapshotter& snapshotter, journal::DurableEndFile durable_end,
       const HubOptions& options)
      : engine_(engine), journal_(journal), gate_(gate), zap_(zap), signals_(signals), mailbox_(mailbox), bulk_(bulk),
        notary_(notary), snapshotter_(snapshotter), options_(options), committer_(journal, std::move(durable_end)) {}

  // Whoever is enrolled now may connect.
  void admit() {
    zap_.admit(enrolled_keys(engine_.state()));
    bulk_.admit(bulk_peers(engine_.state()));
  }

  // Registers the configuration, before anybody can connect.
  Result<void> settle() {
    while (!engine_.configuration_settled()) {
      engine_.begin_turn();
      const Position before = journal_.end();
      engine_.record_changes();
      if (journal_.end() == before && committer_.idle() && !engine_.has_room()) return fail(ErrorCode::storage_full);
      make_durable();
    }
    return {};
  }

  // `companion` may be none.
  void run(Companion* companion) {
    companion_ = companion;
    while (!stopping_) {
      wait();
      engine_.begin_turn();
      take_durable();
      if (engine_.record_changes()) admit();
      take_mail();
      take_frames();
      take_signals();
      tick();
      commit();
      engine_.end_turn();
    }
    make_durable();  // everything that was taken in is answered before the process ends
    engine_.begin_turn();
    engine_.stop();
    make_durable();
  }

 private:
  void wait() {
    zmq::pollitem_t items[] = {{nullptr, committer_.descriptor(), ZMQ_POLLIN, 0},
                               {nullptr, signals_.descriptor(), ZMQ_POLLIN, 0},
                               {nullptr, mailbox_.descriptor(), ZMQ_POLLIN, 0},
                               {gate_.socket().handle(), 0, ZMQ_POLLIN, 0}};
    // A frame that found no room waits for the group before it, and others wait behind it.
    const std::size_t count = !held_back_ ? 4 : engine_.has_room() ? 3 : 2;
    try {
      zmq::poll(items, count, std::chrono::milliseconds(kTickMicros / 1000));
    } catch (const zmq::error_t& error) {
      HUB_CHECK(error.num() == EINTR);
    }
  }

  void take_durable() {
    auto group = committer_.take_durable();
    if (!group) return;
    notary_.durable(group->end);
    snapshotter_.durable(group->end, group->size_bytes);
    engine_.group_durable(std::move(group));
    engine_.end_turn();  // what waited for this group leaves before anything else is done
  }

  void take_mail() {
    for (std::size_t n = 0; n < kMailPerTurn && engine_.has_room(); ++n) {
      const Mailbox::Work work = mailbox_.take();
      if (!work) return;
      work(engine_);
    }
  }

  void take_frames() {
    for (std::size_t n = 0; n < kFramesPerTurn && (held_back_ || gate_.receive(incoming_)); ++n) {
      held_back_ = !engine_.on_frame(incoming_.from, incoming_.transport_key, incoming_.bytes());
      if (held_back_) return;
    }
  }

  void take_signals() {
    const int signal = signals_.take();
    if (signal == SIGHUP) reload();
    if (signal == SIGTERM || signal == SIGINT) stopping_ = true;
  }

  void reload() {
    if (companion_ != nullptr) companion_->reload();
    const auto configuration = read_signed(options_.configuration, engine_.state());
    const Result<void> taken = configuration
                                   ? engine_.on_configuration(configuration->items, configuration->actor)
                                   : Result<void>(tl::unexpected(configuration.error()));
    if (!taken) {
      spdlog::error("the configuration stays as it is: {}", describe(taken.error(), Language::english));
      return;
    }
    spdlog::info("configuration read again");
  }

  void tick() {
    const std::int64_t now = engine_.now().value;
    if (now - last_tick_ < kTickMicros) return;
    last_tick_ = now;
    engine_.on_strangers(zap_.take_refused());
    engine_.on_tick();
    if (journal_.wants_segment()) committer_.prepare_segment();  // also while nothing is recorded as the disk is full
  }

  void commit() {
    if (!committer_.idle()) return;
    if (auto group = engine_.take_group()) {
      notary_.add(group->leaves);
      committer_.commit(std::move(group));
      if (journal_.wants_segment()) committer_.prepare_segment();
    }
  }

  void make_durable() {
    for (;;) {
      commit();
      if (committer_.idle()) return;
      zmq::pollitem_t done{nullptr, committer_.descriptor(), ZMQ_POLLIN, 0};
      zmq::poll(&done, 1, std::chrono::milliseconds(-1));
      take_durable();
    }
  }

  Engine& engine_;
  journal::Journal& journal_;
  Gate& gate_;
  ZapHandler& zap_;
  Signals& signals_;
  Mailbox& mailbox_;
  Bulk& bulk_;
  Notary& notary_;
  Snapshotter& snapshotter_;
  const HubOptions& options_;
  Companion* companion_ = nullptr;
  Committer committer_;
  Incoming incoming_;
  bool held_back_ = false;  // incoming_ holds a frame that the engine had no room for
  bool stopping_ = false;
  std::int64_t last_tick_ = 0;
};

// On a disk that is full from the start this is known before anything is taken in.
Result<void> make_room(journal::Journal& journal) {
  if (journal.wants_segment())
    if (const auto made = journal.prepare_segment(); !made && made.error().code != ErrorCode::storage_full)
      return tl::unexpected(made.error());
  if (!journal.room(0, kStartBytes)) return fail(ErrorCode::storage_full);
  return {};
}

// So that the next start has nothing to replay.
void leave_snapshot(ports::Disk& disk, const journal::Journal& journal, const broker::State& state) {
  if (auto written = write_snapshot(disk, journal, state); !written)
    spdlog::error("no snapshot at the end, so that the next start has more to read: {}",
                  describe(written.error(), Language::english));
}

bool ended_in_order(const journal::Journal& journal) {
  if (journal.end().value == 0) return false;
  Buffer scratch;
  const auto last = journal.read(Position(journal.end().value - 1), scratch);
  if (!last) return false;
  const auto kind = static_cast<broker::RecordKind>(last->kind);
  return kind == broker::RecordKind::hub_stopped || kind == broker::RecordKind::journal_created;
}

// The threads and sockets around the engine, for as long as the hub runs.
Result<void> serve(broker::State& state, journal::Journal& journal, ports::Disk& disk, Position snapshot,
                   journal::DurableEndFile durable_end, const SignedConfiguration& configuration, const HubKeys& keys,
                   const HubOptions& options, const std::function<void(const std::string&)>& ready) {
  Signals signals({SIGTERM, SIGINT, SIGHUP});  // before the threads, so that they inherit the mask
  zmq::context_t context;
  ZapHandler zap(context);
  struct Shutdown {  // ends the handler's wait before its thread is joined
    zmq::context_t& context;
    ~Shutdown() { context.shutdown(); }
  } const shutdown{context};
  Gate gate(context, *keys.transport.secret, kGateLimits);
  // A demonstration that is continued goes on where it ended: a journal's time never goes back.
  SystemClock clock = options.as_of ? SystemClock(std::max(*options.as_of, state.time)) : SystemClock();
  SystemRandomness randomness;
  if (auto room = make_room(journal); !room) return room;
  // Before anything is recorded: what is appended from now on comes to it group by group.
  const auto notary =
      Notary::start(evidence::tree_folder(options.data), note_signers(state.created.origin, keys.tree), journal);
  if (!notary) return tl::unexpected(notary.error());
  auto secrets = FolderSecrets::open_or_make(options.data + "/storage-keys");
  if (!secrets) return tl::unexpected(secrets.error());
  Engine engine(clock, randomness, gate, journal, state, *secrets);
  if (auto settled = engine.settle_storage_keys(); !settled) return settled;
  engine.start(options.version, recorded_tree_keys(keys.tree, state.created.tree_key));
  if (auto taken = engine.on_configuration(configuration.items, configuration.actor); !taken) return taken;
  auto contents =
      content::Store::open(options.data + "/content", options.data + "/storage-keys/contents",
                           kJournalReserveSegments * options.journal.segment_bytes);
  if (!contents) return tl::unexpected(contents.error());
  if (auto reconciled = reconcile_contents(*contents, engine); !reconciled) return reconciled;
  Mailbox mailbox;
  const auto bulk =
      Bulk::start({bulk_address(options), keys.transport.public_key, *keys.transport.secret, state.created.origin, journal.id()},
                  std::move(*contents), mailbox);
  if (!bulk) return tl::unexpected(bulk.error());
  engine.set_bulk_port((*bulk)->port());
  engine.set_on_dropped(
      [&bulk = **bulk](const std::string& party, const crypto::Digest& digest) { bulk.drop(party, digest); });
  engine.set_voucher([&notary = **notary](std::uint64_t seen) { return notary.vouch(seen); });
  Snapshotter snapshotter(disk, snapshot);
  Loop loop(engine, journal, gate, zap, signals, mailbox, **bulk, **notary, snapshotter, std::move(durable_end),
            options);
  if (auto settled = loop.settle(); !settled) return settled;
  loop.admit();
  if (auto opened = gate.open(options.listen); !opened) return opened;
  if (!stranger_is_refused(context, gate.address(), keys.transport.public_key)) return fail(ErrorCode::hub_unproven);
  zap.take_refused();  // that was our own
  std::unique_ptr<Companion> companion;  // the last to begin and the first to end
  if (options.companion) {
    auto started = options.companion(mailbox, engine.users());
    if (!started) return tl::unexpected(started.error());
    companion = std::move(*started);
  }
  ready(gate.address());
  loop.run(companion.get());
  snapshotter.stop();
  leave_snapshot(disk, journal, state);
  return {};
}

}  // namespace

Result<void> run_hub(const HubOptions& options, const std::function<void(const std::string&)>& ready) {
  const auto keys = read_hub_keys(options.data);
  if (!keys) return tl::unexpected(keys.error());
  auto disk = PosixDisk::open_locked(options.data + "/journal");
  if (!disk) return tl::unexpected(disk.error());

  Bytes<8> seed;
  SystemRandomness().fill(seed);
  const auto told = journal::read_durable_end(**disk);
  if (!told) return tl::unexpected(told.error());
  auto restored = restore(**disk, options.journal, load_le<std::uint64_t>(seed.data()));
  if (!restored) return tl::unexpected(restored.error());
  broker::State& state = restored->state;
  journal::Journal& journal = *restored->journal;
  const StartReport report = report_start(journal, *told, ended_in_order(journal));
  spdlog::info("{}; those before {} from a snapshot", report.summary, restored->snapshot.value);
  for (const std::string& warning : report.warnings) spdlog::warn("{}", warning);
  for (const std::string& ignored : restored->ignored) spdlog::warn("snapshot passed over: {}", ignored);
  if (state.end.value == 0) return fail(ErrorCode::journal_missing, {{"path", options.data}});

  if (options.as_of && !state.created.demo)
    return fail(ErrorCode::usage, {{"reason", "--as-of works on demonstration data alone: hubctl hub init --demo"}});

  // Time never goes back in a journal, so a clock that starts long before it would stand still. The making of a
  // journal at the same time takes less than a day.
  if (options.as_of) {
    Buffer scratch;
    const auto first = journal.read(Position(0), scratch);
    if (!first) return tl::unexpected(first.error());
    if (options.as_of->value + kMicrosPerDay < first->time.value)
      return fail(ErrorCode::usage,
                  {{"reason", "--as-of lies before the journal's first record, " + format_rfc3339(first->time) +
                                  ": make it with hubctl hub init --demo --as-of"}});
  }

  auto configuration = read_signed(options.configuration, state);
  if (!configuration) return tl::unexpected(configuration.error());
  auto durable_end = journal::DurableEndFile::publish(**disk, {journal.id(), journal.durable_end()});
  if (!durable_end) return tl::unexpected(durable_end.error());
  return serve(state, journal, **disk, restored->snapshot, std::move(*durable_end), *configuration, *keys, options,
               ready);
}

}  // namespace hub::runtime
