// From records to rows. A record is added before it is applied, with the state that it was decided on: that state knows
// which deliveries an acknowledgement finishes, as dispatch and sequences follow from the records before.
//
// Everything here runs inside a transaction of the caller; every failure is final (io_failed). Threads: one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "hub/broker/state.hpp"
#include "hub/ledger/registry_rows.hpp"
#include "hub/sql/sql.hpp"

namespace hub::ledger {

using wire::DeliveryKey;

// What happened to a delivery, for its history.
struct EventRow {
  std::string_view status;  // a status, or what was ordered or tried
  bool effective = true;    // false: late or contradictory, it changed nothing
  std::optional<UnixMicros> reported_at;
  std::string_view cause, reason, actor;  // empty: none
};

class Projection {
 public:
  // The tables are there.
  Projection(sql::Database& database, const Bytes<16>& journal_id);

  Result<void> add(const broker::State& state, const broker::RecordHead& head, const broker::Record& record,
                   const crypto::Digest& leaf);
  // Writes the counts that have changed; before each commit.
  Result<void> flush();

 private:
  friend class Projector;

  // A statement that is compiled once and kept.
  sql::Statement& prepared(const char* sql);
  void count(const char* subject, std::string_view name, std::int64_t change);

  Result<void> add_document(const broker::State& state, const broker::RecordHead& head,
                            const broker::DocumentDecided& document);
  Result<void> add_outcome(const broker::State& state, const broker::RecordHead& head,
                           const broker::DocumentDecided& document, std::uint32_t index);
  Result<void> add_unneeded(Position position, const broker::DocumentDecided& document);
  Result<void> add_refusals(Position position, const broker::DocumentDecided& document);
  Result<void> add_case_references(Position position, const broker::DocumentDecided& document);
  // And what is searched for: its words, and who takes part.
  Result<void> add_participants(const registry::Registry& registry, Position position,
                                const broker::DocumentDecided& document, const std::string& folded);
  Result<void> open_delivery(const DeliveryKey& key, std::string_view recipient, std::string_view endpoint,
                             UnixMicros since);
  Result<void> acknowledge(const broker::State& state, const broker::RecordHead& head, EndpointIndex endpoint,
                           StreamSequence stored);
  Result<void> change_state(const DeliveryKey& key, std::string_view state, UnixMicros since);
  Result<void> set_failure(const DeliveryKey& key, std::uint32_t attempts, std::string_view cause,
                           std::string_view detail);
  Result<void> add_event(const broker::RecordHead& head, const DeliveryKey& key, const EventRow& event);
  // What reports, failures and orders do to a delivery: projection_deliveries.cpp
  Result<void> add_report(const broker::State& state, const broker::RecordHead& head, const broker::DeliveryReported& r);
  Result<void> add_failure(const broker::State& state, const broker::RecordHead& head, const broker::DeliveryFailed& r);
  Result<void> add_order(const broker::State& state, const broker::RecordHead& head, const broker::DeliveryOrdered& r);
  Result<void> add_recalls(const broker::State& state, const broker::RecordHead& head,
                           const broker::DocumentDecided& document);
  Result<void> put_content(const broker::RecordHead& head, std::string_view party, const crypto::Digest& digest,
                           std::string_view state, std::optional<std::uint64_t> size, std::string_view reason);
  Result<void> end_sessions(const broker::RecordHead& head, std::string_view reason);

  sql::Database& database_;
  const Bytes<16> journal_id_;
  std::map<const char*, std::unique_ptr<sql::Statement>> statements_;  // by the literal's address
  std::map<std::pair<std::string, std::string>, std::int64_t> changes_;   // of counts
  RegistryRows registry_rows_;
};

}  // namespace hub::ledger
