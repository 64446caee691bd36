#include "hub/broker/delivery_queue.hpp"

#include <algorithm>

#include "hub/base/check.hpp"

namespace hub::broker {

std::size_t DeliveryQueue::KeyHash::operator()(const Key& key) const {
  const auto high = load_le<std::uint64_t>(key.conversation.bytes.data());
  const auto low = load_le<std::uint64_t>(key.conversation.bytes.data() + 8);
  return (high ^ (low * 0x9e3779b97f4a7c15u)) + key.sender.value;
}

void DeliveryQueue::add(const PendingDelivery& delivery) {
  PendingDelivery added = delivery;
  added.queued_s = remember_age(delivery.queued_s);
  if (waiting_ == 0 && can_dispatch()) {
    put_in_flight(added);
  } else {
    enqueue(added);
    dispatch();
  }
}

bool DeliveryQueue::remove(EndpointIndex sender, const Uuid& conversation_id, const wire::DeliveryKey& key) {
  const auto it = conversations_.find({sender, conversation_id});
  if (it == conversations_.end()) return false;
  Conversation& conversation = it->second;
  std::uint32_t before = 0, node = conversation.head;
  for (; node != 0 && !(nodes_[node].delivery.key() == key); node = nodes_[node].next) before = node;
  if (node == 0) return false;
  forget_age(nodes_[node].delivery.queued_s);
  unlink(node, before, conversation);
  if (conversation.head == 0) {
    make_stale(conversation);
    conversations_.erase(it);
  } else if (most_urgent(conversation) != conversation.bucket) {
    make_stale(conversation);
    make_ready(it->first, conversation);
  }
  return true;
}

void DeliveryQueue::remove_erased(std::uint32_t body_key) {
  std::vector<PendingDelivery> erased;
  for_each([&](const PendingDelivery& d) {
    if (d.body_key == body_key) erased.push_back(d);
  });
  for (const PendingDelivery& d : erased) remove(d.sender, d.conversation, d.key());
}

void DeliveryQueue::leave_out(const std::function<bool(const PendingDelivery&)>& is_erased) {
  for (std::size_t left = in_flight_.size(); left > 0; --left) {
    const PendingDelivery delivery = in_flight_.front();
    in_flight_.pop_front();
    if (is_erased(delivery)) {
      forget_age(delivery.queued_s);
      in_flight_bytes_ -= delivery.document_bytes;
    } else {
      in_flight_.push_back(delivery);
    }
  }
}

void DeliveryQueue::unlink(std::uint32_t node, std::uint32_t before, Conversation& conversation) {
  const std::uint32_t after = nodes_[node].next;
  (before == 0 ? conversation.head : nodes_[before].next) = after;
  if (after == 0) conversation.tail = before;
  --waiting_;
  --conversation.counts[nodes_[node].delivery.urgency];
  nodes_[node].next = free_;
  free_ = node;
}

void DeliveryQueue::open(DeliveryWindow window) {
  open_ = true;
  set_window(window);
}

void DeliveryQueue::resume() {
  paused_ = false;
  dispatch();
}

void DeliveryQueue::set_window(DeliveryWindow window) {
  window_ = window;
  dispatch();
}

void DeliveryQueue::acknowledge(StreamSequence stored, const std::function<void(const PendingDelivery&)>& delivered) {
  while (acknowledged_ < stored && !in_flight_.empty()) {
    delivered(in_flight_.front());
    forget_age(in_flight_.front().queued_s);
    in_flight_bytes_ -= in_flight_.front().document_bytes;
    in_flight_.pop_front();
    acknowledged_ = acknowledged_.next();
  }
  dispatch();
}

std::optional<std::uint32_t> DeliveryQueue::oldest_queued_s() const {
  return ages_.empty() ? std::nullopt : std::optional(ages_.front().queued_s);
}

std::uint32_t DeliveryQueue::remember_age(std::uint32_t queued_s) {
  if (ages_.empty() || ages_.back().queued_s < queued_s) ages_.push_back({queued_s, 0});
  Age& newest = ages_[ages_.size() - 1];
  ++newest.count;
  return newest.queued_s;
}

void DeliveryQueue::forget_age(std::uint32_t queued_s) {
  std::size_t first = 0, last = ages_.size() - 1;  // it is there; mostly it is the first
  if (ages_.front().queued_s == queued_s) last = 0;
  while (first < last) {
    const std::size_t middle = (first + last) / 2;
    if (ages_[middle].queued_s < queued_s) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  HUB_CHECK(ages_[first].queued_s == queued_s && ages_[first].count > 0);
  --ages_[first].count;
  while (!ages_.empty() && ages_.front().count == 0) ages_.pop_front();
}

void DeliveryQueue::for_each(const std::function<void(const PendingDelivery&)>& visit) const {
  for (std::size_t i = 0; i < in_flight_.size(); ++i) visit(in_flight_[i]);
  for (const std::deque<Ready>& bucket : ready_)
    for (const Ready& turn : bucket) {
      const auto it = conversations_.find(turn.key);
      const bool is_stale = it == conversations_.end() || it->second.entry != turn.entry;
      if (is_stale) continue;
      for (std::uint32_t n = it->second.head; n != 0; n = nodes_[n].next) visit(nodes_[n].delivery);
    }
}

DeliveryQueueImage DeliveryQueue::image() const {
  DeliveryQueueImage out{open_, paused_, window_, acknowledged_, passed_over_, {}, {}};
  out.in_flight.reserve(in_flight_.size());
  out.waiting.reserve(waiting_);
  for_each([&](const PendingDelivery& delivery) {
    (out.in_flight.size() < in_flight_.size() ? out.in_flight : out.waiting).push_back(delivery);
  });
  return out;
}

// A conversation takes its turn when its most urgent document is added; the order of the others gives the rest.
DeliveryQueue DeliveryQueue::from(const DeliveryQueueImage& image) {
  DeliveryQueue out;
  out.open_ = image.open;
  out.paused_ = image.paused;
  out.window_ = image.window;
  out.acknowledged_ = image.acknowledged;
  out.passed_over_ = image.passed_over;
  for (const PendingDelivery& delivery : image.in_flight) out.put_in_flight(delivery);
  for (const PendingDelivery& delivery : image.waiting) out.enqueue(delivery);
  out.count_ages();
  return out;
}

void DeliveryQueue::count_ages() {
  std::vector<std::uint32_t> all;
  for_each([&](const PendingDelivery& delivery) { all.push_back(delivery.queued_s); });
  std::sort(all.begin(), all.end());
  for (const std::uint32_t queued_s : all) remember_age(queued_s);
}

bool DeliveryQueue::can_dispatch() const {
  return open_ && !paused_ && in_flight_.size() < window_.items && (in_flight_.empty() || in_flight_bytes_ < window_.bytes);
}

void DeliveryQueue::put_in_flight(const PendingDelivery& delivery) {
  in_flight_.push_back(delivery);
  in_flight_bytes_ += delivery.document_bytes;
}

void DeliveryQueue::dispatch() {
  while (waiting_ > 0 && can_dispatch()) put_in_flight(take_next());
}

std::uint32_t DeliveryQueue::new_node(const PendingDelivery& delivery) {
  if (free_ == 0) {
    nodes_.push_back({delivery, 0});
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  const std::uint32_t node = free_;
  free_ = nodes_[node].next;
  nodes_[node] = {delivery, 0};
  return node;
}

std::uint8_t DeliveryQueue::most_urgent(const Conversation& conversation) {
  for (std::uint8_t u = kUrgencies; u-- > 0;)
    if (conversation.counts[u] > 0) return u;
  return 0;
}

void DeliveryQueue::enqueue(const PendingDelivery& delivery) {
  const Key key{delivery.sender, delivery.conversation};
  const std::uint32_t node = new_node(delivery);
  auto [it, is_new] = conversations_.try_emplace(key);
  Conversation& conversation = it->second;
  if (is_new) {
    conversation.head = node;
  } else {
    nodes_[conversation.tail].next = node;
  }
  conversation.tail = node;
  ++conversation.counts[delivery.urgency];
  ++waiting_;
  if (is_new) {
    make_ready(key, conversation);
  } else if (most_urgent(conversation) != conversation.bucket) {
    make_stale(conversation);
    make_ready(key, conversation);
  }
}

void DeliveryQueue::make_ready(const Key& key, Conversation& conversation) {
  conversation.bucket = most_urgent(conversation);
  conversation.entry = ++entries_;
  ready_[conversation.bucket].push_back({key, conversation.entry});
  ++live_[conversation.bucket];
}

// The entry stays where it is and is passed over; a bucket of stale entries alone is emptied, so that none grows for ever.
void DeliveryQueue::make_stale(const Conversation& conversation) {
  if (--live_[conversation.bucket] == 0) ready_[conversation.bucket].clear();
}

std::size_t DeliveryQueue::choose_bucket() {
  std::size_t chosen = kUrgencies;
  for (std::size_t b = kUrgencies; b-- > 0;) {
    if (live_[b] == 0) {
      passed_over_[b] = 0;
    } else if (chosen == kUrgencies || passed_over_[b] >= kUrgentRunMax) {
      chosen = b;
    }
  }
  for (std::size_t b = 0; b < chosen; ++b)
    if (live_[b] > 0) ++passed_over_[b];
  passed_over_[chosen] = 0;
  return chosen;
}

PendingDelivery DeliveryQueue::take_next() {
  const std::size_t bucket = choose_bucket();
  auto it = conversations_.end();
  while (it == conversations_.end()) {  // past stale entries
    const Ready next = ready_[bucket].front();
    ready_[bucket].pop_front();
    it = conversations_.find(next.key);
    if (it != conversations_.end() && it->second.entry != next.entry) it = conversations_.end();
  }
  Conversation& conversation = it->second;
  const std::uint32_t node = conversation.head;
  const PendingDelivery delivery = nodes_[node].delivery;
  unlink(node, 0, conversation);
  make_stale(conversation);  // its entry was taken
  if (conversation.head == 0) {
    conversations_.erase(it);
  } else {
    make_ready({delivery.sender, delivery.conversation}, conversation);
  }
  return delivery;
}

}  // namespace hub::broker
