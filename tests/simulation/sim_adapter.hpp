// A model of an agency's adapter: a durable store that is never wrong, and a session that is lost again and again. It
// speaks the real protocol and checks every signature and proof.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hub/base/uuid.hpp"
#include "hub/wire/delivery.hpp"
#include "hub/wire/receipt.hpp"
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
};

struct InboxItem {
  Position position;
  std::uint8_t outcome_index = 0;
  std::string sender;
  Uuid id, conversation;
  crypto::Digest leaf{};
};

class SimAdapter {
 public:
  SimAdapter(Scheduler& scheduler, Chance& chance, SimNetwork& network, const Options& options,
             const Scenery& scenery, std::size_t index);

  void start();
  void crash();
  void lose_connection();
  void make_document();
  bool done() const;  // every document is answered, every accepted one has all its receipts

  const std::vector<SimDocument>& outbox() const { return outbox_; }
  const std::vector<InboxItem>& inbox() const { return inbox_; }
  const std::string& party() const { return self_.id; }
  bool has_receipt(Position document, std::uint8_t outcome_index) const {
    return receipts_.contains({document, outcome_index});
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
  std::set<std::pair<Position, std::uint8_t>> inbox_ids_, receipts_;
  StreamSequence deliveries_stored_, receipts_stored_;
  std::optional<Bytes<16>> journal_id_;
  Position position_seen_;
  std::size_t receipts_due_ = 0;

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
