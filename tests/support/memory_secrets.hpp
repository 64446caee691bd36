// Storage secrets in memory: what a disk keeps of them, without the disk. They survive a hub's crash.
#pragma once

#include <map>

#include "hub/ports/storage_secrets.hpp"

namespace hub::test {

struct MemorySecrets final : ports::StorageSecrets {
  std::map<std::uint32_t, ports::StorageSecret> secrets;
  bool full = false;

  Result<ports::StorageSecret> create(std::uint32_t key, const ports::StorageSecret& fresh) override {
    if (full) return fail(ErrorCode::storage_full);
    return secrets.emplace(key, fresh).first->second;
  }
  Result<std::optional<ports::StorageSecret>> read(std::uint32_t key) const override {
    const auto found = secrets.find(key);
    return found == secrets.end() ? std::nullopt : std::optional(found->second);
  }
  Result<void> destroy(std::uint32_t key) override {
    secrets.erase(key);
    return {};
  }
  std::string describe(std::uint32_t key) const override { return "secret " + std::to_string(key); }
};

}  // namespace hub::test
