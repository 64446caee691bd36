// How groups form while the disk is at work: by themselves, with nothing that waits for time to pass.
#include "hub/runtime/committer.hpp"

#include <poll.h>

#include <catch2/catch.hpp>
#include <future>

#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {
namespace {

// Each sync waits until the test lets it go.
class HeldFile final : public ports::File {
 public:
  HeldFile(std::unique_ptr<ports::File> file, std::function<void()> before_sync)
      : file_(std::move(file)), before_sync_(std::move(before_sync)) {}
  Result<void> write_at(std::uint64_t offset, ByteView bytes) override { return file_->write_at(offset, bytes); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    return file_->read_at(offset, out);
  }
  Result<void> sync_data() override {
    before_sync_();
    return file_->sync_data();
  }
  Result<std::uint64_t> size() const override { return file_->size(); }

 private:
  std::unique_ptr<ports::File> file_;
  std::function<void()> before_sync_;
};

class HeldDisk final : public ports::Disk {
 public:
  void hold() { gate_.lock(); }
  void let_go() { gate_.unlock(); }
  std::atomic<int> syncs = 0;

  Result<std::unique_ptr<ports::File>> create_prefilled(const std::string& name, std::uint64_t size) override {
    return held(disk_.create_prefilled(name, size));
  }
  Result<std::unique_ptr<ports::File>> open(const std::string& name, bool writable) override {
    return held(disk_.open(name, writable));
  }
  Result<void> settle(const std::string& name) override { return disk_.settle(name); }
  Result<std::vector<std::string>> list() const override { return disk_.list(); }
  Result<void> remove(const std::string& name) override { return disk_.remove(name); }
  Result<void> rename(const std::string& from, const std::string& to) override { return disk_.rename(from, to); }
  std::string describe(const std::string& name) const override { return disk_.describe(name); }

 private:
  Result<std::unique_ptr<ports::File>> held(Result<std::unique_ptr<ports::File>> file) {
    if (!file) return file;
    return std::make_unique<HeldFile>(std::move(*file), [this] {
      ++syncs;
      const std::lock_guard wait(gate_);
    });
  }
  FakeDisk disk_;
  std::mutex gate_;
};

std::unique_ptr<journal::Group> wait_durable(runtime::Committer& committer) {
  pollfd done{committer.descriptor(), POLLIN, 0};
  REQUIRE(::poll(&done, 1, 10'000) == 1);
  return committer.take_durable();
}

}  // namespace

TEST_CASE(
    "a lone record is durable after one write and one sync, and what comes meanwhile is one group with one sync") {
  HeldDisk disk;
  auto journal = std::move(journal::Journal::create(disk, {1}, small_options()).value());
  auto durable_end = journal::DurableEndFile::publish(disk, {journal->id(), Position(0)});
  runtime::Committer committer(*journal, std::move(*durable_end));
  disk.syncs = 0;
  disk.hold();
  REQUIRE(append_sample(*journal, 1));
  committer.commit(journal->take_group());  // at once: it waits for no other record
  for (int i = 0; i < 20; ++i) journal->append(Sample(1, journal->end().value, 100).record);
  CHECK(journal->take_group() == nullptr);
  CHECK_FALSE(committer.idle());
  CHECK(committer.take_durable() == nullptr);
  disk.let_go();
  auto group = wait_durable(committer);
  REQUIRE(group);
  CHECK(group->records == 1);
  CHECK(disk.syncs == 1);
  journal->finished(std::move(group));
  committer.commit(journal->take_group());
  group = wait_durable(committer);
  REQUIRE(group);
  CHECK(group->records == 20);
  CHECK(disk.syncs == 2);
  journal->finished(std::move(group));
  CHECK(journal->durable_end() == Position(21));
}

}  // namespace hub::test
