// The hub's contents: one file each, under its sender's folder.
//
//   <folder>/<party>/<sha256, hexadecimal>           whole, verified, synced
//   <folder>/<party>/<sha256, hexadecimal>.partial   on its way (growing_file.hpp)
//   <secrets>/<party>/<sha256, hexadecimal>.key      what it is encrypted with: a key of its own, destroyed when it is
//                                                    removed. None: it was stored as it is
//
// The journal says which of them are valid: a file without a record is completed or removed at the start, and before a
// file is removed its record says so. One thread owns a Store at a time.
#pragma once

#include <vector>

#include "hub/content/growing_file.hpp"

namespace hub::content {

struct Name {
  std::string party;  // a party's id, which is a plain file name
  crypto::Digest digest{};
};

struct Found {
  Name name;
  std::uint64_t size = 0;
  bool partial = false;
};

class Store {
 public:
  // `reserve_bytes` of the disk are left to the journal.
  static Result<Store> open(const std::string& folder, const std::string& secrets, std::uint64_t reserve_bytes,
                            std::uint64_t sync_bytes = kSyncBytes);

  // A content that is to be uploaded, or goes on. storage_full when the disk has no room for the rest of it.
  Result<GrowingFile> begin(const Name& name, std::uint64_t size) const;
  Result<void> finish(GrowingFile& file, const Name& name) const { return file.finish(path_of(name)); }
  Result<File> open_to_read(const Name& name) const;
  Result<void> remove(const Name& name) const;   // whole, partial, and the key first; it may be gone
  Result<void> remove(const Found& file) const;  // that file, and the key when nothing else is left under it

  // Everything that is there, in order; what is no content is not touched.
  Result<std::vector<Found>> list() const;

 private:
  Store(std::string folder, std::string secrets, std::uint64_t reserve_bytes, std::uint64_t sync_bytes)
      : folder_(std::move(folder)),
        secrets_(std::move(secrets)),
        reserve_bytes_(reserve_bytes),
        sync_bytes_(sync_bytes) {}
  std::string path_of(const Name& name) const { return folder_ + "/" + name.party + "/" + to_hex(name.digest); }
  std::string secret_path_of(const Name& name) const {
    return secrets_ + "/" + name.party + "/" + to_hex(name.digest) + ".key";
  }

  std::string folder_, secrets_;
  std::uint64_t reserve_bytes_, sync_bytes_;
};

}  // namespace hub::content
