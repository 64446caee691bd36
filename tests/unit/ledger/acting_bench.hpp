// A ledger bench with an administrator who reads and orders, and recipients who report.
#pragma once

#include "hub/broker/orders.hpp"
#include "hub/broker/readings.hpp"
#include "hub/wire/report.hpp"
#include "tests/unit/ledger/ledger_bench.hpp"

namespace hub::test {

struct ActingBench : LedgerBench {
  ActingBench() {
    state.created.administrators = {administrator.public_key()};
    open(0);
    open(1);
  }
  std::string actor() const { return "administrator:" + to_hex(crypto::key_id(administrator.public_key())); }
  void wait_seconds(std::int64_t seconds) { clock.time = UnixMicros(clock.time.value + seconds * kMicrosPerSecond); }

  // A note to party-1; the position of its record.
  Position note(std::uint64_t number) {
    send({{.number = number, .time = clock.time}});
    return wire::read_results(payload(0, wire::Kind::results))->results[0].position;
  }
  void delivered_up_to(std::uint64_t count) {
    acknowledge(1, count);
    commit();
  }
  void report(Position document, wire::DeliveryStatus status) {
    say(1, wire::Report{5, {document, 0, {}}, status, "lý do", clock.time, {}, false});
    commit();
  }
  Position order(broker::OrderAction action, Position document, const std::string& reason) {
    const auto* entry = state.book.find_last(document, 0);
    const std::string text = broker::sign_order({action, wire::delivery_id(journal->id(), {document, 0, {}}),
                                                 entry->last_record, {journal->id(), reason, clock.time}},
                                                administrator);
    engine->begin_turn();
    const Position position = engine->on_order(text).value();
    engine->end_turn();
    commit();
    return position;
  }
  Position read(Position document, const std::string& reason) {
    engine->begin_turn();
    const auto reading =
        engine->on_reading(broker::sign_reading({document, {journal->id(), reason, clock.time}}, administrator));
    engine->end_turn();
    commit();
    return reading.value().position;
  }

  const crypto::SigningKey administrator = crypto::SigningKey::from_seed({9});
};

}  // namespace hub::test
