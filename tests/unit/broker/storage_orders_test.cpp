#include "hub/broker/storage_orders.hpp"

#include <catch2/catch.hpp>

#include "hub/broker/decide_reports.hpp"
#include "hub/broker/orders.hpp"
#include "hub/registry/limits.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;

const crypto::SigningKey& administrator(std::uint8_t number) {
  static const crypto::SigningKey keys[] = {crypto::SigningKey::from_seed({1}), crypto::SigningKey::from_seed({2}),
                                            crypto::SigningKey::from_seed({3})};
  return keys[number];
}

struct StorageOrdersBench : CoreBench {
  const Month month = month_of(now);
  static constexpr std::uint32_t kMonths = 12;

  StorageOrdersBench() {
    state.created.administrators = {administrator(0).public_key(), administrator(1).public_key()};
    apply(StorageKeyCreated{1, kMonths, month});
  }
  StorageOrder order(StorageAction action) const {
    return {action, kMonths, month, state.storage_keys.find(kMonths, month)->last_record,
            {journal_id, "hết hạn lưu giữ", now}};
  }
  // Signed by the first administrator and, to erase, by `second` as well.
  std::string text(StorageAction action, std::uint8_t second = 1) const {
    const std::string one = sign_storage_order(order(action), administrator(0));
    if (action != StorageAction::erase) return one;
    return countersign_statement(one, administrator(second)).value();
  }
  Result<Record> decide_text(const std::string& text) const {
    const auto read = read_storage_order(text, state.created.administrators);
    if (!read) return tl::unexpected(read.error());
    return decide_storage_order(state, journal_id, *read, now);
  }
  std::optional<ErrorCode> refusal(const std::string& text) const {
    const auto record = decide_text(text);
    return record ? std::nullopt : std::optional(record.error().code);
  }
  void carry_out(StorageAction action) { apply(decide_text(text(action)).value()); }
  void lapse() { now = retention_end(*state.storage_keys.find(1)); }
  // A document under that key to party-1.
  Position take_under_key(std::uint64_t number, std::uint32_t key = 1) {
    const Buffer document = test::write({.number = number, .time = now});
    HUB_CHECK(!decide(document));
    const Position position = state.end;
    broker::apply(state, {position, now, static_cast<std::uint32_t>(document.size()), key}, decided, touched);
    return position;
  }
};

}  // namespace

TEST_CASE("two administrators erase what need not be kept any more") {
  StorageOrdersBench bench;
  bench.lapse();
  const auto record = bench.decide_text(bench.text(StorageAction::erase));
  REQUIRE(record.has_value());
  const auto& destroyed = std::get<StorageKeyDestroyed>(*record);
  CHECK(destroyed.id == 1);
  CHECK(destroyed.proof.administrators.size() == 2);
  CHECK(destroyed.proof.reason == "hết hạn lưu giữ");
  bench.apply(*record);
  CHECK(bench.state.storage_keys.is_destroyed(1));
  CHECK(bench.refusal(bench.text(StorageAction::erase)) == ErrorCode::storage_key_destroyed);
}

TEST_CASE("one administrator, the same one twice, three, or a stranger erase nothing") {
  StorageOrdersBench bench;
  bench.lapse();
  const std::string one = sign_storage_order(bench.order(StorageAction::erase), administrator(0));
  CHECK(bench.refusal(one) == ErrorCode::order_invalid);
  CHECK(bench.refusal(bench.text(StorageAction::erase, 0)) == ErrorCode::order_invalid);
  CHECK(bench.refusal(bench.text(StorageAction::erase, 2)) == ErrorCode::administrator_unknown);
  const auto three = countersign_statement(bench.text(StorageAction::erase), administrator(0));
  CHECK(bench.refusal(*three) == ErrorCode::order_invalid);
}

TEST_CASE("a statement that was changed after it was signed is refused") {
  StorageOrdersBench bench;
  bench.lapse();
  std::string text = bench.text(StorageAction::erase);
  text.replace(text.find("\"months\":12"), 11, "\"months\":13");
  CHECK(bench.refusal(text) == ErrorCode::order_invalid);
}

TEST_CASE("nothing is erased in the last moment of its retention, and everything in the next") {
  StorageOrdersBench bench;
  bench.lapse();
  CHECK(format_date(local_date(bench.now)).substr(0, 7) == format_month(Month(bench.month.value + 13)));
  bench.now = UnixMicros(bench.now.value - 1);
  CHECK(bench.refusal(bench.text(StorageAction::erase)) == ErrorCode::retention_not_over);
  bench.now = bench.now.next();
  CHECK_FALSE(bench.refusal(bench.text(StorageAction::erase)));
}

TEST_CASE("nothing is erased under legal hold, until it is released") {
  StorageOrdersBench bench;
  bench.lapse();
  bench.carry_out(StorageAction::hold);
  CHECK(bench.refusal(bench.text(StorageAction::erase)) == ErrorCode::legal_hold);
  CHECK(bench.refusal(bench.text(StorageAction::hold)) == ErrorCode::legal_hold_unchanged);
  bench.carry_out(StorageAction::release);
  CHECK(bench.refusal(bench.text(StorageAction::release)) == ErrorCode::legal_hold_unchanged);
  CHECK_FALSE(bench.refusal(bench.text(StorageAction::erase)));
}

TEST_CASE("an order that was signed before the key's last change is stale") {
  StorageOrdersBench bench;
  bench.lapse();
  const std::string erase = bench.text(StorageAction::erase);
  bench.carry_out(StorageAction::hold);
  const std::string release = bench.text(StorageAction::release);
  CHECK(bench.refusal(erase) == ErrorCode::storage_order_stale);
  bench.carry_out(StorageAction::release);
  CHECK(bench.refusal(release) == ErrorCode::storage_order_stale);
}

TEST_CASE("an order about another journal or about a key that is not there is refused") {
  StorageOrdersBench bench;
  StorageOrder other = bench.order(StorageAction::hold);
  other.basics.journal[0] ^= 1;
  CHECK(bench.refusal(sign_storage_order(other, administrator(0))) == ErrorCode::order_invalid);
  other = bench.order(StorageAction::hold);
  other.month = other.month.next();
  CHECK(bench.refusal(sign_storage_order(other, administrator(0))) == ErrorCode::storage_key_unknown);
}

TEST_CASE("a class is from one month to the limit, and a text to its limit") {
  StorageOrdersBench bench;
  StorageOrder order = bench.order(StorageAction::hold);
  const auto code = [&](std::uint32_t months) {
    order.months = months;
    return bench.refusal(sign_storage_order(order, administrator(0)));
  };
  CHECK(code(0) == ErrorCode::order_invalid);
  CHECK(code(static_cast<std::uint32_t>(registry::kRetentionMonthsMax)) == ErrorCode::storage_key_unknown);
  CHECK(code(static_cast<std::uint32_t>(registry::kRetentionMonthsMax) + 1) == ErrorCode::order_invalid);
  std::string text = bench.text(StorageAction::hold);
  text.append(kStatementBytesMax - text.size(), ' ');
  CHECK_FALSE(bench.refusal(text));
  CHECK(bench.refusal(text + " ") == ErrorCode::order_invalid);
}

TEST_CASE("what waits for a recipient is given up when it is erased, and its sender is told") {
  StorageOrdersBench bench;
  const Position erased = bench.take_under_key(1), kept = bench.take_under_key(2, 0);
  bench.lapse();
  bench.carry_out(StorageAction::erase);
  CHECK(bench.streams(1).deliveries.waiting() == 1);
  const auto failures = decide_erased_deliveries(bench.state, 10);
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].delivery.document == erased);
  CHECK(failures[0].cause == "document-erased");
  bench.apply(failures[0]);
  CHECK(decide_erased_deliveries(bench.state, 10).empty());
  CHECK(bench.state.book.find(erased, 0)->state.status == DeliveryStatus::failed);
  CHECK(bench.state.book.find(kept, 0)->state.status == DeliveryStatus::pending);
  REQUIRE(bench.streams(0).receipts.last().value == 1);
  CHECK(bench.streams(0).receipts.at(StreamSequence(1)).reason == "document-erased");
}

TEST_CASE("one that waits for its next attempt is given up too") {
  StorageOrdersBench bench;
  bench.connect(1);
  const Position erased = bench.take_under_key(1);
  bench.apply(DeliveryFailed{bench.endpoint(1), {erased, 0, {}}, "io-failed", "", 1, UnixMicros(bench.now.value + 9)});
  bench.apply(HubStarted{"x"});
  bench.lapse();
  bench.carry_out(StorageAction::erase);
  CHECK(bench.state.schedule.empty());
  for (const DeliveryFailed& failed : decide_erased_deliveries(bench.state, 10)) bench.apply(failed);
  CHECK(bench.state.book.find(erased, 0)->state.status == DeliveryStatus::failed);
}

TEST_CASE("what is on its way to a connected recipient keeps a key from being destroyed") {
  StorageOrdersBench bench;
  bench.connect(1);
  bench.take_under_key(1);
  bench.lapse();
  CHECK(bench.refusal(bench.text(StorageAction::erase)) == ErrorCode::storage_key_in_use);
  bench.acknowledge(1, 1);
  CHECK_FALSE(bench.refusal(bench.text(StorageAction::erase)));
}

TEST_CASE("a recipient that comes back gets what was on its way, without what is erased") {
  StorageOrdersBench bench;
  bench.connect(1);
  bench.take_under_key(1);
  const Position kept = bench.take_under_key(2, 0);
  bench.apply(HubStarted{"x"});  // its session is over
  bench.lapse();
  bench.carry_out(StorageAction::erase);
  CHECK(bench.streams(1).deliveries.in_flight() == 2);
  bench.connect(1);
  const DeliveryQueue& queue = bench.streams(1).deliveries;
  REQUIRE(queue.in_flight() == 1);
  CHECK(queue.at(StreamSequence(1)).position == kept);
}

TEST_CASE("a delivery whose document is erased is not tried or sent again") {
  StorageOrdersBench bench;
  const Position erased = bench.take_under_key(1);
  bench.lapse();
  bench.carry_out(StorageAction::erase);
  for (const DeliveryFailed& failed : decide_erased_deliveries(bench.state, 10)) bench.apply(failed);
  const auto refusal = [&](OrderAction action) {
    const auto* entry = bench.state.book.find(erased, 0);
    SignedOrder order;
    order.order = {action, wire::delivery_id(bench.journal_id, {erased, 0, {}}), entry->last_record,
                   {bench.journal_id, "", bench.now}};
    order.statement.signatures.emplace_back();
    const auto decided = decide_order(bench.state, bench.journal_id, order);
    return decided ? std::nullopt : std::optional(decided.error().code);
  };
  CHECK(refusal(OrderAction::retry) == ErrorCode::document_erased);
  CHECK(refusal(OrderAction::replay) == ErrorCode::document_erased);
  CHECK_FALSE(refusal(OrderAction::stop));
}

TEST_CASE("a delivery that fails after its document was erased is a dead letter, and is given up once") {
  StorageOrdersBench bench;
  bench.connect(1);
  const Position position = bench.take_under_key(1);
  bench.acknowledge(1, 1);
  REQUIRE(bench.state.book.find(position, 0)->state.status == DeliveryStatus::delivered);
  bench.lapse();
  bench.carry_out(StorageAction::erase);
  const wire::Report report{1, bench.state.book.find(position, 0)->key(), DeliveryStatus::failed, "disk", bench.now,
                            "delivery-not-stored", false};
  const auto said = decide_report(bench.state, bench.journal_id, bench.endpoint(1), report, bench.now, 0);
  REQUIRE(said.record);
  CHECK_FALSE(std::get<DeliveryFailed>(*said.record).retry_at);
  bench.apply(*said.record);
  CHECK(bench.state.book.find(position, 0)->state.status == DeliveryStatus::failed);
  CHECK(decide_erased_deliveries(bench.state, 10).empty());
}

TEST_CASE("a delivery that was to be tried again when its document was erased by an earlier hub is left to its time") {
  StorageOrdersBench bench;
  bench.connect(1);
  const Position position = bench.take_under_key(1);
  bench.acknowledge(1, 1);
  bench.lapse();
  bench.carry_out(StorageAction::erase);
  const UnixMicros later(bench.now.value + kMicrosPerSecond);
  bench.apply(DeliveryFailed{bench.endpoint(1), bench.state.book.find(position, 0)->key(), "disk", "", 1, later});
  CHECK(decide_erased_deliveries(bench.state, 10).empty());
  bench.now = later;
  bench.apply(ScheduleReached{later});
  const auto erased = decide_erased_deliveries(bench.state, 10);
  REQUIRE(erased.size() == 1);
  bench.apply(erased.front());
}

}  // namespace hub::broker
