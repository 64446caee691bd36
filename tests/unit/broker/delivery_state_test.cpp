#include <catch2/catch.hpp>
#include <random>

#include "hub/broker/delivery_state.hpp"

namespace hub::broker {
namespace {

using enum DeliveryStatus;
using Kind = Step::Kind;

DeliveryState at(DeliveryStatus status) { return {status}; }

constexpr DeliveryStatus kWay[] = {pending, delivered, registered, assigned, processing, finished};

}  // namespace

TEST_CASE("a delivery goes on step by step or in jumps, and never back") {
  for (std::size_t from = 0; from < std::size(kWay); ++from)
    for (std::size_t to = 1; to < std::size(kWay); ++to) {
      const Step step = report(at(kWay[from]), kWay[to]);
      INFO(wire::name_of(kWay[from]) << " to " << wire::name_of(kWay[to]));
      CHECK(step.kind == (to > from ? Kind::changes : to == from ? Kind::repetition : Kind::without_effect));
      CHECK(step.next.status == (to > from ? kWay[to] : kWay[from]));
    }
}

TEST_CASE("a recipient refuses what it has not finished, and nothing follows a refusal") {
  for (const DeliveryStatus from : {delivered, registered, assigned, processing})
    CHECK(report(at(from), refused).next.status == refused);
  CHECK(report(at(finished), refused).kind == Kind::without_effect);
  for (const DeliveryStatus later : {delivered, registered, assigned, processing, finished})
    CHECK(report(at(refused), later).kind == Kind::without_effect);
  CHECK(report(at(refused), refused).kind == Kind::repetition);
}

TEST_CASE("a recall is answered only while it is requested, also of what is finished") {
  CHECK(report(at(delivered), recalled).kind == Kind::without_effect);
  CHECK(report(at(delivered), recall_refused).kind == Kind::without_effect);
  for (const DeliveryStatus from : kWay) {
    DeliveryState state = at(from);
    REQUIRE(request_recall(state));
    const Step agreed = report(state, recalled), declined = report(state, recall_refused);
    CHECK(agreed.next == at(recalled));
    CHECK(declined.next.status == from);
    CHECK_FALSE(declined.next.recall_requested);
    CHECK(report(agreed.next, recalled).kind == Kind::repetition);
    CHECK(report(declined.next, recall_refused).kind == Kind::repetition);
    CHECK(report(declined.next, recalled).kind == Kind::without_effect);
  }
  for (const DeliveryStatus over : {refused, recalled, failed, stopped, replayed}) {
    DeliveryState state = at(over);
    CHECK_FALSE(request_recall(state));
    CHECK(state == at(over));
  }
}

TEST_CASE("a failure leads to another attempt or a dead letter, from where it is not yet handed over") {
  for (const DeliveryStatus from : {pending, delivered}) {
    const Step again = fail_delivery(at(from), false), last = fail_delivery(at(from), true);
    CHECK(again.next.status == pending);
    CHECK(again.next.retrying);
    CHECK(last.next == at(failed));
    CHECK(fail_delivery(again.next, false).kind == Kind::repetition);
    CHECK(fail_delivery(last.next, true).kind == Kind::repetition);
  }
  CHECK(fail_delivery(at(stopped), false).next == at(failed));  // it was under way
  for (const DeliveryStatus from : {registered, finished, refused, recalled, replayed})
    CHECK(fail_delivery(at(from), true).kind == Kind::without_effect);
}

TEST_CASE("an operator retries what failed, stops what has not arrived, replays what has") {
  for (const auto& named : wire::kStatusNames) {
    const DeliveryState state = at(named.status);
    INFO(named.name);
    CHECK(can_retry(state) == (named.status == failed));
    CHECK(can_stop(state) == (named.status == pending || named.status == failed));
    const bool is_mark = named.status == recall_requested || named.status == recall_refused;
    CHECK(can_replay(state) == (named.status != pending && named.status != replayed && !is_mark));
  }
  CHECK(can_retry(fail_delivery(at(pending), false).next));
}

TEST_CASE("what was under way when it was stopped has arrived when its endpoint says so") {
  DeliveryState state = at(stopped);
  CHECK(acknowledge(state));
  CHECK(state == at(delivered));
  for (const DeliveryStatus from : {delivered, registered, refused, failed, replayed, recalled}) {
    DeliveryState other = at(from);
    CHECK_FALSE(acknowledge(other));
    CHECK(other == at(from));
  }
}

TEST_CASE("any sequence of reports keeps a delivery on a path that only leads on") {
  std::mt19937_64 random(1);
  const auto rank = [](const DeliveryState& s) {
    for (std::size_t i = 0; i < std::size(kWay); ++i)
      if (kWay[i] == s.status) return i;
    return std::size(kWay);  // refused or recalled
  };
  for (int run = 0; run < 20'000; ++run) {
    DeliveryState state, twin;
    for (int i = 0; i < 12; ++i) {
      if (random() % 5 == 0) {
        const bool requested = request_recall(state);
        REQUIRE(requested == request_recall(twin));
        continue;
      }
      const DeliveryStatus reported = wire::kStatusNames[random() % wire::kStatusNames.size()].status;
      if (!wire::can_be_reported(reported) || reported == failed) continue;
      const Step step = report(state, reported);
      REQUIRE(rank(step.next) >= rank(state));
      REQUIRE((step.kind == Kind::changes) == !(step.next == state));
      if (step.next.status == recalled && state.status != recalled) REQUIRE(state.recall_requested);
      state = step.next;
      twin = report(twin, reported).next;
      REQUIRE(state == twin);
      REQUIRE(report(state, state.status == pending ? delivered : state.status).kind != Kind::without_effect);
    }
  }
}

}  // namespace hub::broker
