// A disk in memory that can lose power, for tests.
//
// The storage fault model:
// - What was written and not synced is, at a power cut, kept, lost, or (one sector in 32) garbled, for each 512-byte
//   sector of each write on its own. How likely "kept" is differs from cut to cut, so that all and nothing occur too.
// - What was synced stays. Disks that lie about a sync are outside the model; so is decay, which tests put in by hand
//   (bytes()).
// - A file that is being made is there under its ".tmp" name with whatever was written of it, or not at all. Making,
//   renaming and removing sync the folder; cut in their middle, they have happened or not.
// - Operations are counted: writes, syncs and changes of names. At a chosen one the power goes (the operation is under
//   way: it fails, and so does everything after it), or it fails and the machine stays up.
// - A sync that fails forgets what it was to sync, as Linux does: readers still see it, no later sync writes it, and
//   settle() shows what is left without it.
// - A file that would exceed the capacity is not made: storage_full.
//
// Everything random comes from the seed. Threads: any; one lock.
#pragma once

#include <map>
#include <mutex>
#include <random>

#include "hub/ports/disk.hpp"

namespace hub::test {

class FakeDisk final : public ports::Disk {
 public:
  using Snapshot = std::map<std::string, Buffer>;

  explicit FakeDisk(std::uint64_t seed = 0, Snapshot files = {});

  // Counted from the next operation, which is number 0.
  void cut_power_at(std::uint64_t operation);
  void fail_at(std::uint64_t operation);
  std::uint64_t operations() const { return operation_; }
  bool power_is_out() const { return power_is_out_; }
  void limit_capacity(std::uint64_t bytes) { capacity_bytes_ = bytes; }

  // What is on the disk after a power cut now; this disk itself is as good as before.
  Snapshot after_power_cut();
  // What readers see now.
  Snapshot contents() const;
  // The bytes of a file, to damage them. They count as synced.
  Buffer& bytes(const std::string& name) { return files_.at(name)->synced; }

  Result<std::unique_ptr<ports::File>> create_prefilled(const std::string& name, std::uint64_t size) override;
  Result<std::unique_ptr<ports::File>> open(const std::string& name, bool writable) override;
  Result<void> settle(const std::string& name) override;
  Result<std::vector<std::string>> list() const override;
  Result<void> remove(const std::string& name) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  std::string describe(const std::string& name) const override { return "disk:" + name; }

 private:
  friend class FakeFile;
  struct Write {
    std::uint64_t offset;
    Buffer bytes;
  };
  struct Content {
    Buffer synced;
    std::vector<Write> unsynced, forgotten;
  };
  enum class Fate { done, failed, power_cut };

  Fate next_operation();
  Result<void> sync(Content& content, const std::string& name);
  bool chance(unsigned one_in) { return random_() % one_in == 0; }
  Buffer survivor(const Content& content, unsigned keep_of_8);
  static Buffer current(const Content& content);

  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  std::map<std::string, std::shared_ptr<Content>> files_;
  std::uint64_t operation_ = 0;
  std::uint64_t cut_at_ = UINT64_MAX, fail_at_ = UINT64_MAX;
  std::uint64_t capacity_bytes_ = UINT64_MAX;
  bool power_is_out_ = false;
};

}  // namespace hub::test
