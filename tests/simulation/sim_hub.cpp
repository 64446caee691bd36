#include "tests/simulation/sim_hub.hpp"

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/broker/endpoint_orders.hpp"
#include "hub/broker/orders.hpp"
#include "hub/broker/roles.hpp"

namespace hub::simulation {
namespace {

constexpr std::int64_t kTickMicros = kMicrosPerSecond;
constexpr std::size_t kGroupBytesMax = 512 << 10;

std::string in_words(const Error& error) { return describe(error, Language::english); }

}  // namespace

SimHub::SimHub(Scheduler& scheduler, Chance& chance, SimNetwork& network, const Options& options,
               const Scenery& scenery)
    : scheduler_(scheduler), chance_(chance), network_(network), options_(options), scenery_(scenery),
      administrator_(crypto::SigningKey::from_seed({42})) {
  journal_options_.group_bytes_max = kGroupBytesMax;
  journal_options_.segment_bytes = 640 << 10;
  journal_options_.tail_bytes = 2 * kGroupBytesMax;
  disk_ = std::make_unique<test::FakeDisk>(chance_.below(UINT64_MAX));
  network_.set_hub([this](ports::ConnectionId from, const Bytes<32>& key, const Buffer& frame) {
    on_frame(from, key, frame);
  });
  network_.set_observer([this](const Buffer& frame) { observe(frame); });
  create_journal();
}

void SimHub::create_journal() {
  journal::JournalId id;
  chance_.fill(id);
  auto journal = journal::Journal::create(*disk_, id, journal_options_);
  HUB_CHECK(journal.has_value());
  broker::State state(1);
  runtime::BodySealer sealer(secrets_);
  runtime::Recorder recorder(scheduler_, chance_, **journal, state, sealer);
  recorder.read_clock();
  broker::JournalCreated created;
  created.origin = "sim.hub";
  created.administrators = {administrator_.public_key()};
  recorder.record(created);
  auto group = (*journal)->take_group();
  HUB_CHECK((*journal)->write(*group).has_value());
  (*journal)->finished(std::move(group));
}

void SimHub::start() {
  ++lives_;
  auto restored = runtime::restore(*disk_, journal_options_, chance_.below(UINT64_MAX));
  if (!restored) {
    fail("the hub does not start again: " + in_words(restored.error()));
    return;
  }
  life_ = std::make_unique<Life>(std::move(*restored));
  if (life_->snapshot.value > 0) {
    ++starts_from_snapshot_;
    check_replay();
  }
  if (hash_before_crash_ && *hash_before_crash_ != broker::state_hash(life_->state))
    fail("the replay after a kill gave another state");
  hash_before_crash_.reset();
  life_->engine =
      std::make_unique<runtime::Engine>(scheduler_, chance_, network_, *life_->journal, life_->state, secrets_);
  if (auto settled = life_->engine->settle_storage_keys(); !settled)
    fail("the storage keys: " + in_words(settled.error()));
  life_->engine->start("simulation");
  if (auto taken = life_->engine->on_configuration(scenery_.items, "administrator:sim"); !taken)
    fail("the configuration was refused: " + in_words(taken.error()));
  finish_turn();
  later(kTickMicros, [this] { tick(); });
  for (std::uint32_t i = 0; i < life_->state.endpoints.size(); ++i)
    if (life_->state.endpoints[i].deliveries.is_paused()) resume_later(EndpointIndex(i));
}

void SimHub::later(std::int64_t micros, std::function<void()> action) {
  scheduler_.after(micros, [this, life = lives_, action = std::move(action)] {
    if (life_ && lives_ == life) action();
  });
}

void SimHub::on_frame(ports::ConnectionId from, const Bytes<32>& key, const Buffer& frame) {
  if (!life_) return;
  life_->engine->begin_turn();
  if (!life_->engine->on_frame(from, key, frame)) {  // no room: it comes again
    later(options_.commit_micros_max, [this, from, key, frame] { on_frame(from, key, frame); });
    return;
  }
  finish_turn();
}

void SimHub::tick() {
  life_->engine->begin_turn();
  life_->engine->on_tick();
  finish_turn();
  later(kTickMicros, [this] { tick(); });
}

void SimHub::finish_turn() {
  life_->engine->record_changes();
  commit();
  life_->engine->end_turn();
  check_held_back();
}

void SimHub::commit() {
  if (life_->on_its_way) return;
  life_->on_its_way = life_->engine->take_group();
  if (!life_->on_its_way) return;
  later(chance_.between(20, options_.commit_micros_max), [this] {
    HUB_CHECK(life_->journal->write(*life_->on_its_way).has_value());
    life_->engine->group_durable(std::move(life_->on_its_way));
    life_->engine->begin_turn();
    life_->engine->end_turn();
    finish_turn();
    if (life_->journal->wants_segment() && chance_.one_in(2)) HUB_CHECK(life_->journal->prepare_segment().has_value());
  });
}

// A role that is handed out, or taken back when it is there.
void SimHub::change_role() {
  const broker::Users& users = life_->engine->state().users;
  const std::string name = "user-" + std::to_string(users.last_change().value % 3);
  const bool has_it = users.find(name) != nullptr;
  const broker::RoleOrder order{has_it ? broker::RoleAction::revoke : broker::RoleAction::grant,
                                name,
                                broker::Role::operations,
                                {},
                                users.last_change(),
                                {life_->journal->id(), "diễn tập", scheduler_.now()}};
  life_->engine->begin_turn();
  if (!life_->engine->has_room()) return;
  const std::string text = broker::sign_role_order(order, administrator_);
  if (auto done = life_->engine->on_order(text); !done) return fail("a role was refused: " + in_words(done.error()));
  if (life_->engine->on_order(text)) fail("a role was handed out twice");
  finish_turn();
}

// Deliveries to an endpoint are held back, and go on after a while.
void SimHub::pause_something() {
  const EndpointIndex endpoint(static_cast<std::uint32_t>(chance_.below(life_->state.endpoints.size())));
  const broker::DeliveryQueue& queue = life_->state.endpoints[endpoint.value].deliveries;
  if (!queue.is_paused() && order_endpoint(endpoint, broker::EndpointAction::pause)) resume_later(endpoint);
}

// Each life begins so with what it finds paused: a crash may have undone what came after.
void SimHub::resume_later(EndpointIndex endpoint) {
  life_->held_back[endpoint] = life_->state.endpoints[endpoint.value].deliveries.dispatched();
  later(chance_.between(1'000, 500'000), [this, endpoint] {
    life_->held_back.erase(endpoint);
    if (!order_endpoint(endpoint, broker::EndpointAction::resume)) resume_later(endpoint);
  });
}

// False: there is no room now.
bool SimHub::order_endpoint(EndpointIndex endpoint, broker::EndpointAction action) {
  life_->engine->begin_turn();
  if (!life_->engine->has_room()) return false;
  const std::string text = broker::sign_endpoint_order({action,
                                                        life_->state.configuration.registry.endpoint_at(endpoint).id,
                                                        life_->state.endpoints[endpoint.value].last_order,
                                                        {life_->journal->id(), "diễn tập", scheduler_.now()}},
                                                       administrator_);
  if (auto done = life_->engine->on_order(text); !done) fail("an endpoint's order was refused: " + in_words(done.error()));
  if (life_->engine->on_order(text)) fail("an endpoint's order was carried out twice");
  finish_turn();
  return true;
}

void SimHub::check_held_back() {
  for (const auto& [endpoint, dispatched] : life_->held_back) {
    const broker::DeliveryQueue& queue = life_->state.endpoints[endpoint.value].deliveries;
    if (queue.is_paused() && queue.dispatched() > dispatched) fail("a paused endpoint was sent a delivery");
  }
}

void SimHub::order_something() {
  if (!life_) return;
  change_role();
  pause_something();
  if (book().size() == 0) return;
  const broker::DeliveryEntry entry = book().entries()[chance_.below(book().size())];
  std::vector<broker::OrderAction> possible;
  if (can_retry(entry.state)) possible.push_back(broker::OrderAction::retry);
  if (can_stop(entry.state)) possible.push_back(broker::OrderAction::stop);
  if (can_replay(entry.state)) possible.push_back(broker::OrderAction::replay);
  if (possible.empty()) return;
  const broker::Order order{possible[chance_.below(possible.size())],
                            wire::delivery_id(life_->journal->id(), entry.key()),
                            entry.last_record,
                            {life_->journal->id(), "diễn tập", scheduler_.now()}};
  life_->engine->begin_turn();
  if (!life_->engine->has_room()) return;
  const std::string text = broker::sign_order(order, administrator_);
  if (auto done = life_->engine->on_order(text); !done) return fail("an order was refused: " + in_words(done.error()));
  if (life_->engine->on_order(text)) fail("an order was carried out twice");
  finish_turn();
}

bool SimHub::quiet() const {
  return life_ && !life_->on_its_way && life_->journal->end() == life_->journal->durable_end();
}

void SimHub::crash() {
  ++crashes_;
  test::FakeDisk::Snapshot left;
  if (chance_.one_in(2)) {
    cut_power();
    left = disk_->after_power_cut();
  } else {  // the process is killed; what it wrote is in the system's hands
    if (quiet() && chance_.one_in(2)) stop_cleanly();
    if (quiet()) hash_before_crash_ = broker::state_hash(life_->state);
    left = disk_->contents();
  }
  if (chance_.one_in(4)) decay(left);
  life_.reset();
  network_.lose_all();
  disk_ = std::make_unique<test::FakeDisk>(chance_.below(UINT64_MAX), std::move(left));
}

// Perhaps in the middle of a commit, or of a snapshot.
void SimHub::cut_power() {
  if (life_->on_its_way && chance_.one_in(2)) {
    disk_->cut_power_at(chance_.below(4));
    (void)life_->journal->write(*life_->on_its_way);
  } else if (chance_.one_in(2)) {
    disk_->cut_power_at(chance_.below(8));
    (void)advance_snapshot();
  }
}

void SimHub::stop_cleanly() {
  life_->engine->begin_turn();
  life_->engine->stop();
  while (auto group = life_->engine->take_group()) {
    HUB_CHECK(life_->journal->write(*group).has_value());
    life_->engine->group_durable(std::move(group));
  }
  HUB_CHECK(runtime::write_snapshot(*disk_, *life_->journal, life_->state).has_value());
}

Result<bool> SimHub::advance_snapshot() {
  return runtime::advance_snapshot(*disk_, life_->snapshot, life_->journal->durable_end(), false);
}

void SimHub::take_snapshot() {
  if (!life_) return;
  const Position until = life_->journal->durable_end();
  if (const auto taken = advance_snapshot(); !taken) return fail("no snapshot: " + in_words(taken.error()));
  life_->snapshot = until;
}

// An index or a snapshot goes or loses a bit: a start finds out, and does without.
void SimHub::decay(test::FakeDisk::Snapshot& files) {
  std::vector<std::string> projections;
  for (const auto& [name, bytes] : files)
    if ((name.ends_with(".idx") || name.ends_with(".snap")) && !bytes.empty()) projections.push_back(name);
  if (projections.empty()) return;
  const std::string& name = projections[chance_.below(projections.size())];
  Buffer& bytes = files.at(name);
  if (chance_.one_in(2)) {
    files.erase(name);
  } else {
    bytes[chance_.below(bytes.size())] ^= static_cast<std::uint8_t>(1u << chance_.below(8));
  }
}

// No effect before its record is durable: every position that leaves in a frame is.
void SimHub::observe(const Buffer& bytes) {
  const auto frame = wire::read_frame(bytes);
  if (!frame) return fail("the hub sent a malformed frame");
  const Position durable = life_->journal->durable_end();
  const auto check = [&](Position position, const char* what) {
    if (position >= durable) fail(std::string(what) + " left before its record was durable");
  };
  if (frame->kind == wire::Kind::results) {
    const auto message = wire::read_results(frame->payload);
    if (!message) return fail("malformed RESULTS");
    for (const auto& result : message->results) check(result.position, "an answer");
  } else if (frame->kind == wire::Kind::deliveries) {
    const auto message = wire::read_deliveries(frame->payload);
    if (!message) return fail("malformed DELIVERIES");
    for (const auto& group : message->groups)
      for (const auto& delivery : group.deliveries) check(delivery.position, "a delivery");
  } else if (frame->kind == wire::Kind::receipts) {
    const auto message = wire::read_receipts(frame->payload);
    if (!message) return fail("malformed RECEIPTS");
    for (const auto& receipt : message->receipts) check(receipt.record, "a receipt");
  } else if (frame->kind == wire::Kind::welcome) {
    const auto message = wire::read_welcome(frame->payload);
    if (!message) return fail("malformed WELCOME");
    if (message->durable_end > durable) fail("WELCOME left before its record was durable");
  }
}

void SimHub::check_replay() {
  broker::State replayed(42);
  broker::Touched touched;
  test::FakeDisk copy(1, disk_->contents());
  const auto journal = journal::Journal::open(copy, journal_options_, [&](const journal::RecordView& record) {
    return runtime::replay(replayed, record, touched);
  });
  if (!journal) return fail("the journal can't be replayed: " + in_words(journal.error()));
  if (broker::state_hash(replayed) != hash()) fail("a replay gives another state");
  if ((*journal)->tree().root() != life_->journal->tree().root()) fail("a replay gives another tree");
}

}  // namespace hub::simulation
