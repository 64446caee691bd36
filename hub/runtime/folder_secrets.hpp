// Storage secrets in a folder, one file a key: <number, 10 digits>.key, 32 bytes, mode 0600.
//
// Threads: one at a time.
#pragma once

#include "hub/ports/storage_secrets.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::runtime {

class FolderSecrets final : public ports::StorageSecrets {
 public:
  // Makes the folder (mode 0700) when it is not there; a hub from before bodies were encrypted has none.
  static Result<FolderSecrets> open_or_make(const std::string& folder);
  // To read alone, for checks: a folder that is not there has no secrets.
  static Result<FolderSecrets> open_to_read(const std::string& folder);

  Result<ports::StorageSecret> create(std::uint32_t key, const ports::StorageSecret& fresh) override;
  Result<std::optional<ports::StorageSecret>> read(std::uint32_t key) const override;
  Result<void> destroy(std::uint32_t key) override;
  std::string describe(std::uint32_t key) const override;

 private:
  FolderSecrets(std::string path, Descriptor folder) : path_(std::move(path)), folder_(std::move(folder)) {}
  Result<void> sync_folder() const;

  std::string path_;
  Descriptor folder_;  // none: there is no such folder
};

}  // namespace hub::runtime
