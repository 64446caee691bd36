// The hub without its I/O: frames in, records, frames out. It keeps the sessions, asks the core to decide, appends what
// was decided, and lets effects go once their records are durable. Deterministic given its ports: the simulation runs
// this very class on a fake clock, disk and network.
//
// One thread calls everything here. A group is committed elsewhere: take_group() hands it out, group_durable() takes it
// back.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "hub/broker/decide.hpp"
#include "hub/broker/decide_contents.hpp"
#include "hub/broker/prepare.hpp"
#include "hub/runtime/delivery_frames.hpp"
#include "hub/runtime/effects.hpp"
#include "hub/runtime/figures.hpp"
#include "hub/runtime/published_users.hpp"
#include "hub/runtime/recorder.hpp"
#include "hub/runtime/session.hpp"
#include "hub/wire/receipt.hpp"

namespace hub::runtime {

// A checkpoint, and the proof that an earlier one is its beginning.
struct Vouched {
  std::uint64_t size = 0;
  std::string note;
  std::vector<crypto::Digest> proof;  // of consistency
};

// Which content an attachment of a delivery is.
struct DeliveredContent {
  std::string sender;
  crypto::Digest digest{};
  std::uint64_t size = 0;
};

struct BodyReading {
  Position position;     // of the record
  std::string document;  // JSON (hub/registry/document_json.hpp)
};

class Engine {
 public:
  Engine(ports::Clock& clock, ports::Randomness& randomness, ports::Network& network, journal::Journal& journal,
         broker::State& state, ports::StorageSecrets& secrets);

  // Before anything else: destroys the secrets whose destruction is recorded (a crash came between), and looks whether
  // all others are there. storage_key_missing.
  Result<void> settle_storage_keys();
  // The first thing after opening the journal, and the last before closing it.
  void start(std::string version, std::vector<crypto::PublicKey> tree_keys = {});
  void stop();

  // Reads the clock; first in each turn of the loop.
  void begin_turn() { recorder_.read_clock(); }
  // A frame from a connection that was opened with this key. Views into it are not kept. False: the group that is being
  // filled has no room for all that could follow from it, nothing was done, and the frame must come again later.
  [[nodiscard]] bool on_frame(ports::ConnectionId from, const Bytes<32>& transport_key, ByteView frame);
  // Handshakes with keys that are not enrolled, since the last call.
  void on_strangers(std::uint64_t count);
  // Takes what is new or has changed, or nothing when any of it is refused. It is registered by record_changes(), as the
  // journal has room.
  Result<void> on_configuration(const std::vector<registry::Item>& items, const std::string& actor);
  // True when something was registered.
  bool record_changes();
  bool configuration_settled() const { return changes_.empty(); }
  // An operator's order about a delivery, signed by an administrator's key (hub/broker/orders.hpp). The position of its
  // record; it holds once that is durable. The refusals of read_order, decide_order and permit_replay. Or an order about a
  // storage key (hub/broker/storage_orders.hpp), signed by as many as it needs: the refusals of read_storage_order and
  // decide_storage_order. Or one about a role (hub/broker/roles.hpp): the refusals of decide_role.
  Result<Position> on_order(std::string_view text);
  // An administrator's wish to read a body (hub/broker/readings.hpp): recorded. The body is to be shown when the record is
  // durable. The refusals of decide_reading; record_unknown: no document was accepted there; document_erased,
  // storage_key_missing, journal_damaged.
  Result<BodyReading> on_reading(std::string_view text);
  // The first user, by whom everything about users begins (engine_users.cpp): the position of its record. The refusals of
  // decide_first_user.
  Result<Position> on_first_user(const std::string& name);
  // The users as the newest durable record about roles left them: for any thread.
  std::shared_ptr<const PublishedUsers> users() const { return users_; }
  // Heartbeats, silent connections, timed documents. About once a second.
  void on_tick();
  // Whether the group that is being filled has room for the few records of a piece of work from the mailbox.
  bool has_room() const;
  // A record that says nothing but that it could be made durable. storage_full where a document would not be taken.
  Result<Position> record_probe();
  // Calls back once everything that was recorded so far is durable.
  void when_durable(std::function<void()> callback);
  // Contents of attachments, as other threads ask for them through the mailbox (engine_contents.cpp).
  // Told in WELCOME: from then on attachments are taken.
  void set_bulk_port(std::uint16_t port) { bulk_port_ = port; }
  // Asked for the newest checkpoint that continues one of that size; nothing while there is none.
  void set_voucher(std::function<std::optional<Vouched>(std::uint64_t seen)> voucher) { voucher_ = std::move(voucher); }
  // Called when a content's record says that it was dropped, and is durable: its file may go.
  void set_on_dropped(std::function<void(const std::string& party, const crypto::Digest& digest)> on_dropped) {
    on_content_dropped_ = std::move(on_dropped);
  }
  broker::ContentStanding content_standing(PartyIndex sender, const crypto::Digest& digest, std::uint64_t size) const {
    return broker::content_standing(state(), sender, digest, size);
  }
  // An upload is complete and synced. False: it is not permitted (any more), and nothing was recorded.
  bool record_content_stored(PartyIndex sender, const crypto::Digest& digest, std::uint64_t size);
  // An attachment of a delivery to this party. content_unknown when there is no such one; document_erased,
  // storage_key_missing, journal_damaged, segment_archived.
  Result<DeliveredContent> delivered_content(PartyIndex recipient, Position document, std::uint8_t outcome_index,
                                             std::uint64_t attachment) const;
  // Last in each turn: what may leave now, leaves.
  void end_turn();

  std::unique_ptr<journal::Group> take_group() { return recorder_.journal().take_group(); }
  void group_durable(std::unique_ptr<journal::Group> group);

  const broker::State& state() const { return recorder_.state(); }
  UnixMicros now() const { return recorder_.now(); }
  Figures figures() const;  // costs a copy of everything that it has

 private:
  struct ConnectionHash {
    std::size_t operator()(ports::ConnectionId id) const { return std::hash<std::uint64_t>{}(id.value); }
  };
  using Connections = std::unordered_map<ports::ConnectionId, Connection, ConnectionHash>;

  bool has_room_for(const Bytes<32>& transport_key) const;  // a frame of this endpoint other than a batch
  bool take_frame(ports::ConnectionId from, const Bytes<32>& transport_key, ByteView bytes, ports::SteadyNanos received);
  // engine_sessions.cpp
  void on_small_frame(ports::ConnectionId from, EndpointIndex endpoint, const wire::Frame& frame);
  void on_hello(ports::ConnectionId from, Connection& connection, EndpointIndex endpoint, ByteView payload);
  void on_acknowledge(ports::ConnectionId from, EndpointIndex endpoint, ByteView payload);
  void on_credential(ports::ConnectionId from, EndpointIndex endpoint, ByteView payload);
  void on_goodbye(ports::ConnectionId from, EndpointIndex endpoint);
  void welcome(ports::ConnectionId from, EndpointIndex endpoint, const wire::Hello& hello);
  void show_checkpoint(Session& session);
  void show_checkpoints();
  void disconnect(EndpointIndex endpoint, std::string_view reason);
  void refuse(ports::ConnectionId to, const Error& error, std::optional<std::uint64_t> batch = std::nullopt);
  void dismiss(ports::ConnectionId connection, const Error& error);
  void drop_contents();
  Session* session(EndpointIndex endpoint);

  // engine_submit.cpp
  bool on_submit(ports::ConnectionId from, EndpointIndex endpoint, ByteView payload, ports::SteadyNanos received);
  void take_batch(ports::ConnectionId from, std::uint64_t bytes);
  wire::DocumentResult take_document(std::size_t index, std::optional<Position>& batch_position);
  std::optional<wire::DocumentResult> need_contents(std::size_t index);
  wire::DocumentResult not_stored(const Error& error);
  wire::DocumentResult result_of(const journal::Appended& appended);
  wire::DocumentResult decide_again(std::size_t index, Position position, std::optional<Position>& batch_position);
  wire::DocumentResult record_document(std::size_t index, std::optional<Position>& batch_position);
  wire::DocumentResult result_again(Position position);
  broker::EarlierAcceptance read_earlier(Position position);
  void refuse_batch(ports::ConnectionId from, const Error& error, std::uint64_t bytes);

  // engine_deliveries.cpp
  void on_report(ports::ConnectionId from, EndpointIndex endpoint, ByteView payload);
  Result<Position> on_storage_order(std::string_view text);
  Position record_role(const broker::RoleChanged& change);  // engine_users.cpp
  void give_up_erased();
  Result<Buffer> row_now(const broker::DeliveryOrdered& replay);

  // engine_streams.cpp
  void send_streams(const StreamEffect& effect);
  void send_deliveries(EndpointIndex endpoint, Session& session, StreamSequence last);
  void end_stream(const StreamEffect& effect, ports::ConnectionId connection, const Error& error);
  void send_receipts(EndpointIndex endpoint, Session& session, StreamSequence last);
  void tell_keys(Session& session, const std::vector<wire::DeliveryGroup>& groups);
  void tell_credential(const registry::Item& item);

  // engine_figures.cpp
  void count_document(const wire::DocumentResult& result);
  void time_answers(Position durable);
  void time_acknowledged(Session& session, StreamSequence stored);

  void hold(ports::ConnectionId to, Buffer frame);
  void send(ports::ConnectionId to, Buffer frame);
  const registry::Registry& registry() const { return recorder_.state().configuration.registry; }

  ports::Clock& clock_;
  BodySealer sealer_;
  Recorder recorder_;
  ports::Network& network_;
  DeliveryFrames delivery_frames_;
  Connections connections_;
  std::vector<std::optional<Session>> sessions_;  // by EndpointIndex
  std::deque<broker::ConfigurationChanged> changes_;  // checked, not yet recorded
  std::uint16_t bulk_port_ = 0;
  std::function<void(const std::string&, const crypto::Digest&)> on_content_dropped_;
  std::function<std::optional<Vouched>(std::uint64_t)> voucher_;
  std::size_t next_shown_ = 0;  // session whose turn it is to be shown a checkpoint
  HeldEffects<FrameEffect> frames_;
  HeldEffects<StreamEffect> streams_;
  HeldEffects<std::function<void()>> callbacks_;
  const std::shared_ptr<PublishedUsers> users_;

  Meters meters_;
  HeldEffects<BatchTimes> batch_times_;
  ports::SteadyNanos durable_at_;                     // when the last group had become so
  std::optional<ports::SteadyNanos> held_back_since_;  // of the frame that found no room

  // Reused from batch to batch.
  wire::Submit submit_;
  broker::PreparedBatch batch_;
  broker::Record document_ = broker::DocumentDecided{};
  broker::Record resend_ = broker::DocumentDecided{};
  Buffer digest_list_;
  Buffer again_scratch_, body_scratch_;
  std::vector<broker::EarlierAcceptance> references_;
  bool erased_left_ = true;  // perhaps there are deliveries to be given up
  std::uint64_t strangers_ = 0;
  UnixMicros strangers_since_;
};

}  // namespace hub::runtime
