#include "hub/evidence/reconcile.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace hub::evidence {
namespace {

class Comparison {
 public:
  Comparison(const Holdings& holdings, const Recorded& recorded) : holdings_(holdings), recorded_(recorded) {}

  std::vector<Discrepancy> run() {
    outbox_in_journal();
    journal_in_outbox();
    journal_in_inbox();
    inbox_in_journal();
    std::ranges::stable_sort(
        found_, {}, [](const Discrepancy& f) { return std::tuple(!f.position, f.position.value_or(Position())); });
    return std::move(found_);
  }

 private:
  void found(Difference difference, std::optional<Uuid> document, std::string delivery,
             std::optional<Position> position) {
    found_.push_back({difference, holdings_.party, document, std::move(delivery), position});
  }

  bool must_be_there(UnixMicros time) const { return time >= must_hold_since(holdings_); }
  // Why there is no record at a position that an endpoint names.
  Difference missing(Position position, Difference otherwise) const {
    return position >= recorded_.end && position < recorded_.journal_end ? Difference::not_read_yet : otherwise;
  }

  void outbox_in_journal() {
    std::map<Position, const RecordedDocument*> by_position;
    for (const RecordedDocument& recorded : recorded_.sent) by_position[recorded.position] = &recorded;
    for (const SentDocument& sent : holdings_.outbox) {
      if (!sent.position) continue;
      const auto it = by_position.find(*sent.position);
      if (it == by_position.end() || it->second->id != sent.id) {
        found(missing(*sent.position, Difference::not_recorded), sent.id, {}, sent.position);
      } else if (sent.leaf != it->second->leaf) {
        found(Difference::other_leaf, sent.id, {}, sent.position);
      }
    }
  }

  // By id: a document may have been decided several times, and the answers to the first ones been lost on their way.
  void journal_in_outbox() {
    std::map<Uuid, bool> answered;
    for (const SentDocument& sent : holdings_.outbox) answered[sent.id] |= sent.answered;
    for (const RecordedDocument& recorded : recorded_.sent) {
      const auto it = answered.find(recorded.id);
      if (it == answered.end()) {
        if (must_be_there(recorded.time)) found(Difference::not_in_outbox, recorded.id, {}, recorded.position);
      } else if (!it->second && recorded.accepted) {
        found(Difference::answer_outstanding, recorded.id, {}, recorded.position);
      }
    }
  }

  void journal_in_inbox() {
    std::set<std::string_view> taken;
    for (const TakenDelivery& delivery : holdings_.inbox) taken.insert(delivery.id);
    for (const RecordedDelivery& recorded : recorded_.received)
      if (recorded.delivered_at && must_be_there(*recorded.delivered_at) && !taken.contains(recorded.id))
        found(Difference::not_in_inbox, recorded.document, recorded.id, recorded.position);
  }

  void inbox_in_journal() {
    std::map<std::string_view, const RecordedDelivery*> by_id;
    for (const RecordedDelivery& recorded : recorded_.received) by_id[recorded.id] = &recorded;
    for (const TakenDelivery& taken : holdings_.inbox) {
      const auto it = by_id.find(taken.id);
      if (it == by_id.end()) {
        const auto id = wire::parse_delivery_id(taken.id);
        const auto named = id ? std::optional(id->key.document) : std::nullopt;
        const auto difference =
            id ? missing(id->key.origin(), Difference::unknown_delivery) : Difference::unknown_delivery;
        found(difference, std::nullopt, taken.id, named);
        continue;
      }
      const RecordedDelivery& recorded = *it->second;
      if (taken.leaf && *taken.leaf != recorded.leaf)
        found(Difference::other_leaf, recorded.document, recorded.id, recorded.position);
      if (!recorded.delivered_at)
        found(Difference::receipt_outstanding, recorded.document, recorded.id, recorded.position);
    }
  }

  const Holdings& holdings_;
  const Recorded& recorded_;
  std::vector<Discrepancy> found_;
};

}  // namespace

bool is_gap(Difference difference) { return difference < Difference::answer_outstanding; }

std::string_view name_of(Difference difference) {
  switch (difference) {
    case Difference::not_recorded:
      return "not-recorded";
    case Difference::other_leaf:
      return "other-leaf";
    case Difference::not_in_outbox:
      return "not-in-outbox";
    case Difference::not_in_inbox:
      return "not-in-inbox";
    case Difference::unknown_delivery:
      return "unknown-delivery";
    case Difference::answer_outstanding:
      return "answer-outstanding";
    case Difference::receipt_outstanding:
      return "receipt-outstanding";
    case Difference::not_read_yet:
      return "not-read-yet";
  }
  return "unknown";
}

UnixMicros must_hold_since(const Holdings& holdings) {
  const std::int64_t since = holdings.complete_since.value;
  return UnixMicros(since == 0 ? 0 : since + kClocksApartMicros);
}

std::vector<Discrepancy> reconcile(const Holdings& holdings, const Recorded& recorded) {
  return Comparison(holdings, recorded).run();
}

}  // namespace hub::evidence
