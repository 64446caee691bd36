#include "hub/journal/segment_index.hpp"

#include <catch2/catch.hpp>

#include "hub/journal/record_format.hpp"
#include "hub/journal/segment_format.hpp"

namespace hub::journal {
namespace {

SegmentIndex index_of(std::uint64_t count) {
  SegmentIndex index;
  index.journal = {3};
  index.first = Position(7);
  index.count = count;
  index.segment_bytes = 1 << 20;
  OffsetSampler sampler;
  for (std::uint64_t i = 0; i < 7 + count; ++i) index.tree.add({static_cast<std::uint8_t>(i)});
  for (std::uint64_t i = 0; i < count; ++i) sampler.add(kSegmentHeaderBytes + i * kRecordHeaderBytes);
  index.records_end = kSegmentHeaderBytes + count * kRecordHeaderBytes;
  index.offsets = sampler.take();
  return index;
}

// With its checksum put right.
Buffer with(const SegmentIndex& index, std::size_t at, std::uint64_t value) {
  Buffer bytes = encode_index(index);
  store_le(bytes.data() + at, value);
  store_le(bytes.data() + 8, crypto::crc32c(ByteView(bytes).subspan(12)));
  return bytes;
}

}  // namespace

TEST_CASE("an index is read as it was written, with an offset for each 32 records begun") {
  for (const std::uint64_t count : {1u, 31u, 32u, 33u, 64u, 65u, 1000u}) {
    const SegmentIndex index = index_of(count);
    CHECK(index.offsets.size() == (count + 31) / 32);
    const auto read = decode_index(encode_index(index));
    REQUIRE(read);
    CHECK(*read == index);
  }
}

TEST_CASE("an index with a flipped bit, cut or longer is not read") {
  const Buffer good = encode_index(index_of(100));
  for (std::size_t at = 0; at < good.size(); ++at) {
    Buffer damaged = good;
    damaged[at] ^= static_cast<std::uint8_t>(1u << at % 8);
    CHECK_FALSE(decode_index(damaged));
    CHECK_FALSE(decode_index(ByteView(good).first(at)));
  }
  Buffer longer = good;
  longer.push_back(0);
  CHECK_FALSE(decode_index(longer));
}

TEST_CASE("an index that tells what can't be is not read, though its checksum is right") {
  const SegmentIndex index = index_of(100);
  CHECK(decode_index(with(index, 32, 7)));                          // the first position, as it is
  CHECK_FALSE(decode_index(with(index, 32, 8)));                    // another: the tree does not fit
  CHECK_FALSE(decode_index(with(index, 40, 99)));                   // records
  CHECK_FALSE(decode_index(with(index, 48, 4096)));                 // the segment is shorter than its records
  CHECK_FALSE(decode_index(with(index, 56, kSegmentHeaderBytes)));  // the records end before the last offset
  CHECK_FALSE(decode_index(with(index, 64, 1)));                    // the root
  const std::size_t offsets = encode_index(index).size() - 4 * index.offsets.size();
  CHECK_FALSE(decode_index(with(index, offsets, 0)));               // the first record stands in the header
  CHECK_FALSE(decode_index(with(index, offsets + 4, UINT64_MAX)));  // the second one outside the segment
}

}  // namespace hub::journal
