#include "hub/runtime/folder_secrets.hpp"

#include <cstdio>

#include "hub/content/file.hpp"
#include "hub/content/secret_file.hpp"

namespace hub::runtime {

Result<FolderSecrets> FolderSecrets::open_or_make(const std::string& folder) {
  if (auto made = content::make_folder(folder, /*mode=*/0700); !made) return tl::unexpected(made.error());
  return FolderSecrets(folder);
}

Result<ports::StorageSecret> FolderSecrets::create(std::uint32_t key, const ports::StorageSecret& fresh) {
  return content::make_secret(describe(key), fresh);
}

Result<std::optional<ports::StorageSecret>> FolderSecrets::read(std::uint32_t key) const {
  return content::read_secret(describe(key));
}

Result<void> FolderSecrets::destroy(std::uint32_t key) { return content::destroy_secret(describe(key)); }

std::string FolderSecrets::describe(std::uint32_t key) const {
  char name[32];
  std::snprintf(name, sizeof name, "/%010u.key", key);
  return folder_ + name;
}

}  // namespace hub::runtime
