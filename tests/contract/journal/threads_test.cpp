// The three threads of a hub at work at once: for the thread sanitizer, and for the real disk's own rules.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "hub/journal/verify.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {
namespace {

using journal::Group;
using journal::Journal;

// One place through which a group goes from one thread to another.
class Slot {
 public:
  void put(std::unique_ptr<Group> group) {
    {
      const std::lock_guard lock(mutex_);
      group_ = std::move(group);
      filled_ = true;
    }
    changed_.notify_one();
  }
  std::unique_ptr<Group> wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return filled_; });
    filled_ = false;
    return std::move(group_);
  }
  std::unique_ptr<Group> take_if_filled() {
    const std::lock_guard lock(mutex_);
    if (!filled_) return nullptr;
    filled_ = false;
    return std::move(group_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<Group> group_;
  bool filled_ = false;
};

struct Folder {
  std::string path = std::filesystem::temp_directory_path() / "journal-folder-XXXXXX";
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("owner, commit thread and preparing thread work at once, and every record is there afterwards") {
  constexpr std::uint64_t kSeed = 9, kRecords = 3000;
  FakeDisk disk;
  const auto options = small_options();
  auto journal = std::move(Journal::create(disk, {3}, options).value());
  Slot to_commit, to_owner;
  std::atomic<bool> all_written = true, done = false;
  std::thread committer([&] {
    while (auto group = to_commit.wait()) {
      if (!journal->write(*group)) all_written = false;
      to_owner.put(std::move(group));
    }
  });
  std::thread preparer([&] {
    while (!done) {
      if (!journal->prepare_segment()) all_written = false;
      std::this_thread::yield();
    }
  });
  bool under_way = false;
  Buffer scratch;
  std::mt19937_64 random(kSeed);
  while (journal->durable_end().value < kRecords) {
    const Sample sample(kSeed, journal->end().value);
    const bool fits = journal->room(sample.metadata.size(), sample.body.size());
    if (journal->end().value < kRecords && fits) journal->append(sample.record);
    if (auto group = under_way && !fits ? to_owner.wait() : to_owner.take_if_filled()) {
      journal->finished(std::move(group));
      under_way = false;
    }
    if (auto group = journal->take_group()) {
      to_commit.put(std::move(group));
      under_way = true;
    }
    const Position position(random() % journal->end().value);
    const auto view = journal->read(position, scratch);
    REQUIRE(view);
    REQUIRE(Sample(kSeed, position.value).is(*view));
  }
  done = true;
  to_commit.put(nullptr);
  committer.join();
  preparer.join();
  CHECK(all_written);
  const auto report = journal::verify(disk);
  REQUIRE(report);
  CHECK_FALSE(report->problem);
  CHECK(report->records == kRecords);
  CHECK(report->root == sample_root(kSeed, kRecords));
}

TEST_CASE("a folder is open for writing once, and for looking at any time") {
  const Folder folder;
  auto first = runtime::PosixDisk::open_locked(folder.path);
  REQUIRE(first);
  const auto second = runtime::PosixDisk::open_locked(folder.path);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::journal_in_use);
  CHECK(runtime::PosixDisk::open(folder.path));
  first->reset();
  CHECK(runtime::PosixDisk::open_locked(folder.path));
}

TEST_CASE("a file of the real disk is prefilled, keeps what is written under any name, and goes when removed") {
  const Folder folder;
  auto disk = std::move(runtime::PosixDisk::open(folder.path).value());
  auto file = std::move(disk->create_prefilled("a", (1 << 20) + 5).value());
  CHECK(file->size() == std::uint64_t{(1 << 20) + 5});
  REQUIRE(file->write_at(3, Buffer{1, 2, 3}));
  REQUIRE(disk->rename("a", "b"));
  REQUIRE(file->sync_data());
  CHECK(disk->list().value() == std::vector<std::string>{"b"});
  Buffer out(6, 0xff);
  CHECK(disk->open("b", false).value()->read_at(0, out) == 6u);
  CHECK(out == Buffer{0, 0, 0, 1, 2, 3});
  CHECK(file->read_at((1 << 20) + 3, out) == 2u);
  REQUIRE(disk->settle("b"));
  CHECK(disk->open("b", false).value()->read_at(0, out) == 6u);
  CHECK(out == Buffer{0, 0, 0, 1, 2, 3});
  CHECK(disk->settle("none").error().code == ErrorCode::io_failed);
  REQUIRE(disk->remove("b"));
  REQUIRE(disk->create_prefilled("of no bytes", 0));
  CHECK(disk->open("of no bytes", false).value()->size() == 0u);
  REQUIRE(disk->remove("of no bytes"));
  CHECK(disk->list().value().empty());
}

TEST_CASE("what the real disk can't do is io-failed with operation, path and reason") {
  const Folder folder;
  auto disk = std::move(runtime::PosixDisk::open(folder.path).value());
  const auto missing = disk->open("none", true);
  REQUIRE_FALSE(missing);
  CHECK(missing.error() ==
        Error{ErrorCode::io_failed,
              {{"operation", "open"}, {"path", folder.path + "/none"}, {"reason", "No such file or directory"}}});
  CHECK(disk->remove("none").error().code == ErrorCode::io_failed);
  CHECK(runtime::PosixDisk::open(folder.path + "/none").error().code == ErrorCode::io_failed);
  REQUIRE(disk->create_prefilled("a", 8));
  CHECK(disk->open("a", false).value()->write_at(0, Buffer{1}).error().code == ErrorCode::io_failed);
}

}  // namespace hub::test
