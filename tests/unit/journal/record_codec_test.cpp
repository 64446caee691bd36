#include "hub/journal/record_codec.hpp"

#include <catch2/catch.hpp>

#include "tests/support/journal_samples.hpp"

namespace hub::journal {
namespace {

Buffer encoded(const NewRecord& record, Position position, std::uint32_t index) {
  Buffer out(record_bytes(record.metadata.size(), record.body.size()), 0xcc);
  encode_record(record, position, index, out.data());
  return out;
}

}  // namespace

TEST_CASE("a record decodes to what was encoded, and its padding is zero") {
  for (std::uint64_t i = 0; i < 300; ++i) {
    const test::Sample sample(1, i);
    const Buffer bytes = encoded(sample.record, Position(i + 7), 3);
    REQUIRE(bytes.size() % kRecordAlignment == 0);
    const auto decoded = decode_record(bytes);
    REQUIRE(decoded.state == RecordState::whole);
    REQUIRE(decoded.bytes == bytes.size());
    REQUIRE(sample.is(decoded.view));
    REQUIRE(decoded.view.position == Position(i + 7));
    REQUIRE(decoded.view.index_in_group == 3);
    REQUIRE(leaf_of(decoded.view) == sample.leaf());
    const std::size_t used = kRecordHeaderBytes + sample.metadata.size() + sample.body.size();
    for (std::size_t k = used; k < bytes.size(); ++k) REQUIRE(bytes[k] == 0);
  }
}

TEST_CASE("every flipped bit of a record is noticed") {
  const test::Sample sample(1, 17);
  const Buffer good = encoded(sample.record, Position(5), 0);
  const std::size_t used = kRecordHeaderBytes + sample.metadata.size() + sample.body.size();
  for (std::size_t bit = 0; bit < used * 8; ++bit) {
    Buffer bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE(decode_record(bad).state != RecordState::whole);
  }
}

TEST_CASE("announced lengths of 4 GiB each are cut, not followed") {
  Buffer bytes = encoded({}, Position(0), 0);
  store_le(bytes.data() + 8, UINT32_MAX);
  store_le(bytes.data() + 12, UINT32_MAX);
  CHECK(announced_bytes(bytes) > (std::uint64_t{8} << 30) - 1);
  CHECK(decode_record(bytes).state == RecordState::cut);
  CHECK(decode_record(Buffer(kRecordHeaderBytes, 0)).state == RecordState::empty);
}

TEST_CASE("a leaf does not depend on whether the body is there, and on everything else of the record") {
  const test::Sample sample(1, 17);
  const crypto::Digest leaf = sample.leaf();
  Buffer bytes = encoded(sample.record, Position(5), 0);
  store_le(bytes.data() + 120, kBodyErased);
  CHECK(leaf_of(decode_record(bytes).view) == leaf);
  const auto leaf_with = [&](auto change) {
    RecordView view = decode_record(bytes).view;
    change(view);
    return leaf_of(view);
  };
  CHECK(leaf_with([](RecordView& v) { v.kind ^= 1; }) != leaf);
  CHECK(leaf_with([](RecordView& v) { v.time.value ^= 1; }) != leaf);
  CHECK(leaf_with([](RecordView& v) { v.nonce[0] ^= 1; }) != leaf);
  CHECK(leaf_with([](RecordView& v) { v.metadata = {}; }) != leaf);
  CHECK(leaf_with([](RecordView& v) { v.body_digest[0] ^= 1; }) != leaf);
  CHECK(leaf_with([](RecordView& v) { v.outcome_root[0] ^= 1; }) != leaf);
}

}  // namespace hub::journal
