// Orders about storage keys: erase what is under one, hold it, release it. A statement of the kind "storage-key"
// (signed_statement.hpp), signed by one administrator, by two different ones to erase, that says beside the basics
//
//   "action": "erase" | "hold" | "release", "months": class, "month": "2024-03", "after": position of the key's last record
//
// `after` makes an order good for once, and none acts on what its administrators have not seen.
//
// Threads: free functions.
#pragma once

#include "hub/broker/signed_statement.hpp"
#include "hub/broker/state.hpp"

namespace hub::broker {

constexpr std::string_view kStorageOrderKind = "storage-key";

enum class StorageAction : std::uint8_t { erase, hold, release };

struct StorageOrder {
  StorageAction action{};
  std::uint32_t months = 0;
  Month month;
  Position after;
  StatementBasics basics;
};

struct SignedStorageOrder {
  StorageOrder order;
  SignedStatement statement;
};

std::string_view name_of(StorageAction action);
constexpr SignatureCount signatures_needed(StorageAction action) {
  return action == StorageAction::erase ? SignatureCount{2, 2} : SignatureCount{1, 1};
}

std::string sign_storage_order(const StorageOrder& order, const crypto::SigningKey& administrator);
// As read_statement.
Result<SignedStorageOrder> read_storage_order(std::string_view text, std::span<const crypto::PublicKey> administrators);

// A StorageKeyDestroyed or a LegalHoldChanged. order_invalid (another journal), storage_key_unknown,
// storage_key_destroyed, storage_order_stale, legal_hold_unchanged; and of an erasure legal_hold, retention_not_over,
// storage_key_in_use.
Result<Record> decide_storage_order(const State& state, const Bytes<16>& journal_id, const SignedStorageOrder& order,
                                    UnixMicros now);

// Deliveries that never came to their recipients and whose documents are erased: each is to be given up. At most so
// many.
std::vector<DeliveryFailed> decide_erased_deliveries(const State& state, std::size_t count_max);

}  // namespace hub::broker
