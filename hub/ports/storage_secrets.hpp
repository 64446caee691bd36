// The secrets of storage keys: kept apart from the journal and its copies, so that a body is gone everywhere once its
// secret is gone here. Numbers are those of the broker's storage keys, from 1.
//
// Threads: one at a time.
#pragma once

#include <optional>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

namespace hub::ports {

using StorageSecret = Bytes<32>;

class StorageSecrets {
 public:
  virtual ~StorageSecrets() = default;
  // Durable before this returns. One that is there already, of a record that never became durable, stays and is given
  // back. storage_full: nothing was made.
  virtual Result<StorageSecret> create(std::uint32_t key, const StorageSecret& fresh) = 0;
  // Nothing when it is not there.
  virtual Result<std::optional<StorageSecret>> read(std::uint32_t key) const = 0;
  // Overwritten and removed, for ever. It may be gone.
  virtual Result<void> destroy(std::uint32_t key) = 0;
  virtual std::string describe(std::uint32_t key) const = 0;  // where a person finds it
};

}  // namespace hub::ports
