// Storage secrets in a folder, one file a key: <number, 10 digits>.key (hub/content/secret_file.hpp).
//
// Threads: one at a time.
#pragma once

#include "hub/ports/storage_secrets.hpp"

namespace hub::runtime {

class FolderSecrets final : public ports::StorageSecrets {
 public:
  // Makes the folder when it is not there; a hub from before bodies were encrypted has none.
  static Result<FolderSecrets> open_or_make(const std::string& folder);
  // To read alone, for checks: a folder that is not there has no secrets.
  static FolderSecrets open_to_read(const std::string& folder) { return FolderSecrets(folder); }

  Result<ports::StorageSecret> create(std::uint32_t key, const ports::StorageSecret& fresh) override;
  Result<std::optional<ports::StorageSecret>> read(std::uint32_t key) const override;
  Result<void> destroy(std::uint32_t key) override;
  std::string describe(std::uint32_t key) const override;

 private:
  explicit FolderSecrets(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
};

}  // namespace hub::runtime
