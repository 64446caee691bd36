// A model of an agency's adapter: a durable store that is never wrong, and a session that is lost again and again. It
// speaks the real protocol and checks every signature and proof.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "hub/base/uuid.hpp"
#include "hub/wire/delivery.hpp"
#include "hub/wire/receipt.hpp"
#include "hub/wire/report.hpp"
#include "hub/wire/session.hpp"
#include "hub/wire/submit.hpp"
#include "tests/simulation/scenery.hpp"
#include "tests/simulation/sim_network.hpp"

namespace hub::simulation {

struct SimDocument {
  Uuid id, conversation;
  Buffer bytes;
  std::vector<std::string> recipients;
  bool forbidden = false, timed = false;
  // Once it is answered:
  bool answered = false, accepted = false;
  Position position;
  crypto::Digest leaf{};
  // It was refused by a recipient's system, and goes once more; what it was accepted as before.
  bool resent = false;
  std::map<Position, crypto::Digest> leaves;
  std::set<std::pair<Position, std::uint8_t>> accepted_rows;
};

// What a recipient can't store: for ever, or the first two times that it is tried.
enum class Trouble { none, flaky, poison };
Trouble trouble_of(const Uuid& document);

struct InboxItem {
  Position position;
  std::uint8_t outcome_index = 0;
  std::string sender;
  Uuid id, conversation;
  crypto::Digest leaf{};
  Position replay;
};

class SimAdapter {
 public:
  SimAdapter(Scheduler& scheduler, Chance& chance, SimNetwork& network, const Options& options,
             const Scenery& scenery, std::size_t index);

  void start();
  void crash();
  void lose_connection();
  void make_document();
  bool done() const;  // every document and every report is answered

  const std::vector<SimDocument>& outbox() const { return outbox_; }
  const std::vector<InboxItem>& inbox() const { return inbox_; }
  const std::string& party() const { return self_.id; }
  bool has_receipt(Position document, std::uint8_t outcome_index, wire::DeliveryStatus status) const {
    const auto received = statuses_.find({document, outcome_index});
    return received != statuses_.end() && received->second.contains(status);
  }
  bool has(const wire::DeliveryKey& key) const {
    return inbox_ids_.contains({key.document, key.outcome_index, key.replay});
  }
  const std::string& problem() const { return problem_; }

 private:
  void connect();
  void on_lost();
  void on_frame(const Buffer& frame);
  void on_welcome(ByteView payload);
  void on_results(ByteView payload);
  void on_deliveries(ByteView payload);
  void take(const wire::DeliveryGroup& group, const wire::Delivery& delivery);
  bool fails(const wire::Delivery& delivery, const Uuid& id);
  void report(const wire::DeliveryKey& delivery, wire::DeliveryStatus status, bool permanent = false);
  void send_report(std::uint64_t request);
  void report_later(const wire::DeliveryKey& delivery, int step);
  void on_answer(ByteView payload);
  void on_receipts(ByteView payload);
  void send_batches();
  void send_batch(const std::vector<std::size_t>& documents);
  void acknowledge_later(wire::Stream stream);
  void later(std::int64_t micros, std::function<void()> action);  // unless it has crashed or lost its connection since
  void fail(std::string problem) {
    if (problem_.empty()) problem_ = party() + ": " + std::move(problem);
  }

  Scheduler& scheduler_;
  Chance& chance_;
  SimNetwork& network_;
  const Options& options_;
  const Scenery& scenery_;
  const SimParty& self_;
  std::string problem_;

  // Durable.
  std::vector<SimDocument> outbox_;
  std::vector<InboxItem> inbox_;
  using ItemId = std::tuple<Position, std::uint8_t, Position>;
  std::set<ItemId> inbox_ids_;
  std::map<ItemId, int> failures_;
  std::map<std::pair<Position, std::uint8_t>, std::set<wire::DeliveryStatus>> statuses_;  // of the receipts
  std::set<Position> receipt_records_;
  struct SimReport {
    wire::DeliveryKey delivery;
    wire::DeliveryStatus status{};
    bool permanent = false;
  };
  std::map<std::uint64_t, SimReport> reports_;  // by request; not answered
  std::uint64_t next_request_ = 1;
  StreamSequence deliveries_stored_, receipts_stored_;
  std::optional<Bytes<16>> journal_id_;
  Position position_seen_;

  // Of a session.
  std::uint64_t life_ = 0;
  bool running_ = false, welcomed_ = false;
  ports::ConnectionId connection_;
  std::uint64_t next_batch_ = 0;
  std::map<std::uint64_t, std::vector<std::size_t>> in_flight_;  // batch: documents
  std::set<std::size_t> sent_;
  bool acknowledging_[3] = {};
};

}  // namespace hub::simulation
