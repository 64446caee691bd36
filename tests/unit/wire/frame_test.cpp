#include "hub/wire/frame.hpp"

#include "tests/unit/wire/hand_made.hpp"

namespace hub::wire {
namespace {

// HEARTBEAT {1: 0, field: value}: the smallest message, with one field more.
Buffer heartbeat_with(std::uint64_t field, const std::function<void(Packer&)>& pack_value) {
  return frame_of(Kind::heartbeat, [&](Packer& p) {
    p.pack_map(2);
    p.pack_uint8(1);
    p.pack_int64(0);
    p.pack_uint64(field);
    pack_value(p);
  });
}

void pack_nested(Packer& p, int arrays) {
  for (int i = 1; i < arrays; ++i) p.pack_array(1);
  p.pack_array(0);
}

TEST_CASE("a frame of 4 MiB is read, and one byte more is refused as too large") {
  Buffer frame = heartbeat_with(kFirstIgnorableField, [](Packer& p) {
    const Buffer filling(kFrameBytesMax);
    pack_bytes(p, filling);
  });
  const std::size_t over = frame.size() - kFrameBytesMax;
  Buffer fitting = heartbeat_with(kFirstIgnorableField, [&](Packer& p) {
    const Buffer filling(kFrameBytesMax - over);
    pack_bytes(p, filling);
  });
  REQUIRE(fitting.size() == kFrameBytesMax);
  CHECK(rewrite_frame(fitting));
  fitting.push_back(0);
  const auto refused = rewrite_frame(fitting);
  check_refused(refused, ErrorCode::frame_too_large);
  CHECK(refused.error().fact("actual") == std::to_string(kFrameBytesMax + 1));
}

TEST_CASE("a frame of fewer than three bytes is refused as cut") {
  check_refused(read_frame({}), ErrorCode::frame_malformed);
  check_refused(read_frame(Buffer{1}), ErrorCode::frame_malformed);
  check_refused(read_frame(Buffer{1, 1}), ErrorCode::frame_malformed);
  CHECK(read_frame(Buffer{1, 1, 0x80}));
}

TEST_CASE("each of the 256 kinds is known, reserved for bulk, or unknown") {
  for (int kind = 0; kind < 256; ++kind) {
    INFO(kind);
    const auto frame = read_frame(Buffer{static_cast<std::uint8_t>(kind), kVersion, 0x80});
    const bool known = (kind >= 1 && kind <= 7) || (kind >= 65 && kind <= 72);
    const bool bulk = (kind >= 32 && kind <= 47) || (kind >= 96 && kind <= 111);
    if (known) {
      CHECK(frame);
    } else {
      check_refused(frame, bulk ? ErrorCode::bulk_reserved : ErrorCode::message_kind_unknown);
    }
  }
}

TEST_CASE("another protocol version is refused") {
  check_refused(read_frame(Buffer{1, 0, 0x80}), ErrorCode::version_unsupported);
  check_refused(read_frame(Buffer{1, kVersion + 1, 0x80}), ErrorCode::version_unsupported);
}

TEST_CASE("an unknown field 127 is refused and an unknown field 128 is ignored") {
  const auto nil = [](Packer& p) { p.pack_nil(); };
  const auto refused = rewrite_frame(heartbeat_with(127, nil));
  check_refused(refused, ErrorCode::field_unknown);
  CHECK(refused.error().fact("actual") == "127");
  CHECK(rewrite_frame(heartbeat_with(128, nil)));
  CHECK(rewrite_frame(heartbeat_with(UINT64_MAX, nil)));
}

TEST_CASE("an ignored field may nest 32 levels and is refused at 33") {
  CHECK(rewrite_frame(heartbeat_with(128, [](Packer& p) { pack_nested(p, 32); })));
  check_refused(rewrite_frame(heartbeat_with(128, [](Packer& p) { pack_nested(p, 33); })),
                ErrorCode::frame_malformed);
  check_refused(rewrite_frame(heartbeat_with(128, [](Packer& p) { pack_nested(p, 100'000); })),
                ErrorCode::frame_malformed);
}

TEST_CASE("fields out of order, fields that come twice and keys that are no unsigned integers are refused") {
  const auto two = [](std::int64_t first, std::int64_t second) {
    return frame_of(Kind::heartbeat, [&](Packer& p) {
      p.pack_map(2);
      p.pack_int64(first);
      p.pack_int64(0);
      p.pack_int64(second);
      p.pack_int64(0);
    });
  };
  CHECK(rewrite_frame(two(1, 128)));
  for (const auto& [first, second] : {std::pair{128, 1}, {1, 1}, {128, 128}, {129, 128}, {-1, 1}, {1, -5}})
    check_refused(rewrite_frame(two(first, second)), ErrorCode::frame_malformed);
  check_refused(rewrite_frame(frame_of(Kind::heartbeat,
                                       [](Packer& p) {
                                         p.pack_map(1);
                                         pack_text(p, "1");
                                         p.pack_int64(0);
                                       })),
                ErrorCode::frame_malformed);
}

TEST_CASE("a payload that is no map is refused") {
  for (const int start : {0x90, 0xa0, 0x01, 0xc0, 0xc1, 0xc4, 0xca, 0xd4})
    check_refused(rewrite_frame(Buffer{5, kVersion, static_cast<std::uint8_t>(start)}), ErrorCode::frame_malformed);
}

TEST_CASE("containers that announce 2^32 - 1 elements are refused at once") {
  const Buffer map{5, kVersion, 0xdf, 0xff, 0xff, 0xff, 0xff};
  check_refused(rewrite_frame(map), ErrorCode::frame_malformed);
  const Buffer credentials{69, kVersion, 0x81, 0x01, 0xdd, 0xff, 0xff, 0xff, 0xff};
  check_refused(rewrite_frame(credentials), ErrorCode::frame_malformed);
  const Buffer ignored{5, kVersion, 0x82, 0x01, 0x00, 0xcc, 0x80, 0xdd, 0xff, 0xff, 0xff, 0xff};
  check_refused(rewrite_frame(ignored), ErrorCode::frame_malformed);
  const Buffer binary{5, kVersion, 0x82, 0x01, 0x00, 0xcc, 0x80, 0xc6, 0xff, 0xff, 0xff, 0xff};
  check_refused(rewrite_frame(binary), ErrorCode::frame_malformed);
}

TEST_CASE("integers are read in any encoding that holds them") {
  for (const Buffer& zero : {Buffer{0x00}, Buffer{0xcc, 0}, Buffer{0xd3, 0, 0, 0, 0, 0, 0, 0, 0}}) {
    Buffer frame{5, kVersion, 0x81, 0xcd, 0x00, 0x01};
    append(frame, zero);
    CHECK(rewrite_frame(frame));
  }
}

TEST_CASE("text that is no UTF-8 is refused") {
  Buffer frame = frame_of(Kind::credential, [](Packer& p) {
    p.pack_map(2);
    p.pack_uint8(1);
    p.pack_uint8(1);
    p.pack_uint8(2);
    pack_text(p, "\xc3\x28");
  });
  check_refused(rewrite_frame(frame), ErrorCode::frame_malformed);
}

TEST_CASE("an error has at most 16 facts with names of 64 and values of 4096 bytes") {
  const auto goodbye = [](std::size_t count, std::size_t name_bytes, std::size_t value_bytes) {
    return frame_of(Kind::goodbye, [&](Packer& p) {
      p.pack_map(2);
      p.pack_uint8(1);
      pack_text(p, "hub-stopping");
      p.pack_uint8(2);
      p.pack_map(static_cast<std::uint32_t>(count));
      for (std::size_t i = 0; i < count; ++i) {
        pack_text(p, std::string(name_bytes, static_cast<char>('a' + i)));
        pack_text(p, std::string(value_bytes, 'v'));
      }
    });
  };
  CHECK(rewrite_frame(goodbye(kFactsMax, kNameBytesMax, kFactBytesMax)));
  check_refused(rewrite_frame(goodbye(kFactsMax + 1, 1, 1)), ErrorCode::frame_malformed);
  check_refused(rewrite_frame(goodbye(1, kNameBytesMax + 1, 1)), ErrorCode::frame_malformed);
  check_refused(rewrite_frame(goodbye(1, 1, kFactBytesMax + 1)), ErrorCode::frame_malformed);
}

TEST_CASE("facts that are too many or too long are cut when written, between characters") {
  std::vector<Fact> facts;
  for (int i = 0; i < 20; ++i) facts.push_back({"fact" + std::to_string(i), "value"});
  std::string text = "x";  // one byte, so that the limit falls into a character
  while (text.size() < kFactBytesMax + 10) text += "ệ";
  facts[0].value = text;
  Buffer frame;
  write(frame, Goodbye{Error{ErrorCode::hub_stopping, facts}});
  const auto read = read_goodbye(read_frame(frame)->payload);
  REQUIRE(read);
  REQUIRE(read->reason->facts.size() == kFactsMax);
  const std::string& kept = read->reason->facts[0].value;
  CHECK(kept.size() <= kFactBytesMax);
  CHECK(kept.size() > kFactBytesMax - 4);
  CHECK(text.starts_with(kept));
}

}  // namespace
}  // namespace hub::wire
