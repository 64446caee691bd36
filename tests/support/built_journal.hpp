// A journal of several segments of samples on a simulated disk, and where its records stand: for tests that damage it.
#pragma once

#include <catch2/catch.hpp>

#include "hub/journal/durable_end.hpp"
#include "hub/journal/record_codec.hpp"
#include "hub/journal/segment_format.hpp"
#include "hub/journal/walk.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {

constexpr std::uint64_t kBuiltSeed = 5, kBuiltRecords = 300;

struct Standing {
  std::string file;
  std::uint64_t offset, bytes;
  std::uint32_t index_in_group;
};

struct BuiltJournal {
  journal::JournalId id{};
  FakeDisk::Snapshot files;
  std::vector<Standing> records;
  std::vector<std::string> segments;

  // Records from `another_from` on are others than the samples, of the same sizes: another history of the journal.
  explicit BuiltJournal(std::uint8_t first_of_id = 1, std::uint64_t records_wanted = kBuiltRecords,
                        std::uint64_t another_from = UINT64_MAX)
      : id{first_of_id} {
    FakeDisk disk;
    auto journal = std::move(journal::Journal::create(disk, id, small_options()).value());
    for (std::uint64_t i = 0; i < records_wanted; ++i) {
      Sample sample(kBuiltSeed, i);
      if (i >= another_from) sample.record.kind ^= 1;
      if (!journal->room(sample.metadata.size(), sample.body.size())) REQUIRE(commit(*journal));
      journal->append(sample.record);
      if (i % 5 == 4) REQUIRE(commit(*journal));
    }
    REQUIRE(commit(*journal));
    files = disk.contents();
    for (const auto& [name, bytes] : files) segments.push_back(name);
    const auto visit = [&](const journal::RecordView& view, const journal::Place& place) -> Result<void> {
      records.push_back({segments.at(place.segment), place.offset, place.bytes, view.index_in_group});
      return {};
    };
    REQUIRE(journal::for_each_record(disk, visit));
    REQUIRE(records.size() == records_wanted);
    REQUIRE(segments.size() >= 3);
  }

  // As a hub leaves it that said up to where it is durable.
  void say_durable(std::uint64_t end) {
    FakeDisk disk(0, files);
    REQUIRE(journal::DurableEndFile::publish(disk, {id, Position(end)}));
    files = disk.contents();
  }
  std::size_t first_of_last_group() const {
    const std::size_t last = records.size() - 1;
    return last - records[last].index_in_group;
  }
  std::uint64_t first_in(const std::string& segment) const { return journal::position_in_name(segment)->value; }
  // What of the record is covered by something: its padding is not.
  std::uint64_t used_bytes(std::size_t position) const {
    const Standing& where = records[position];
    const std::uint8_t* record = files.at(where.file).data() + where.offset;
    return journal::kRecordHeaderBytes + load_le<std::uint32_t>(record + 8) + load_le<std::uint32_t>(record + 12);
  }
};

}  // namespace hub::test
