// Reports, failures, orders and resends, as the core decides and applies them.
#include <catch2/catch.hpp>

#include "hub/broker/decide_reports.hpp"
#include "hub/broker/orders.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using enum DeliveryStatus;
using test::CoreBench;

struct DeliveriesBench : CoreBench {
  DeliveriesBench() {
    connect(0);
    connect(1);
    document = take({});
  }
  const DeliveryEntry& entry(Position origin) const { return *state.book.find(origin, 0); }
  const DeliveryEntry& entry() const { return entry(document); }
  ReportDecision decide(const wire::Report& report, std::size_t from = 1) const {
    return decide_report(state, journal_id, endpoint(from), report, now, 0);
  }
  // Decides and applies; the refusal, if any.
  std::optional<ErrorCode> say(DeliveryStatus status, std::string_view reason = {}, std::size_t from = 1) {
    return say(wire::Report{1, {document, 0, {}}, status, reason, now, {}, false}, from);
  }
  std::optional<ErrorCode> say(const wire::Report& report, std::size_t from = 1) {
    const ReportDecision decision = decide(report, from);
    if (decision.record) apply(*decision.record);
    return decision.refusal ? std::optional(decision.refusal->code) : std::nullopt;
  }
  std::optional<ErrorCode> fail_once(bool permanent, Position replay = {}) {
    return say(wire::Report{1, {document, 0, replay}, failed, "disk", now, "delivery-not-stored", permanent});
  }
  SignedOrder order(OrderAction action, Position replay = {}) const {
    SignedOrder out;
    const wire::DeliveryKey key{document, 0, replay};
    out.order = {action, wire::delivery_id(journal_id, key), state.book.find(key.origin(), 0)->last_record,
                 {journal_id, "thử lại", now}};
    out.statement.signatures.emplace_back();
    return out;
  }
  std::optional<ErrorCode> carry_out(const SignedOrder& given) {
    const auto record = decide_order(state, journal_id, given);
    if (!record) return record.error().code;
    apply(*record);
    return std::nullopt;
  }
  std::vector<DeliveryStatus> receipts() const {
    std::vector<DeliveryStatus> out;
    const ReceiptQueue& queue = streams(0).receipts;
    for (auto s = queue.acknowledged().next(); s <= queue.last(); s = s.next()) out.push_back(queue.at(s).status);
    return out;
  }
  void reach(UnixMicros time) {
    now = time;
    if (const auto due = decide_schedule(state, now)) apply(*due);
  }
  std::optional<UnixMicros> next_attempt() const {
    return state.schedule.empty() ? std::nullopt : std::optional(state.schedule.begin()->first);
  }
  Position document;
};

using Statuses = std::vector<DeliveryStatus>;

}  // namespace

TEST_CASE("each status that a recipient reports comes back to the sender with its reason") {
  DeliveriesBench bench;
  bench.acknowledge(1, 1);
  CHECK_FALSE(bench.say(registered));
  CHECK_FALSE(bench.say(refused, "không thuộc thẩm quyền"));
  CHECK(bench.receipts() == Statuses{delivered, registered, refused});
  CHECK(bench.streams(0).receipts.at(StreamSequence(3)).reason == "không thuộc thẩm quyền");
  CHECK(bench.entry().state.status == refused);
}

TEST_CASE("a status that is repeated is taken without a record") {
  DeliveriesBench bench;
  bench.acknowledge(1, 1);
  bench.say(processing);
  const Position end = bench.state.end;
  CHECK_FALSE(bench.say(processing));
  CHECK(bench.state.end == end);
}

TEST_CASE("a late report is recorded and changes nothing, sixteen times; the next leaves no record") {
  DeliveriesBench bench;
  bench.acknowledge(1, 1);
  bench.say(finished);
  const Position changed = bench.entry().last_record;
  for (int i = 0; i < kWithoutEffectMax; ++i) {
    const Position end = bench.state.end;
    CHECK(bench.say(i % 2 == 0 ? registered : refused) == ErrorCode::report_without_effect);
    CHECK(bench.state.end == end.next());
  }
  const Position end = bench.state.end;
  CHECK(bench.say(registered) == ErrorCode::report_without_effect);
  CHECK(bench.state.end == end);
  CHECK(bench.entry().state.status == finished);
  CHECK(bench.entry().last_record == changed);
  CHECK(bench.receipts() == Statuses{delivered, finished});
}

TEST_CASE("only the recipient of a delivery can report on it") {
  DeliveriesBench bench;
  bench.acknowledge(1, 1);
  const Position end = bench.state.end;
  CHECK(bench.say(registered, {}, 0) == ErrorCode::delivery_unknown);
  CHECK(bench.say(registered, {}, 2) == ErrorCode::delivery_unknown);
  CHECK(bench.say(wire::Report{1, {bench.document, 1, {}}, registered, {}, bench.now, {}, false}) ==
        ErrorCode::delivery_unknown);
  CHECK(bench.say(wire::Report{1, {Position(3), 0, bench.document}, registered, {}, bench.now, {}, false}) ==
        ErrorCode::delivery_unknown);
  CHECK(bench.state.end == end);
}

TEST_CASE("a reason that may not be stored is refused and not recorded") {
  DeliveriesBench bench;
  bench.acknowledge(1, 1);
  const Position end = bench.state.end;
  const std::string longest(1000, 'x');
  CHECK(bench.say(refused, longest + "x") == ErrorCode::report_invalid);
  CHECK(bench.say(refused, "hai\ndòng") == ErrorCode::report_invalid);
  CHECK(bench.say(refused, "a\xcc\x81") == ErrorCode::report_invalid);
  CHECK(bench.say(refused, "Văn bản TUYỆT MẬT") == ErrorCode::secrecy_mark);
  CHECK(bench.state.end == end);
  CHECK_FALSE(bench.say(refused, longest));
}

TEST_CASE("pauses between attempts double from five seconds to fifteen minutes, and are spread by half") {
  for (std::uint32_t attempts = 1; attempts <= 40; ++attempts) {
    const std::int64_t whole = std::min<std::int64_t>(5'000'000ll << std::min(attempts - 1, 20u), 900'000'000);
    CHECK(retry_pause_micros(attempts, 0) == whole / 2);
    for (std::uint64_t random : {1ull, 77ull, ~0ull}) {
      CHECK(retry_pause_micros(attempts, random) >= whole / 2);
      CHECK(retry_pause_micros(attempts, random) <= whole);
    }
  }
}

TEST_CASE("what could not be handed over comes again after a pause, and is a dead letter after ten attempts") {
  DeliveriesBench bench;
  for (std::uint32_t attempt = 1; attempt < kAttemptsMax; ++attempt) {
    CHECK_FALSE(bench.fail_once(false));
    CHECK(bench.entry().attempts == attempt);
    CHECK_FALSE(bench.fail_once(false));  // the same report again, after a lost answer
    CHECK(bench.entry().attempts == attempt);
    REQUIRE(bench.next_attempt());
    bench.acknowledge(1, attempt);  // the stream goes on; it says nothing of this one
    CHECK(bench.receipts().empty());
    bench.reach(*bench.next_attempt());
    CHECK(bench.streams(1).deliveries.dispatched() == StreamSequence(attempt + 1));
  }
  CHECK_FALSE(bench.fail_once(false));
  CHECK(bench.entry().state.status == failed);
  CHECK_FALSE(bench.next_attempt());
  CHECK(bench.receipts() == Statuses{failed});
  CHECK(bench.streams(0).receipts.at(StreamSequence(1)).reason == "delivery-not-stored: disk");
}

TEST_CASE("a poison document is a dead letter at once, and those behind it pass") {
  DeliveriesBench bench;
  bench.take({.number = 2, .conversation = 1});
  CHECK_FALSE(bench.fail_once(true));
  bench.acknowledge(1, 2);
  CHECK(bench.receipts() == Statuses{failed, delivered});
}

TEST_CASE("an operator's retry queues a dead letter again, and its receipt follows") {
  DeliveriesBench bench;
  bench.fail_once(true);
  bench.acknowledge(1, 1);
  CHECK_FALSE(bench.carry_out(bench.order(OrderAction::retry)));
  CHECK(bench.entry().attempts == 0);
  CHECK(bench.streams(1).deliveries.dispatched() == StreamSequence(2));
  bench.acknowledge(1, 2);
  CHECK(bench.entry().state.status == delivered);
  CHECK(bench.receipts() == Statuses{failed, delivered});
}

TEST_CASE("an order for an attempt now does not leave the planned one behind") {
  DeliveriesBench bench;
  bench.fail_once(false);
  const UnixMicros planned = *bench.next_attempt();
  CHECK_FALSE(bench.carry_out(bench.order(OrderAction::retry)));
  bench.reach(planned);
  CHECK(bench.streams(1).deliveries.dispatched() == StreamSequence(2));  // the first and the ordered one
}

TEST_CASE("a stopped delivery leaves the queue, and its sender is told why") {
  DeliveriesBench bench;
  bench.connect(1, /*window_items=*/1);
  const Position waiting = bench.take({.number = 2, .conversation = 1});
  const Position last = bench.take({.number = 3, .conversation = 1});
  std::swap(bench.document, const_cast<Position&>(waiting));
  CHECK_FALSE(bench.carry_out(bench.order(OrderAction::stop)));
  CHECK(bench.streams(1).deliveries.waiting() == 1);
  bench.acknowledge(1, 1);
  bench.acknowledge(1, 2);
  CHECK(bench.state.book.find(last, 0)->state.status == delivered);
  CHECK(bench.entry().state.status == stopped);
  CHECK(bench.receipts() == Statuses{stopped, delivered, delivered});
}

TEST_CASE("a stopped delivery is not attempted again") {
  DeliveriesBench bench;
  bench.fail_once(false);
  bench.acknowledge(1, 1);
  const UnixMicros planned = *bench.next_attempt();
  CHECK_FALSE(bench.carry_out(bench.order(OrderAction::stop)));
  bench.reach(planned);
  CHECK(bench.streams(1).deliveries.dispatched() == StreamSequence(1));
  CHECK(bench.entry().state.status == stopped);
}

TEST_CASE("a replay is a delivery of its own, and reports on it are about it alone") {
  DeliveriesBench bench;
  bench.acknowledge(1, 1);
  bench.say(finished);
  CHECK_FALSE(bench.carry_out(bench.order(OrderAction::replay)));
  const Position replay(bench.state.end.value - 1);
  CHECK(bench.entry().state.status == replayed);
  CHECK(bench.streams(1).deliveries.at(StreamSequence(2)).replay == replay);
  CHECK(bench.say(wire::Report{1, {bench.document, 0, {}}, refused, {}, bench.now, {}, false}) ==
        ErrorCode::report_without_effect);
  bench.acknowledge(1, 2);
  CHECK_FALSE(bench.say(wire::Report{1, {bench.document, 0, replay}, registered, {}, bench.now, {}, false}));
  CHECK(bench.entry(replay).state.status == registered);
  CHECK(bench.state.book.find_last(bench.document, 0)->origin == replay);
  CHECK(bench.receipts() == Statuses{delivered, finished, replayed, delivered, registered});
}

TEST_CASE("an order is good for once, for its journal, and for what is possible") {
  DeliveriesBench bench;
  CHECK(bench.carry_out(bench.order(OrderAction::retry)) == ErrorCode::order_not_possible);
  CHECK(bench.carry_out(bench.order(OrderAction::replay)) == ErrorCode::order_not_possible);
  bench.fail_once(true);
  const SignedOrder retry = bench.order(OrderAction::retry);
  CHECK_FALSE(bench.carry_out(retry));
  CHECK(bench.carry_out(retry) == ErrorCode::order_stale);
  SignedOrder foreign = bench.order(OrderAction::stop);
  foreign.order.basics.journal[0] ^= 1;
  CHECK(bench.carry_out(foreign) == ErrorCode::order_invalid);
  SignedOrder unknown = bench.order(OrderAction::stop);
  unknown.order.delivery = wire::delivery_id(bench.journal_id, {Position(9'999), 0, {}});
  CHECK(bench.carry_out(unknown) == ErrorCode::delivery_unknown);
}

TEST_CASE("an order is read back as it was signed, and by an administrator's key alone") {
  const auto key = crypto::SigningKey::from_seed({1}), other = crypto::SigningKey::from_seed({2});
  const Order order{OrderAction::replay, "01020300-000000000012-0", Position(12),
                    {{1, 2, 3}, "mất hộp thư", test::kStart}};
  const std::string text = sign_order(order, key);
  const auto read = read_order(text, std::vector{key.public_key()});
  REQUIRE(read);
  CHECK(read->order.action == OrderAction::replay);
  CHECK(read->order.delivery == order.delivery);
  CHECK(read->order.basics.reason == order.basics.reason);
  CHECK(read->order.after == order.after);
  CHECK(read->order.basics.time == order.basics.time);
  CHECK(read->statement.signatures.at(0).administrator == crypto::key_id(key.public_key()));
  CHECK(read_order(text, std::vector{other.public_key()}).error().code == ErrorCode::administrator_unknown);
  std::string changed = text;
  changed.replace(changed.find("replay"), 6, "retry");
  CHECK(read_order(changed, std::vector{key.public_key()}).error().code == ErrorCode::order_invalid);
  CHECK(read_order("{}", std::vector{key.public_key()}).error().code == ErrorCode::order_invalid);
}

TEST_CASE("a replay needs a clause that permits the document now") {
  CoreBench bench;
  const Buffer document = test::write(test::Note{});
  REQUIRE_FALSE(bench.decide(document));
  const auto permit = [&](UnixMicros now) {
    return permit_replay(bench.state, bench.decided, {Position(9), 0, {}}, document, now);
  };
  const auto row = permit(bench.now);
  REQUIRE(row);
  CHECK(wire::read_row(*row)->clause == "notes");
  CHECK(permit(UnixMicros(bench.now.value - 400 * kMicrosPerDay)).error().code == ErrorCode::agreement_not_in_force);
}

TEST_CASE("a replay may be signed by two administrators, and no other order") {
  const auto first = crypto::SigningKey::from_seed({1}), second = crypto::SigningKey::from_seed({2});
  const std::vector known = {first.public_key(), second.public_key()};
  const auto signed_by_two = [&](OrderAction action, const crypto::SigningKey& other) {
    const Order order{action, "01020300-000000000012-0", Position(12), {{1, 2, 3}, "mất hộp thư", test::kStart}};
    return countersign_statement(sign_order(order, first), other).value();
  };
  const auto code = [&](const std::string& text) { return read_order(text, known).error().code; };
  const std::string both = signed_by_two(OrderAction::replay, second);
  CHECK(read_order(both, known)->statement.signatures.size() == 2);
  CHECK(code(signed_by_two(OrderAction::replay, first)) == ErrorCode::order_invalid);
  CHECK(code(signed_by_two(OrderAction::replay, crypto::SigningKey::from_seed({3}))) == ErrorCode::administrator_unknown);
  CHECK(code(countersign_statement(both, first).value()) == ErrorCode::order_invalid);
  CHECK(code(signed_by_two(OrderAction::stop, second)) == ErrorCode::order_invalid);
  CHECK(code(signed_by_two(OrderAction::retry, second)) == ErrorCode::order_invalid);
}

TEST_CASE("a document of a sensitive type is delivered again by two administrators, whose signatures the record has") {
  DeliveriesBench bench;
  bench.acknowledge(1, 1);
  REQUIRE_FALSE(bench.say(finished));
  const auto ordered = [&](std::size_t signatures) {
    SignedOrder order = bench.order(OrderAction::replay);
    order.statement.signatures.resize(signatures);
    for (std::size_t i = 0; i < signatures; ++i)
      order.statement.signatures[i] = {{static_cast<std::uint8_t>(i + 1)}, {static_cast<std::uint8_t>(i + 5)}};
    return decide_order(bench.state, bench.journal_id, order).value();
  };
  const DeliveryOrdered two = ordered(2);
  CHECK(two.operator_id.starts_with("administrator:01"));
  CHECK(two.signature[0] == 5);
  CHECK(two.approver.starts_with("administrator:02"));
  CHECK(two.approval[0] == 6);
  CHECK(ordered(1).approver.empty());
  CHECK_FALSE(refuse_unapproved(bench.registry(), bench.decided, ordered(1)));
  bench.change(registry::ItemKind::type, simulation::kPermittedType, [](auto& type) { type["sensitive"] = true; });
  CHECK(refuse_unapproved(bench.registry(), bench.decided, ordered(1))->code == ErrorCode::approval_needed);
  CHECK_FALSE(refuse_unapproved(bench.registry(), bench.decided, two));
}

TEST_CASE("what is over leaves the book after 31 days, what is open after 400") {
  DeliveriesBench bench;
  const Position open = bench.take({.number = 2, .conversation = 2});
  bench.acknowledge(1, 2);
  bench.say(finished);
  const UnixMicros start = bench.now;
  bench.now = UnixMicros(start.value + kFinalKeptMicros);
  bench.apply(HubStopped{});
  CHECK(bench.state.book.size() == 2);
  bench.now = UnixMicros(start.value + kFinalKeptMicros + kMicrosPerDay);
  bench.apply(HubStopped{});
  CHECK(bench.state.book.find(bench.document, 0) == nullptr);
  CHECK(bench.state.book.find(open, 0) != nullptr);
  bench.now = UnixMicros(start.value + kOpenKeptMicros + kMicrosPerDay);
  bench.apply(HubStopped{});
  CHECK(bench.state.book.size() == 0);
}

}  // namespace hub::broker
