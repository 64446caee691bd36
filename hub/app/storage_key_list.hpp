// The storage keys of a hub's journal, as far as it is durable; the hub may be running.
#pragma once

#include <string>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/broker/storage_keys.hpp"
#include "hub/journal/journal.hpp"

namespace hub::app {

struct StorageKeyList {
  struct Usage {
    std::uint64_t documents = 0, bytes = 0;  // as they were sent
  };
  journal::JournalId journal{};
  broker::StorageKeys keys;
  std::vector<Usage> usage;  // by id, from 1
  UnixMicros time;           // of the last record
};

// `data`: the hub's folder. journal_missing, journal_damaged, io_failed.
Result<StorageKeyList> read_storage_keys(const std::string& data);

}  // namespace hub::app
