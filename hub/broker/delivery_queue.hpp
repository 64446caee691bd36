// What waits for one endpoint, and what is on its way to it.
//
// FIFO within a (sender, conversation); a conversation is as urgent as its most urgent waiting document, and urgency
// orders between conversations, with a bound on starvation. A delivery gets its sequence when it is dispatched, that
// is, when the endpoint is connected and not paused, and its window has room; acknowledgements cover sequences.
// Deterministic: everything here follows from records. Owned by the state; one thread.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "hub/base/ring.hpp"
#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/wire/delivery_id.hpp"

namespace hub::broker {

constexpr std::size_t kUrgencies = 4;            // Thường, Khẩn, Thượng khẩn, Hỏa tốc; a timed one ranks with the last
constexpr std::uint32_t kUrgentRunMax = 16;      // so often in a row may more urgent conversations pass a waiting one

struct PendingDelivery {
  Position position;             // of the acceptance record
  Uuid id, conversation;
  EndpointIndex sender;          // gets the receipts
  std::uint32_t document_bytes = 0;
  std::uint8_t outcome_index = 0;
  std::uint8_t urgency = 0;      // 0..3
  bool has_attachments = false;  // its acknowledgement is no receipt yet: their contents are still to be fetched
  std::uint16_t sending = 0;     // of DeliveryEntry, when it was queued
  Position replay = {};          // of the order that started it; 0: none
  std::uint32_t queued_s = 0;    // since when it could go, in seconds since 1970
  std::uint32_t body_key = 0;    // the storage key of its document

  wire::DeliveryKey key() const { return {position, outcome_index, replay}; }
};

struct DeliveryWindow {
  std::uint64_t items = 0, bytes = 0;  // of documents not acknowledged; one document may go over the bytes
  friend bool operator==(const DeliveryWindow&, const DeliveryWindow&) = default;
};

// All of a queue that its future depends on.
struct DeliveryQueueImage {
  bool open = false, paused = false;
  DeliveryWindow window;
  StreamSequence acknowledged;
  std::array<std::uint32_t, kUrgencies> passed_over{};
  std::vector<PendingDelivery> in_flight;
  std::vector<PendingDelivery> waiting;  // conversation by conversation, within each urgency in the order of their turns
};

class DeliveryQueue {
 public:
  DeliveryQueueImage image() const;
  static DeliveryQueue from(const DeliveryQueueImage& image);

  void add(const PendingDelivery& delivery);
  // Takes a delivery out that is not dispatched yet; false when there is none. What is under way stays so.
  bool remove(EndpointIndex sender, const Uuid& conversation, const wire::DeliveryKey& key);
  // The documents under that storage key are erased: takes their deliveries out that are not dispatched yet.
  void remove_erased(std::uint32_t body_key);
  // The endpoint has nothing beyond what is acknowledged, and is sent all of it again: what is_erased is left out, and the
  // others move up in the sequence. Before open().
  void leave_out(const std::function<bool(const PendingDelivery&)>& is_erased);
  // From now on deliveries are dispatched; `stored` may be ahead of what was acknowledged.
  void open(DeliveryWindow window);
  void close() { open_ = false; }
  // Nothing more is dispatched until resume(), whoever connects meanwhile.
  void pause() { paused_ = true; }
  void resume();
  bool is_paused() const { return paused_; }
  void set_window(DeliveryWindow window);
  DeliveryWindow window() const { return window_; }

  // Everything up to `stored` is durable at the endpoint: hands each delivery that this finishes to `delivered`.
  void acknowledge(StreamSequence stored, const std::function<void(const PendingDelivery&)>& delivered);

  StreamSequence acknowledged() const { return acknowledged_; }
  StreamSequence dispatched() const { return StreamSequence(acknowledged_.value + in_flight_.size()); }
  // acknowledged() < sequence <= dispatched().
  const PendingDelivery& at(StreamSequence sequence) const {
    return in_flight_[sequence.value - acknowledged_.value - 1];
  }
  std::size_t waiting() const { return waiting_; }
  std::size_t in_flight() const { return in_flight_.size(); }
  // Since when the oldest of all that is not acknowledged could go, in seconds since 1970; nothing when there is none.
  std::optional<std::uint32_t> oldest_queued_s() const;

  // Calls back for everything that is not acknowledged: in flight in order, then waiting, in order within a conversation.
  void for_each(const std::function<void(const PendingDelivery&)>& visit) const;

 private:
  struct Key {
    EndpointIndex sender;
    Uuid conversation;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  // The waiting documents of one conversation: a list through nodes_, so that a conversation of one costs little.
  struct Conversation {
    std::uint32_t head = 0, tail = 0;
    std::array<std::uint32_t, kUrgencies> counts{};
    std::uint8_t bucket = 0;         // where its live entry in ready_ is
    std::uint64_t entry = 0;         // that entry's number
  };
  struct Ready {
    Key key;
    std::uint64_t entry = 0;
  };
  struct Node {
    PendingDelivery delivery;
    std::uint32_t next = 0;  // 0: none
  };

  // So many deliveries that are not acknowledged could go since then.
  struct Age {
    std::uint32_t queued_s = 0, count = 0;
  };

  std::uint32_t remember_age(std::uint32_t queued_s);  // as it is remembered: never less than the one before
  void forget_age(std::uint32_t queued_s);
  void dispatch();
  bool can_dispatch() const;
  void count_ages();
  void put_in_flight(const PendingDelivery& delivery);
  void enqueue(const PendingDelivery& delivery);
  PendingDelivery take_next();
  void unlink(std::uint32_t node, std::uint32_t before, Conversation& conversation);
  std::size_t choose_bucket();
  void make_ready(const Key& key, Conversation& conversation);
  void make_stale(const Conversation& conversation);
  std::uint32_t new_node(const PendingDelivery& delivery);
  static std::uint8_t most_urgent(const Conversation& conversation);

  bool open_ = false, paused_ = false;
  DeliveryWindow window_;
  StreamSequence acknowledged_;
  Ring<PendingDelivery> in_flight_;
  std::uint64_t in_flight_bytes_ = 0;

  Ring<Age> ages_;  // ascending; the first one's count is not 0

  std::size_t waiting_ = 0;
  std::unordered_map<Key, Conversation, KeyHash> conversations_;  // looked up only, never iterated into an output
  std::array<std::deque<Ready>, kUrgencies> ready_;               // may hold stale entries: of a conversation that moved
  std::array<std::size_t, kUrgencies> live_{};                    // entries of ready_ that are not stale
  std::uint64_t entries_ = 0;                                     // made so far
  std::array<std::uint32_t, kUrgencies> passed_over_{};
  std::vector<Node> nodes_ = std::vector<Node>(1);                // 0 is no node
  std::uint32_t free_ = 0;
};

}  // namespace hub::broker
