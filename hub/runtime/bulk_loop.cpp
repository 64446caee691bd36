#include "hub/runtime/bulk_loop.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/wire/session.hpp"

namespace hub::runtime {
namespace {

constexpr std::chrono::milliseconds kTick{1000};
constexpr std::chrono::milliseconds kAskAgain{10};  // when the engine's mailbox was full
constexpr GateLimits kLimits{wire::kBulkFrameBytesMax, 32};

UnixMicros monotonic_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return UnixMicros(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace

BulkLoop::BulkLoop(const BulkOptions& options, content::Store store, Mailbox& mailbox, BulkPosts& posts)
    : options_(options),
      store_(std::move(store)),
      mailbox_(mailbox),
      posts_(posts),
      zap_(context_),
      gate_(context_, options.secret_key, kLimits),
      now_(monotonic_now()) {}

BulkLoop::~BulkLoop() { context_.shutdown(); }  // ends the ZAP handler's wait before its thread is joined

Result<void> BulkLoop::open() {
  if (auto opened = gate_.open(options_.listen); !opened) return opened;
  if (!stranger_is_refused(context_, gate_.address(), options_.public_key)) return fail(ErrorCode::hub_unproven);
  return {};
}

void BulkLoop::run() {
  while (!stopping_) {
    zmq::pollitem_t items[] = {{nullptr, posts_.descriptor(), ZMQ_POLLIN, 0},
                               {gate_.socket().handle(), 0, ZMQ_POLLIN, 0}};
    try {
      zmq::poll(items, is_paused() ? 1 : 2, until_next_turn());
    } catch (const zmq::error_t& error) {
      HUB_CHECK(error.num() == EINTR);
    }
    now_ = monotonic_now();
    for (const BulkPosts::Work& work : posts_.take()) work(*this);
    post_questions();
    // In turns: what comes first takes the pace's next chunk, and uploads alone never leave one to downloads.
    downloads_first_ = !downloads_first_;
    if (downloads_first_) work_on_transfers();
    take_frames();
    if (!downloads_first_) work_on_transfers();
    tick();
  }
  while (!connections_.empty()) end_session(connections_.begin()->first, {ErrorCode::hub_stopping, {}});
}

void BulkLoop::admit(BulkPeers peers) {
  peers_ = std::move(peers);
  std::set<Bytes<32>> keys;
  for (const auto& [key, peer] : peers_) keys.insert(key);
  zap_.admit(std::move(keys));
}

std::chrono::milliseconds BulkLoop::until_next_turn() const {
  if (is_paused()) return std::chrono::milliseconds((free_at_.value - now_.value + 999) / 1000);
  if (has_work()) return std::chrono::milliseconds(0);
  return questions_.empty() ? kTick : kAskAgain;
}

void BulkLoop::spend(std::size_t bytes) {
  free_at_ = UnixMicros(std::max(free_at_, now_).value +
                        static_cast<std::int64_t>(bytes * 1'000'000 / kBulkBytesPerSecond));
}

void BulkLoop::take_frames() {
  Incoming incoming;
  for (std::size_t n = 0; n < kFramesPerTurn && !is_paused() && gate_.receive(incoming); ++n) on_frame(incoming);
}

void BulkLoop::on_frame(const Incoming& incoming) {
  const ports::ConnectionId from = incoming.from;
  if (connections_.size() >= wire::kBulkConnectionsMax && !connections_.contains(from)) return;
  Connection& connection = connections_[from];
  connection.heard = now_;
  // The key's standing is looked up with each frame, so that a disabled endpoint is out with its next one.
  const auto peer = peers_.find(incoming.transport_key);
  if (peer == peers_.end()) return end_session(from, {ErrorCode::endpoint_revoked, {}});
  const auto frame = wire::read_bulk_frame(incoming.bytes());
  if (!frame) return refuse_frame(from, frame.error());
  if (frame->kind == wire::Kind::hello) return on_hello(from, connection, peer->second, frame->payload);
  if (!connection.peer) return refuse_frame(from, {ErrorCode::hello_required, {}});
  Result<void> taken;
  switch (frame->kind) {
    case wire::Kind::put:
      taken = on_put(from, connection, frame->payload);
      break;
    case wire::Kind::chunk:
      taken = on_chunk(connection, frame->payload);
      break;
    case wire::Kind::get:
      taken = on_get(from, connection, frame->payload);
      break;
    case wire::Kind::more:
      taken = on_more(connection, frame->payload);
      break;
    case wire::Kind::heartbeat:
      break;
    case wire::Kind::goodbye:
      connections_.erase(from);
      return;
    default:
      taken = fail(ErrorCode::message_kind_unknown, {{"actual", std::to_string(static_cast<unsigned>(frame->kind))}});
  }
  if (!taken) refuse_frame(from, taken.error());
}

void BulkLoop::on_hello(ports::ConnectionId from, Connection& connection, const BulkPeer& peer, ByteView payload) {
  if (connection.peer) return refuse_frame(from, wire::malformed_frame("HELLO comes once a connection"));
  const auto hello = wire::read_hello(payload);
  if (!hello) return end_session(from, hello.error());
  if (hello->endpoint != peer.endpoint)
    return end_session(from,
                       {ErrorCode::endpoint_mismatch, {{"actual", hello->endpoint}, {"endpoint", peer.endpoint}}});
  if (hello->version_min > wire::kVersion || hello->version_max < wire::kVersion)
    return end_session(from,
                       {ErrorCode::version_unsupported,
                        {{"actual", std::to_string(hello->version_min) + "-" + std::to_string(hello->version_max)},
                         {"limit", std::to_string(wire::kVersion)}}});
  if (hello->connection != wire::Connection::bulk)
    return end_session(from, wire::malformed_frame("this is the bulk connection"));
  if (hello->journal_id && *hello->journal_id != options_.journal_id)
    return end_session(from, {ErrorCode::journal_mismatch,
                              {{"actual", to_hex(*hello->journal_id)}, {"expected", to_hex(options_.journal_id)}}});
  // Two connections of an endpoint would write the same files.
  std::vector<ports::ConnectionId> older;
  for (const auto& [id, other] : connections_)
    if (other.peer && other.peer->endpoint == peer.endpoint) older.push_back(id);
  for (const ports::ConnectionId id : older) end_session(id, {ErrorCode::session_superseded, {}});
  connection.peer = peer;
  wire::Welcome welcome;
  welcome.origin = options_.origin;
  welcome.journal_id = options_.journal_id;
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  welcome.time = UnixMicros(std::chrono::duration_cast<std::chrono::microseconds>(wall).count());
  welcome.party = peer.party;
  welcome.frame_bytes_max = wire::kBulkFrameBytesMax;
  send(from, welcome);
}

void BulkLoop::tick() {
  if (now_.value - ticked_.value < std::chrono::microseconds(kTick).count()) return;
  ticked_ = now_;
  const std::int64_t interval = std::int64_t{wire::kHeartbeatMillis} * 1000;
  std::vector<ports::ConnectionId> silent;
  for (auto& [id, connection] : connections_) {
    if (now_.value - connection.heard.value > interval * wire::kHeartbeatsMissedMax) {
      silent.push_back(id);
    } else if (connection.peer && now_.value - connection.spoken.value >= interval) {
      send(id, wire::Heartbeat{now_});
    }
  }
  for (const ports::ConnectionId id : silent) end_session(id, {ErrorCode::heartbeat_missed, {}});
}

void BulkLoop::ask(Mailbox::Work work) {
  questions_.push_back(std::move(work));
  post_questions();
}

void BulkLoop::post_questions() {
  while (!questions_.empty() && mailbox_.post(questions_.front())) questions_.pop_front();
}

// What was received of unfinished contents stays where it is, and goes on when the endpoint comes again.
void BulkLoop::end_session(ports::ConnectionId id, const Error& error) {
  connections_.erase(id);
  Buffer frame;
  wire::write(frame, wire::Goodbye{error});
  gate_.send(id, std::move(frame));
}

void BulkLoop::refuse_frame(ports::ConnectionId to, const Error& error) {
  send(to, wire::ErrorMessage{error, std::nullopt});
}

}  // namespace hub::runtime
