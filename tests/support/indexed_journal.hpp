// A journal of several sealed segments with their indexes on a simulated disk.
#pragma once

#include <catch2/catch.hpp>

#include "hub/journal/segment_format.hpp"
#include "hub/journal/segment_index.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {

constexpr std::uint64_t kIndexedSeed = 21, kIndexedRecords = 400;
constexpr journal::JournalId kIndexedId{9};

// A journal of several segments with their indexes, as a hub leaves it.
struct IndexedJournal {
  FakeDisk::Snapshot files;
  std::vector<Position> firsts;  // of the segments

  explicit IndexedJournal(std::uint64_t seed = kIndexedSeed, const journal::JournalId& id = kIndexedId) {
    FakeDisk disk;
    auto journal = std::move(journal::Journal::create(disk, id, small_options()).value());
    for (std::uint64_t i = 0; i < kIndexedRecords; ++i) {
      REQUIRE(append_sample(*journal, seed));
      if (i % 5 == 4) {
        REQUIRE(commit(*journal));
        if (journal->wants_segment()) REQUIRE(journal->prepare_segment());
      }
    }
    REQUIRE(commit(*journal));
    if (journal->wants_segment()) REQUIRE(journal->prepare_segment());
    files = disk.contents();
    for (const auto& [name, bytes] : files)
      if (const auto first = journal::position_in_name(name)) firsts.push_back(*first);
    REQUIRE(firsts.size() >= 4);
  }
  std::string segment(std::size_t i) const { return journal::segment_name(firsts.at(i)); }
  std::string index(std::size_t i) const { return journal::index_name(firsts.at(i)); }
};

}  // namespace hub::test
