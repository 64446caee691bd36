// What people did at the hub: who read a document's body, and which orders and configuration were signed, by whom.
// Every such act is a record of the journal; nothing else is in the list.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hub/ledger/answers.hpp"

namespace hub::ledger {

constexpr std::size_t kAuditPageMax = 1'000;
constexpr std::size_t kAuditScanMax = 100'000;  // acts that one question about a party or an actor looks at

// Everything that is set must hold.
struct AuditFilter {
  std::optional<std::string> kind = {};    // one of audit_kinds()
  std::optional<std::string> action = {};  // as retry, stop, replay, erase, hold, release, read, change, grant, revoke, pause, resume
  std::optional<std::string> actor = {};   // "administrator:<key id>"
  std::optional<std::string> party = {};   // about a document that it sent or that was addressed to it
  std::optional<Position> document = {};
  std::optional<UnixMicros> from = {}, until = {};  // of the act; until: exclusive
  std::optional<Position> before = {};
  std::size_t limit = 50;  // 1 to kAuditPageMax
};

// body-read, delivery-ordered, storage-key-destroyed, legal-hold-changed, configuration-changed, role-changed,
// endpoint-ordered: kinds of records.
const std::vector<std::string>& audit_kinds();

struct AuditedDocument {
  Position position;
  std::string id, type, sender;
};

struct AuditEntry {
  Position position;
  UnixMicros time;
  std::string kind, action;
  std::string actor;   // of an erasure both, separated by a space
  std::string reason;  // empty of a change of configuration
  std::optional<AuditedDocument> document;  // that was read, or whose delivery was ordered
  std::string recipient, delivery;          // of an order about a delivery: to whom, and its id
  std::string item, item_id;                // of a change of configuration: as agreement huyen/btg-238
  std::string storage_key;                  // of an erasure or a hold: months and month of its class, as "2/2024-03"
  std::string user, role;                   // of a role that was given or taken back, as "viewer of vks.huyen"
  std::string endpoint;                     // that was paused or resumed
};

nlohmann::ordered_json to_json(const AuditEntry& entry);

}  // namespace hub::ledger
