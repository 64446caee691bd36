#include "hub/wire/bulk.hpp"

#include "tests/unit/wire/hand_made.hpp"

namespace hub::wire {
namespace {

Buffer chunk_of(std::size_t bytes, Kind kind = Kind::chunk) {
  Buffer frame;
  const Buffer content(bytes, 7);
  write(frame, kind, Chunk{1, 0, content});
  return frame;
}

template <class Message>
bool is_read(const Message& message) {
  Buffer frame;
  write(frame, message);
  return rewrite_frame(frame).has_value();
}

TEST_CASE("a chunk has 1 byte to 256 KiB") {
  CHECK_FALSE(rewrite_frame(chunk_of(0)).has_value());
  CHECK(rewrite_frame(chunk_of(1)).has_value());
  CHECK(rewrite_frame(chunk_of(kChunkBytesMax)).has_value());
  check_refused(rewrite_frame(chunk_of(kChunkBytesMax + 1)), ErrorCode::frame_malformed);
}

TEST_CASE("a frame of the bulk connection has at most a chunk and its head") {
  CHECK(chunk_of(kChunkBytesMax, Kind::content_chunk).size() <= kBulkFrameBytesMax);
  Buffer frame = chunk_of(kChunkBytesMax);
  frame.resize(kBulkFrameBytesMax);
  CHECK(read_bulk_frame(frame).has_value());
  frame.push_back(0);
  check_refused(read_bulk_frame(frame), ErrorCode::frame_too_large);
}

TEST_CASE("a credit is 1 to 8 chunks") {
  for (const std::uint64_t credit : {std::uint64_t{1}, kChunkCreditMax}) {
    CHECK(is_read(More{1, credit}));
    CHECK(is_read(Get{1, Position(5), 0, 0, 0, credit}));
  }
  for (const std::uint64_t credit : {std::uint64_t{0}, kChunkCreditMax + 1}) {
    CHECK_FALSE(is_read(More{1, credit}));
    CHECK_FALSE(is_read(Get{1, Position(5), 0, 0, 0, credit}));
  }
}

TEST_CASE("a transfer's number is 1 or more") {
  CHECK(is_read(Put{1, {}, 5}));
  CHECK_FALSE(is_read(Put{0, {}, 5}));
  CHECK_FALSE(is_read(ContentIsStored{0}));
}

TEST_CASE("an outcome index is below the number of recipients that a document may have") {
  CHECK(is_read(Get{1, Position(5), kRecipientsMax - 1, 0, 0, 1}));
  CHECK_FALSE(is_read(Get{1, Position(5), kRecipientsMax, 0, 0, 1}));
}

TEST_CASE("documents have no place on the bulk connection, nor contents on the main one") {
  for (const Kind kind : {Kind::submit, Kind::acknowledge, Kind::credential, Kind::results, Kind::deliveries})
    CHECK(read_bulk_frame(Buffer{static_cast<std::uint8_t>(kind), kVersion, 0x80}).error().code ==
          ErrorCode::message_kind_unknown);
  for (const Kind kind : {Kind::put, Kind::chunk, Kind::get, Kind::more, Kind::put_from, Kind::content_refused})
    CHECK(read_frame(Buffer{static_cast<std::uint8_t>(kind), kVersion, 0x80}).error().code == ErrorCode::bulk_reserved);
  CHECK(read_bulk_frame(Buffer{47, kVersion, 0x80}).error().code == ErrorCode::bulk_reserved);
}

}  // namespace
}  // namespace hub::wire
