// Records for journal tests, each made from a seed and its position alone, so that a test knows without remembering
// what must stand where.
#pragma once

#include <memory>
#include <random>

#include "hub/base/check.hpp"
#include "hub/journal/journal.hpp"

namespace hub::test {

struct Sample {
  Buffer metadata, body;
  journal::NewRecord record;  // its views are into the two above: a Sample stays where it was made

  Sample(std::uint64_t seed, std::uint64_t position, std::size_t bytes_max = 1500) {
    std::mt19937_64 random(seed * 1'000'003 + position);
    metadata.resize(random() % 4 == 0 ? 0 : random() % (bytes_max / 8 + 1));
    body.resize(random() % 3 == 0 ? 0 : random() % (bytes_max + 1));
    for (auto* buffer : {&metadata, &body})
      for (auto& byte : *buffer) byte = static_cast<std::uint8_t>(random());
    record.kind = static_cast<std::uint8_t>(random());
    record.time = UnixMicros(1'700'000'000'000'000 + static_cast<std::int64_t>(position) * 1000);
    for (auto& byte : record.nonce) byte = static_cast<std::uint8_t>(random());
    record.metadata = metadata;
    record.body = body;
    if (!body.empty()) record.body_digest = crypto::sha256(body);
    if (random() % 2 == 0) record.outcome_root = crypto::sha256(metadata);
  }
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;

  bool is(const journal::RecordView& view) const {
    return view.kind == record.kind && view.time == record.time && view.nonce == record.nonce &&
           view.body_digest == record.body_digest && view.outcome_root == record.outcome_root && !view.erased &&
           equal(view.metadata, metadata) && equal(view.body, body);
  }
  crypto::Digest leaf() const {
    return journal::leaf_of(journal::head_digest(record.nonce, record.kind, record.time, metadata), record.body_digest,
                            record.outcome_root);
  }
};

inline journal::Options small_options() {
  journal::Options options;
  options.segment_bytes = 64 << 10;
  options.group_bytes_max = 8 << 10;
  options.tail_bytes = 24 << 10;
  return options;
}

// Takes, writes and finishes the filled group, if there is one.
inline Result<void> commit(journal::Journal& journal) {
  auto group = journal.take_group();
  if (!group) return {};
  if (auto written = journal.write(*group); !written) return written;
  journal.finished(std::move(group));
  return {};
}

// Appends the sample of the journal's end, committing first when it does not fit any more.
inline Result<void> append_sample(journal::Journal& journal, std::uint64_t seed) {
  const Sample sample(seed, journal.end().value);
  if (!journal.room(sample.metadata.size(), sample.body.size()))
    if (auto committed = commit(journal); !committed) return committed;
  const auto appended = journal.append(sample.record);
  HUB_CHECK(appended.leaf == sample.leaf());
  return {};
}

// Opens a journal of samples. `all_right` tells whether each record is the sample of its place.
inline Result<std::unique_ptr<journal::Journal>> open_samples(ports::Disk& disk, const journal::Options& options,
                                                              std::uint64_t seed, bool& all_right) {
  all_right = true;
  Position next(0);
  return journal::Journal::open(disk, options, [&](const journal::RecordView& view) -> Result<void> {
    all_right = all_right && view.position == next && Sample(seed, next.value).is(view);
    next = next.next();
    return {};
  });
}

// The root over the samples of the first `count` positions.
inline crypto::Digest sample_root(std::uint64_t seed, std::uint64_t count) {
  crypto::MerkleFrontier tree;
  for (std::uint64_t i = 0; i < count; ++i) tree.add(Sample(seed, i).leaf());
  return tree.root();
}

}  // namespace hub::test
