// What an endpoint's store says that it has, for whoever compares it with what others have. Reads alone: the store of
// an adapter that runs is its own and is not read, nor one of an older schema version, which its adapter brings up to
// date. Threads: free functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/sdk/store.hpp"

namespace hub::sdk {

struct HeldDocument {
  Uuid id;
  OutboxState state{};
  std::optional<Position> position;  // of the record that answers it
  std::optional<crypto::Digest> leaf;
};

struct HeldDelivery {
  std::string id;
  std::optional<crypto::Digest> leaf;  // of the acceptance; stores of versions before 4 had none
};

struct Holdings {
  std::string party;
  std::optional<Bytes<16>> journal_id;  // of the hub; none: it never connected
  UnixMicros complete_since;            // rows that were finished before may have been dropped
  std::vector<HeldDocument> outbox;
  std::vector<HeldDelivery> inbox;
};

// `path`: state.sqlite. io_failed (also while its adapter runs), config_invalid (another version).
Result<Holdings> read_holdings(const std::string& path);

}  // namespace hub::sdk
