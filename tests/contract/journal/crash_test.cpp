// Power cuts at every kind of moment: whatever was durable is there, in order, and the journal goes on.
#include <catch2/catch.hpp>

#include "hub/journal/durable_end.hpp"
#include "hub/journal/verify.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {
namespace {

using journal::Journal;

constexpr journal::JournalId kCrashId = {7};

journal::Options options_of(std::mt19937_64& random) {
  journal::Options options;
  options.group_bytes_max = (2 + random() % 6) << 10;
  options.segment_bytes = 4096 + options.group_bytes_max + random() % 5 * 4096;
  options.tail_bytes = 3 * options.group_bytes_max + random() % 3 * 1000;
  return options;
}

// One journal through several lives; each ends by a power cut in the middle of something.
class Lives {
 public:
  explicit Lives(std::uint64_t seed) : seed_(seed), random_(seed), options_(options_of(random_)) {}

  void live() {
    FakeDisk disk(random_(), files_);
    disk.cut_power_at(random_() % 40);
    if (auto journal = start(disk)) work(disk, *journal);
    files_ = disk.after_power_cut();
  }

  // Without another cut: everything that was promised is there.
  void check() {
    FakeDisk disk(0, files_);
    if (!created_ && Journal::create(disk, kCrashId, options_)) return;
    const auto before = journal::verify(disk);
    REQUIRE(before);
    REQUIRE_FALSE(before->problem);
    bool all_right = false;
    auto journal = open_samples(disk, options_, seed_, all_right);
    REQUIRE(journal);
    REQUIRE(all_right);
    REQUIRE((*journal)->end().value >= durable_);
    REQUIRE((*journal)->end().value <= appended_);
    REQUIRE((*journal)->tree().root() == sample_root(seed_, (*journal)->end().value));
    REQUIRE(before->records == (*journal)->end().value);
    REQUIRE(journal::verify(disk)->torn_tail_bytes == 0);
  }

 private:
  std::unique_ptr<Journal> start(FakeDisk& disk) {
    if (!created_) {
      auto made = Journal::create(disk, kCrashId, options_);
      if (!made && made.error().code != ErrorCode::journal_exists) return nullptr;
      created_ = true;
      if (made) return std::move(*made);
    }
    bool all_right = false;
    auto opened = open_samples(disk, options_, seed_, all_right);
    if (!opened) {
      REQUIRE(disk.power_is_out());
      return nullptr;
    }
    REQUIRE(all_right);
    REQUIRE((*opened)->end().value >= durable_);
    // What is there now was either durable or is from here on: the cut tail is gone for good.
    durable_ = (*opened)->end().value;
    appended_ = durable_;
    return std::move(*opened);
  }

  // As the commit thread of a hub does it: what it says must never be more than what a power cut leaves.
  void work(FakeDisk& disk, Journal& journal) {
    auto durable_end = journal::DurableEndFile::publish(disk, {kCrashId, journal.durable_end()});
    if (!durable_end) REQUIRE(disk.power_is_out());
    while (!disk.power_is_out()) {
      for (std::uint64_t i = random_() % 6; i > 0; --i) {
        const Sample sample(seed_, journal.end().value);
        if (!journal.room(sample.metadata.size(), sample.body.size())) break;
        journal.append(sample.record);
      }
      appended_ = std::max(appended_, journal.end().value);
      if (random_() % 2 == 0 && !journal.prepare_segment()) REQUIRE(disk.power_is_out());
      if (!commit(journal)) REQUIRE(disk.power_is_out());
      durable_ = std::max(durable_, journal.durable_end().value);
      if (!disk.power_is_out()) (void)durable_end->move(journal.durable_end());
    }
  }

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  const journal::Options options_;
  FakeDisk::Snapshot files_;
  bool created_ = false;
  std::uint64_t durable_ = 0, appended_ = 0;
};

}  // namespace

TEST_CASE("nothing durable is lost and the journal goes on, through 3000 seeds of power cuts") {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    INFO("seed " << seed);
    Lives lives(seed);
    for (std::uint64_t life = 0; life < 2 + seed % 5; ++life) {
      lives.live();
      lives.check();
    }
  }
}

TEST_CASE("a power cut at each operation of a roll leaves a journal that opens with all that was durable") {
  for (std::uint64_t at = 0; at < 12; ++at) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      INFO("operation " << at << " seed " << seed);
      auto options = small_options();
      options.segment_bytes = 4096 + options.group_bytes_max;
      FakeDisk disk(seed);
      auto journal = std::move(Journal::create(disk, kCrashId, options).value());
      for (int i = 0; i < 4; ++i) REQUIRE(append_sample(*journal, seed));
      REQUIRE(commit(*journal));
      disk.cut_power_at(at);
      if (seed % 2 == 0) (void)journal->prepare_segment();
      while (append_sample(*journal, seed)) {
      }
      FakeDisk after(seed, disk.after_power_cut());
      bool all_right = false;
      auto opened = open_samples(after, options, seed, all_right);
      REQUIRE(opened);
      REQUIRE(all_right);
      REQUIRE((*opened)->end() >= journal->durable_end());
      for (int i = 0; i < 20; ++i) REQUIRE(append_sample(**opened, seed));
      REQUIRE(commit(**opened));
      REQUIRE_FALSE(journal::verify(after)->problem);
    }
  }
}

TEST_CASE("what a failed sync forgot is not taken for durable by the next start, though memory still shows it") {
  FakeDisk disk;
  auto journal = std::move(Journal::create(disk, kCrashId, small_options()).value());
  for (int i = 0; i < 3; ++i) REQUIRE(append_sample(*journal, 1));
  REQUIRE(commit(*journal));
  for (int i = 0; i < 2; ++i) REQUIRE(append_sample(*journal, 1));
  disk.fail_at(1);  // the sync, behind the write
  REQUIRE_FALSE(commit(*journal));
  CHECK(journal::verify(disk)->records == 5);
  for (int life = 0; life < 2; ++life) {
    bool all_right = false;
    auto opened = open_samples(disk, small_options(), 1, all_right);
    REQUIRE(opened);
    CHECK(all_right);
    CHECK((*opened)->end() == Position(3));
    CHECK(FakeDisk(0, disk.after_power_cut()).contents() == disk.contents());
  }
}

TEST_CASE("what a killed process wrote and never synced survives a power cut right after the next start") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    FakeDisk disk(seed);
    auto journal = std::move(Journal::create(disk, kCrashId, small_options()).value());
    REQUIRE(append_sample(*journal, 1));
    disk.cut_power_at(1);  // in the sync, so that the bytes are there and not synced
    REQUIRE_FALSE(commit(*journal));
    FakeDisk next(seed);
    REQUIRE(next.create_prefilled("journal-00000000000000000000.seg", small_options().segment_bytes));
    const Buffer written = disk.contents().begin()->second;
    REQUIRE(next.open("journal-00000000000000000000.seg", true).value()->write_at(0, written));
    bool all_right = false;
    const auto opened = open_samples(next, small_options(), 1, all_right);
    REQUIRE(opened);
    REQUIRE((*opened)->end() == Position(1));
    FakeDisk after(seed, next.after_power_cut());
    REQUIRE(open_samples(after, small_options(), 1, all_right).value()->end() == Position(1));
  }
}

TEST_CASE("a write or a sync that fails is io-failed and never durable") {
  for (const std::uint64_t at : {0u, 1u}) {
    FakeDisk disk;
    auto journal = std::move(Journal::create(disk, kCrashId, small_options()).value());
    REQUIRE(append_sample(*journal, 1));
    disk.fail_at(at);
    const auto group = journal->take_group();
    const auto written = journal->write(*group);
    REQUIRE_FALSE(written);
    CHECK(written.error().code == ErrorCode::io_failed);
    CHECK(journal->durable_end() == Position(0));
  }
}

}  // namespace hub::test
