#include "hub/broker/delivery_state.hpp"

#include <initializer_list>

namespace hub::broker {
namespace {

using enum DeliveryStatus;

constexpr std::uint64_t set_of(std::initializer_list<DeliveryStatus> statuses) {
  std::uint64_t out = 0;
  for (const DeliveryStatus s : statuses) out |= std::uint64_t{1} << static_cast<unsigned>(s);
  return out;
}
constexpr bool contains(std::uint64_t set, DeliveryStatus status) {
  return (set >> static_cast<unsigned>(status) & 1) != 0;
}

// Where a recipient's report leads from a status. A recall is answered from wherever it can be requested.
constexpr std::uint64_t reportable_from(DeliveryStatus status) {
  switch (status) {
    case pending:
      return set_of({delivered, refused, registered, assigned, processing, finished});
    case delivered:
      return set_of({refused, registered, assigned, processing, finished});
    case registered:
      return set_of({refused, assigned, processing, finished});
    case assigned:
      return set_of({refused, processing, finished});
    case processing:
      return set_of({refused, finished});
    case stopped:
      return set_of({delivered});  // it was under way
    default:
      return 0;
  }
}

constexpr std::uint64_t kCanFail = set_of({pending, delivered, stopped});
constexpr std::uint64_t kCanBeRecalled = set_of({pending, delivered, registered, assigned, processing, finished});
constexpr std::uint64_t kCanBeReplayed =
    set_of({delivered, refused, registered, assigned, processing, finished, recalled, failed, stopped});
constexpr std::uint64_t kFinal = set_of({refused, finished, recalled, failed, stopped, replayed});

Step answer_recall(DeliveryState state, bool agreed) {
  const bool repeated = agreed ? state.status == recalled : state.recall_refused;
  if (repeated) return {Step::Kind::repetition, state};
  if (!state.recall_requested) return {Step::Kind::without_effect, state};
  state.recall_requested = false;
  state.recall_refused = !agreed;
  if (agreed) {
    state.status = recalled;
    state.retrying = false;
  }
  return {Step::Kind::changes, state};
}

}  // namespace

Step report(const DeliveryState& state, DeliveryStatus reported) {
  if (reported == recalled || reported == recall_refused) return answer_recall(state, reported == recalled);
  if (reported == state.status) return {Step::Kind::repetition, state};
  if (!contains(reportable_from(state.status), reported)) return {Step::Kind::without_effect, state};
  DeliveryState next = state;
  next.status = reported;
  next.retrying = false;
  if (reported == refused) next.recall_requested = false;
  return {Step::Kind::changes, next};
}

Step fail_delivery(const DeliveryState& state, bool is_last) {
  if (state.status == failed || state.retrying) return {Step::Kind::repetition, state};
  if (!contains(kCanFail, state.status)) return {Step::Kind::without_effect, state};
  const bool is_dead = is_last || state.status == stopped;  // nobody wants another attempt
  DeliveryState next = state;
  next.status = is_dead ? failed : pending;
  next.retrying = !is_dead;
  if (is_dead) next.recall_requested = false;
  return {Step::Kind::changes, next};
}

bool acknowledge(DeliveryState& state) {
  if (state.status != pending && state.status != stopped) return false;
  state.status = delivered;
  state.retrying = false;
  return true;
}

bool resume(DeliveryState& state) {
  state.retrying = false;
  return state.status != stopped && state.status != recalled;
}

bool request_recall(DeliveryState& state) {
  if (!contains(kCanBeRecalled, state.status)) return false;
  state.recall_requested = true;
  state.recall_refused = false;
  return true;
}

bool can_retry(const DeliveryState& state) { return state.status == failed || state.retrying; }
bool can_stop(const DeliveryState& state) { return state.status == pending || state.status == failed; }
bool can_replay(const DeliveryState& state) { return contains(kCanBeReplayed, state.status); }
bool is_final(const DeliveryState& state) { return contains(kFinal, state.status) && !state.recall_requested; }

}  // namespace hub::broker
