// What every journal must do, on a real folder and on the simulated disk alike.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "hub/journal/segment_format.hpp"
#include "hub/journal/verify.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {
namespace {

using journal::Journal;

constexpr journal::JournalId kContractId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr std::uint64_t kContractSeed = 42;

class TestDisk {
 public:
  explicit TestDisk(bool real) {
    if (!real) {
      disk_ = std::make_unique<FakeDisk>();
      return;
    }
    std::string path = std::filesystem::temp_directory_path() / "journal-contract-XXXXXX";
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    folder_ = path;
    disk_ = std::move(runtime::PosixDisk::open_locked(path).value());
  }
  ~TestDisk() {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  ports::Disk& operator*() { return *disk_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<ports::Disk> disk_;
};

std::unique_ptr<Journal> create(ports::Disk& disk, const journal::Options& options = small_options()) {
  return std::move(Journal::create(disk, kContractId, options).value());
}

journal::NewRecord of_sizes(const Buffer& metadata, const Buffer& body) {
  journal::NewRecord record;
  record.metadata = metadata;
  record.body = body;
  if (!body.empty()) record.body_digest = crypto::sha256(body);
  return record;
}

}  // namespace

TEST_CASE("records, leaves and root come back the same after every reopening, over many segments") {
  TestDisk disk(GENERATE(true, false));
  create(*disk);
  for (int life = 0; life < 5; ++life) {
    bool all_right = false;
    auto journal = open_samples(*disk, small_options(), kContractSeed, all_right);
    REQUIRE(journal);
    CHECK(all_right);
    CHECK((*journal)->id() == kContractId);
    CHECK((*journal)->durable_end() == (*journal)->end());
    CHECK((*journal)->tree().root() == sample_root(kContractSeed, (*journal)->end().value));
    for (int i = 0; i < 150; ++i) REQUIRE(append_sample(**journal, kContractSeed));
    REQUIRE(commit(**journal));
    CHECK((*journal)->end().value == 150u * static_cast<unsigned>(life + 1));
  }
  const auto report = journal::verify(*disk);
  REQUIRE(report);
  CHECK_FALSE(report->problem);
  CHECK(report->records == 750);
  CHECK(report->segments > 5);
  CHECK(report->root == sample_root(kContractSeed, 750));
  CHECK(report->torn_tail_bytes == 0);
}

TEST_CASE("every position reads the same from memory and from its file, while the ring wraps") {
  TestDisk disk(GENERATE(true, false));
  auto journal = create(*disk);
  Buffer scratch;
  for (std::uint64_t i = 0; i < 600; ++i) {
    REQUIRE(append_sample(*journal, kContractSeed));
    if (i % 7 == 0) REQUIRE(commit(*journal));
    for (const std::uint64_t back : {std::uint64_t{0}, i / 50, i / 3, i}) {
      const auto view = journal->read(Position(i - back), scratch);
      REQUIRE(view);
      REQUIRE(view->position.value == i - back);
      REQUIRE(Sample(kContractSeed, i - back).is(*view));
    }
  }
  CHECK(journal->read(journal->end(), scratch).error().code == ErrorCode::record_unknown);
}

TEST_CASE("a group on its way is not overwritten while the next is filled to its limit") {
  TestDisk disk(GENERATE(true, false));
  auto journal = create(*disk);
  std::mt19937_64 random(3);
  for (int round = 0; round < 200; ++round) {
    for (std::uint64_t i = random() % 12; i > 0; --i) {
      const Sample sample(kContractSeed, journal->end().value);
      if (journal->room(sample.metadata.size(), sample.body.size())) journal->append(sample.record);
    }
    auto group = journal->take_group();
    if (!group) continue;
    CHECK(journal->take_group() == nullptr);
    for (;;) {
      const Sample sample(kContractSeed, journal->end().value);
      if (!journal->room(sample.metadata.size(), sample.body.size())) break;
      journal->append(sample.record);
    }
    CHECK(journal->take_group() == nullptr);
    REQUIRE(journal->write(*group));
    journal->finished(std::move(group));
  }
  REQUIRE(commit(*journal));
  bool all_right = false;
  const auto again = open_samples(*disk, small_options(), kContractSeed, all_right);
  REQUIRE(again);
  CHECK(all_right);
  CHECK((*again)->end() == journal->end());
}

TEST_CASE("a record is durable only when its group is finished") {
  TestDisk disk(GENERATE(true, false));
  auto journal = create(*disk);
  CHECK(journal->take_group() == nullptr);
  REQUIRE(append_sample(*journal, kContractSeed));
  CHECK(journal->end() == Position(1));
  auto group = journal->take_group();
  REQUIRE(group);
  REQUIRE(journal->write(*group));
  CHECK(journal->durable_end() == Position(0));
  journal->finished(std::move(group));
  CHECK(journal->durable_end() == Position(1));
  const Sample sample(kContractSeed, 0);
  CHECK(journal->recent_head_digest(Position(0)) ==
        journal::head_digest(sample.record.nonce, sample.record.kind, sample.record.time, sample.metadata));
  CHECK_FALSE(journal->recent_head_digest(Position(1)));
}

TEST_CASE("a record of no bytes and one that fills a group are taken, one byte more has no room") {
  TestDisk disk(GENERATE(true, false));
  const auto options = small_options();
  const std::size_t most = options.group_bytes_max - journal::kRecordHeaderBytes;
  auto journal = create(*disk);
  CHECK_FALSE(journal->room(0, most + 1));
  CHECK_FALSE(journal->room(1, most));
  const Buffer full(most, 0x5a);
  for (const auto& [metadata, body] : {std::pair(Buffer{}, Buffer{}), {Buffer{}, full}, {full, Buffer{}}}) {
    REQUIRE(journal->room(metadata.size(), body.size()));
    journal->append(of_sizes(metadata, body));
    REQUIRE(commit(*journal));
  }
  std::vector<std::pair<std::size_t, std::size_t>> sizes;
  REQUIRE(Journal::open(*disk, options, [&](const journal::RecordView& view) -> Result<void> {
    sizes.emplace_back(view.metadata.size(), view.body.size());
    return {};
  }));
  CHECK(sizes == std::vector<std::pair<std::size_t, std::size_t>>{{0, 0}, {0, most}, {most, 0}});
}

TEST_CASE("a group that does not fit the rest of the segment starts the next, which may have been prepared") {
  TestDisk disk(GENERATE(true, false));
  const bool prepare = GENERATE(true, false);
  auto journal = create(*disk);
  const Buffer body(3900, 1);
  const auto one_group = [&] {
    journal->append(of_sizes({}, body));
    journal->append(of_sizes({}, body));
    REQUIRE(commit(*journal));
  };
  CHECK_FALSE(journal->prepare_segment().value());
  while (!journal->wants_segment()) one_group();
  if (prepare) {
    CHECK(journal->prepare_segment().value());
    CHECK_FALSE(journal->prepare_segment().value());
    CHECK_FALSE(journal->wants_segment());
  }
  for (int i = 0; i < 5; ++i) one_group();
  const auto report = journal::verify(*disk).value();
  CHECK_FALSE(report.problem);
  CHECK(report.segments == 2);
  CHECK(report.records == journal->end().value);
}

TEST_CASE("segments of another size than the options now say are read, and the next gets the new size") {
  TestDisk disk(GENERATE(true, false));
  auto options = small_options();
  create(*disk, options);
  for (const std::uint64_t kib : {64u, 16u, 256u, 12u}) {
    options.segment_bytes = kib << 10;
    bool all_right = false;
    auto journal = open_samples(*disk, options, kContractSeed, all_right);
    REQUIRE(journal);
    CHECK(all_right);
    for (int i = 0; i < 100; ++i) REQUIRE(append_sample(**journal, kContractSeed));
    REQUIRE(commit(**journal));
  }
  CHECK_FALSE(journal::verify(*disk)->problem);
}

TEST_CASE("a segment that holds nothing and has no room for anything is replaced by one that has") {
  FakeDisk made;
  create(made);
  const std::string name = journal::segment_name(Position(0));
  auto header = journal::decode_header(ByteView(made.contents().at(name)).first(journal::kSegmentHeaderBytes)).value();
  header.segment_bytes = journal::kSegmentHeaderBytes;
  const auto bytes = journal::encode_header(header);
  FakeDisk disk(0, {{name, Buffer(bytes.begin(), bytes.end())}});
  const auto nothing = [](const journal::RecordView&) -> Result<void> { return {}; };
  {
    const auto journal = std::move(Journal::open(disk, small_options(), nothing).value());
    journal->append(of_sizes({1}, {2}));
    REQUIRE(commit(*journal));
    Buffer scratch;
    CHECK(journal->read(Position(0), scratch).has_value());
  }
  CHECK(Journal::open(disk, small_options(), nothing).value()->end() == Position(1));
  CHECK_FALSE(journal::verify(disk)->problem);
}

TEST_CASE("a journal is not created over another, nor opened where there is none") {
  TestDisk disk(GENERATE(true, false));
  const auto nothing = [](const journal::RecordView&) -> Result<void> { return {}; };
  CHECK(Journal::open(*disk, small_options(), nothing).error().code == ErrorCode::journal_missing);
  CHECK(journal::verify(*disk).error().code == ErrorCode::journal_missing);
  create(*disk);
  CHECK(Journal::create(*disk, kContractId, small_options()).error().code == ErrorCode::journal_exists);
}

TEST_CASE("what the replay refuses is what opening returns") {
  TestDisk disk(GENERATE(true, false));
  auto journal = create(*disk);
  REQUIRE(append_sample(*journal, kContractSeed));
  REQUIRE(commit(*journal));
  const auto refuse = [](const journal::RecordView&) -> Result<void> { return fail(ErrorCode::config_invalid); };
  CHECK(Journal::open(*disk, small_options(), refuse).error().code == ErrorCode::config_invalid);
}

}  // namespace hub::test
