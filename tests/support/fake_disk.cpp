#include "tests/support/fake_disk.hpp"

#include <algorithm>
#include <iterator>

namespace hub::test {
namespace {

constexpr std::size_t kSectorBytes = 512;

tl::unexpected<Error> failed(std::string_view operation, const std::string& name) {
  return fail(ErrorCode::io_failed,
              {{"operation", std::string(operation)}, {"path", name}, {"reason", "the simulated disk failed"}});
}

void put(Buffer& into, std::uint64_t offset, ByteView bytes) {
  if (into.size() < offset + bytes.size()) into.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), into.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

class FakeFile final : public ports::File {
 public:
  FakeFile(FakeDisk& disk, std::shared_ptr<FakeDisk::Content> content, std::string name, bool writable)
      : disk_(disk), content_(std::move(content)), name_(std::move(name)), writable_(writable) {}

  Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    const std::lock_guard lock(disk_.mutex_);
    if (!writable_ || disk_.power_is_out_) return failed("write", name_);
    const auto fate = disk_.next_operation();
    if (fate != FakeDisk::Fate::failed) content_->unsynced.push_back({offset, Buffer(bytes.begin(), bytes.end())});
    if (fate != FakeDisk::Fate::done) return failed("write", name_);
    return {};
  }

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    const std::lock_guard lock(disk_.mutex_);
    Buffer patched;
    const bool clean = content_->unsynced.empty() && content_->forgotten.empty();
    if (!clean) patched = FakeDisk::current(*content_);
    const Buffer& now = clean ? content_->synced : patched;
    if (offset >= now.size()) return 0;
    const std::size_t count = std::min<std::size_t>(out.size(), now.size() - offset);
    std::copy_n(now.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
    return count;
  }

  Result<void> sync_data() override {
    const std::lock_guard lock(disk_.mutex_);
    return disk_.sync(*content_, name_);
  }

  Result<std::uint64_t> size() const override {
    const std::lock_guard lock(disk_.mutex_);
    return FakeDisk::current(*content_).size();
  }

 private:
  FakeDisk& disk_;
  std::shared_ptr<FakeDisk::Content> content_;
  std::string name_;
  bool writable_;
};

FakeDisk::FakeDisk(std::uint64_t seed, Snapshot files) : random_(seed) {
  for (auto& [name, bytes] : files) files_[name] = std::make_shared<Content>(Content{std::move(bytes), {}, {}});
}

void FakeDisk::cut_power_at(std::uint64_t operation) { cut_at_ = operation_ + operation; }
void FakeDisk::fail_at(std::uint64_t operation) { fail_at_ = operation_ + operation; }

FakeDisk::Fate FakeDisk::next_operation() {
  const std::uint64_t operation = operation_++;
  if (operation == cut_at_) power_is_out_ = true;
  if (operation == cut_at_) return Fate::power_cut;
  return operation == fail_at_ ? Fate::failed : Fate::done;
}

Buffer FakeDisk::current(const Content& content) {
  Buffer now = content.synced;
  for (const auto* writes : {&content.forgotten, &content.unsynced})
    for (const Write& write : *writes) put(now, write.offset, write.bytes);
  return now;
}

Result<void> FakeDisk::sync(Content& content, const std::string& name) {
  const Fate fate = power_is_out_ ? Fate::power_cut : next_operation();
  if (fate == Fate::done) {
    for (const Write& write : content.unsynced) put(content.synced, write.offset, write.bytes);
    content.unsynced.clear();
  }
  if (fate == Fate::failed) {
    std::move(content.unsynced.begin(), content.unsynced.end(), std::back_inserter(content.forgotten));
    content.unsynced.clear();
  }
  if (fate != Fate::done) return failed("sync", name);
  return {};
}

Result<void> FakeDisk::settle(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(name);
  if (found == files_.end()) return failed("open", name);
  if (auto synced = sync(*found->second, name); !synced) return synced;
  found->second->forgotten.clear();
  return {};
}

Buffer FakeDisk::survivor(const Content& content, unsigned keep_of_8) {
  Buffer left = content.synced;
  for (const Write& write : content.unsynced) {
    for (std::size_t at = 0; at < write.bytes.size();) {
      const std::uint64_t offset = write.offset + at;
      const std::size_t count = std::min<std::size_t>(kSectorBytes - offset % kSectorBytes, write.bytes.size() - at);
      Buffer sector(write.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    write.bytes.begin() + static_cast<std::ptrdiff_t>(at + count));
      at += count;
      if (random_() % 8 >= keep_of_8) continue;
      if (keep_of_8 < 8 && chance(32))
        for (std::uint8_t& byte : sector) byte = static_cast<std::uint8_t>(random_());
      put(left, offset, sector);
    }
  }
  return left;
}

FakeDisk::Snapshot FakeDisk::after_power_cut() {
  const std::lock_guard lock(mutex_);
  const auto keep_of_8 = static_cast<unsigned>(random_() % 9);
  Snapshot out;
  for (const auto& [name, content] : files_) out[name] = survivor(*content, keep_of_8);
  return out;
}

FakeDisk::Snapshot FakeDisk::contents() const {
  const std::lock_guard lock(mutex_);
  Snapshot out;
  for (const auto& [name, content] : files_) out[name] = current(*content);
  return out;
}

Result<std::unique_ptr<ports::File>> FakeDisk::create_prefilled(const std::string& name, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  if (power_is_out_) return failed("create", name);
  std::uint64_t used = size;
  for (const auto& [other, content] : files_) used += content->synced.size();
  if (used > capacity_bytes_) return fail(ErrorCode::storage_full);
  auto content = std::make_shared<Content>(Content{Buffer(size, 0), {}, {}});
  switch (next_operation()) {
    case Fate::done:
      files_[name] = content;
      break;
    case Fate::failed:
      return failed("create", name);
    case Fate::power_cut:
      if (chance(3)) {
        files_[name] = content;
      } else if (chance(2)) {
        content->synced.resize(random_() % (size + 1));
        files_[name + ".tmp"] = content;
      }
      return failed("create", name);
  }
  return std::make_unique<FakeFile>(*this, content, name, true);
}

Result<std::unique_ptr<ports::File>> FakeDisk::open(const std::string& name, bool writable) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(name);
  if (power_is_out_ || found == files_.end()) return failed("open", name);
  return std::make_unique<FakeFile>(*this, found->second, name, writable);
}

Result<std::vector<std::string>> FakeDisk::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, content] : files_) names.push_back(name);
  return names;
}

Result<void> FakeDisk::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (power_is_out_ || !files_.contains(name)) return failed("remove", name);
  const Fate fate = next_operation();
  if (fate == Fate::done || (fate == Fate::power_cut && chance(2))) files_.erase(name);
  if (fate != Fate::done) return failed("remove", name);
  return {};
}

Result<void> FakeDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  if (power_is_out_ || !files_.contains(from)) return failed("rename", from);
  const Fate fate = next_operation();
  if (fate == Fate::done || (fate == Fate::power_cut && chance(2))) {
    files_[to] = files_.at(from);
    files_.erase(from);
  }
  if (fate != Fate::done) return failed("rename", from);
  return {};
}

}  // namespace hub::test
