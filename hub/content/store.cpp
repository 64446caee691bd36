#include "hub/content/store.hpp"

#include <openssl/rand.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>

#include "hub/base/check.hpp"
#include "hub/content/secret_file.hpp"

namespace hub::content {
namespace {

constexpr std::string_view kPartial = ".partial";
constexpr unsigned kSecretMode = 0700;

// Of what may be used without the right to the last blocks.
std::uint64_t free_bytes(const std::string& folder) {
  struct statvfs found;
  if (::statvfs(folder.c_str(), &found) != 0) return 0;
  return std::uint64_t{found.f_bavail} * found.f_frsize;
}

}  // namespace

Result<Store> Store::open(const std::string& folder, const std::string& secrets, std::uint64_t reserve_bytes,
                          std::uint64_t sync_bytes) {
  if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
  if (auto made = make_folder(secrets, kSecretMode); !made) return tl::unexpected(made.error());
  return Store(folder, secrets, reserve_bytes, sync_bytes);
}

Result<GrowingFile> Store::begin(const Name& name, std::uint64_t size) const {
  if (auto made = make_folder(folder_ + "/" + name.party); !made) return tl::unexpected(made.error());
  const std::string partial = path_of(name) + std::string(kPartial);
  std::error_code error;
  const std::uintmax_t there = std::filesystem::file_size(partial, error);
  const std::uint64_t missing = error ? size : size - std::min<std::uint64_t>(size, there);
  if (free_bytes(folder_) < missing + reserve_bytes_) return fail(ErrorCode::storage_full, {{"path", partial}});
  if (auto made_folder = make_folder(secrets_ + "/" + name.party, kSecretMode); !made_folder)
    return tl::unexpected(made_folder.error());
  Secret fresh;
  HUB_CHECK(RAND_bytes(fresh.data(), fresh.size()) == 1);
  const auto secret = make_secret(secret_path_of(name), fresh);
  if (!secret) return tl::unexpected(secret.error());
  auto file = GrowingFile::open(partial, {size, name.digest}, sync_bytes_);
  if (file) file->encrypt_with(FileCipher(*secret));
  return file;
}

Result<File> Store::open_to_read(const Name& name) const {
  const auto secret = read_secret(secret_path_of(name));
  if (!secret) return tl::unexpected(secret.error());
  auto file = File::open_to_read(path_of(name));
  if (file && *secret) file->encrypt_with(FileCipher(**secret));
  return file;
}

Result<void> Store::remove(const Name& name) const {
  if (auto destroyed = destroy_secret(secret_path_of(name)); !destroyed) return destroyed;
  if (auto removed = remove_file(path_of(name) + std::string(kPartial)); !removed) return removed;
  return remove_file(path_of(name));
}

Result<void> Store::remove(const Found& file) const {
  const std::string path = path_of(file.name), other = path + std::string(file.partial ? "" : kPartial);
  if (auto removed = remove_file(path + std::string(file.partial ? kPartial : "")); !removed) return removed;
  return std::filesystem::exists(other) ? Result<void>() : destroy_secret(secret_path_of(file.name));
}

Result<std::vector<Found>> Store::list() const try {
  std::vector<Found> out;
  for (const auto& party : std::filesystem::directory_iterator(folder_)) {
    if (!party.is_directory()) continue;
    for (const auto& entry : std::filesystem::directory_iterator(party.path())) {
      std::string name = entry.path().filename().string();
      const bool partial = name.ends_with(kPartial);
      if (partial) name.resize(name.size() - kPartial.size());
      const auto bytes = from_hex(name);
      const auto digest = bytes ? fixed<32>(*bytes) : std::nullopt;
      if (!digest || !entry.is_regular_file()) continue;
      out.push_back({{party.path().filename().string(), *digest}, entry.file_size(), partial});
    }
  }
  std::sort(out.begin(), out.end(), [](const Found& a, const Found& b) {
    return std::tie(a.name.party, a.name.digest, a.partial) < std::tie(b.name.party, b.name.digest, b.partial);
  });
  return out;
} catch (const std::filesystem::filesystem_error& error) {
  return fail(ErrorCode::io_failed, {{"operation", "read"}, {"path", folder_}, {"reason", error.code().message()}});
}

}  // namespace hub::content
