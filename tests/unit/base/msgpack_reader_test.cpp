#include "hub/base/msgpack_reader.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <msgpack.hpp>

namespace hub {
namespace {

class Packed {
 public:
  template <class T>
  explicit Packed(const T& value) {
    BufferStream stream{bytes_};
    msgpack::packer<BufferStream>(stream).pack(value);
  }
  MsgpackReader reader() const { return MsgpackReader(bytes_); }
  const Buffer& bytes() const { return bytes_; }

 private:
  Buffer bytes_;
};

// Every proper prefix of a value reads as nothing, and leaves the reader where it was.
template <class Read>
void check_prefixes(const Buffer& bytes, Read read) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const Buffer cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(i));
    MsgpackReader reader(cut);
    REQUIRE_FALSE(read(reader));
    REQUIRE(reader.offset() == 0);
  }
}

Buffer nested(int depth) {
  Buffer bytes(static_cast<std::size_t>(depth), 0x91);
  bytes.push_back(0xc0);
  return bytes;
}

}  // namespace

TEST_CASE("integers read back as the library packs them, at every edge of every width") {
  using Signed = std::numeric_limits<std::int64_t>;
  for (const std::int64_t edge :
       {0L,     127L,        128L,        255L,        256L,        32767L,        32768L,       65535L,
        65536L, 2147483647L, 2147483648L, 4294967295L, 4294967296L, Signed::max(), -1L,          -32L,
        -33L,   -128L,       -129L,       -32768L,     -32769L,     -2147483648L,  -2147483649L, Signed::min()}) {
    const Packed packed(edge);
    auto as_int = packed.reader(), as_uint = packed.reader();
    CHECK(as_int.peek() == MsgpackReader::Kind::integer);
    CHECK(as_int.read_int() == edge);
    CHECK(as_int.at_end());
    const auto read = as_uint.read_uint();
    CHECK(read.has_value() == (edge >= 0));
    CHECK(as_uint.at_end() == (edge >= 0));
    if (edge >= 0) CHECK(*read == static_cast<std::uint64_t>(edge));
    check_prefixes(packed.bytes(), [](MsgpackReader& r) { return r.read_int().has_value(); });
  }
  const Packed largest(UINT64_MAX);
  CHECK(largest.reader().read_uint() == UINT64_MAX);
  CHECK_FALSE(largest.reader().read_int());
}

TEST_CASE("a non-negative integer in a signed encoding reads as unsigned") {
  const Buffer bytes = {0xd3, 0, 0, 0, 0, 0, 0, 0, 5};
  CHECK(MsgpackReader(bytes).read_uint() == 5u);
}

TEST_CASE("strings and binaries read back at every edge of every width") {
  for (const std::size_t size : {0u, 1u, 31u, 32u, 255u, 256u, 65535u, 65536u}) {
    const Packed text(std::string(size, 'x'));
    CHECK(text.reader().read_string() == std::string(size, 'x'));
    CHECK_FALSE(text.reader().read_binary());
    const Packed binary(std::vector<char>(size, 'y'));
    const auto read = binary.reader().read_binary();
    REQUIRE(read);
    CHECK(read->size() == size);
    CHECK_FALSE(binary.reader().read_string());
  }
  check_prefixes(Packed(std::string(40, 'x')).bytes(), [](MsgpackReader& r) { return r.read_string().has_value(); });
}

TEST_CASE("floats, booleans and nil read back, and as nothing else") {
  CHECK(Packed(1.5).reader().read_float() == 1.5);
  CHECK(Packed(1.5f).reader().read_float() == 1.5);
  CHECK(Packed(true).reader().read_bool() == true);
  CHECK(Packed(false).reader().read_bool() == false);
  CHECK(Packed(msgpack::type::nil_t{}).reader().read_nil());
  CHECK_FALSE(Packed(1).reader().read_float());
  CHECK_FALSE(Packed(1).reader().read_bool());
  CHECK_FALSE(Packed(true).reader().read_nil());
}

TEST_CASE("arrays and maps read their counts and then their elements") {
  const Packed array(std::vector<int>{1, 2, 3});
  auto reader = array.reader();
  CHECK(reader.read_array() == 3u);
  for (int i = 1; i <= 3; ++i) CHECK(reader.read_int() == i);
  CHECK(reader.at_end());
  CHECK(Packed(std::map<std::string, int>{{"a", 1}}).reader().read_map() == 1u);
  CHECK(Packed(std::vector<int>(70000, 1)).reader().read_array() == 70000u);
}

TEST_CASE("a container that announces more elements than bytes remain is refused at once") {
  CHECK_FALSE(MsgpackReader(Buffer{0xdd, 0xff, 0, 0, 0}).read_array());
  CHECK_FALSE(MsgpackReader(Buffer{0xdf, 0xff, 0, 0, 0}).read_map());
  CHECK_FALSE(MsgpackReader(Buffer{0x92, 1}).read_array());
  CHECK(MsgpackReader(Buffer{0x92, 1, 2}).read_array() == 2u);
  CHECK_FALSE(MsgpackReader(Buffer{0x81, 1}).read_map());
  CHECK_FALSE(MsgpackReader(Buffer{0xc6, 0xff, 0xff, 0xff, 0xff}).read_binary());
}

TEST_CASE("skipping goes as deep as the limit and no deeper") {
  const Buffer at_limit = nested(MsgpackReader::kDepthMax), over = nested(MsgpackReader::kDepthMax + 1);
  MsgpackReader good(at_limit), bad(over);
  CHECK(good.skip());
  CHECK(good.at_end());
  CHECK_FALSE(bad.skip());
}

TEST_CASE("skipping passes over every kind of value, and read_raw gives its bytes") {
  const std::vector<Buffer> values = {{0xc0},
                                      {0xc3},
                                      {0x07},
                                      {0xcd, 1, 2},
                                      {0xd2, 1, 2, 3, 4},
                                      {0xca, 0, 0, 0, 0},
                                      {0xcb, 0, 0, 0, 0, 0, 0, 0, 0},
                                      {0xa2, 'a', 'b'},
                                      {0xc4, 1, 9},
                                      {0x92, 1, 2},
                                      {0x81, 0xa1, 'k', 1},
                                      {0xd4, 1, 2},
                                      {0xd8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                                      {0xc7, 2, 5, 1, 2},
                                      {0xc8, 0, 1, 5, 1},
                                      {0xc9, 0, 0, 0, 0, 5}};
  for (const Buffer& value : values) {
    Buffer bytes = value;
    bytes.push_back(0x2a);
    MsgpackReader reader(bytes);
    const auto raw = reader.read_raw();
    REQUIRE(raw);
    CHECK(equal(*raw, value));
    CHECK(reader.read_int() == 42);
    check_prefixes(value, [](MsgpackReader& r) { return r.read_raw().has_value(); });
  }
  CHECK_FALSE(MsgpackReader(Buffer{0xc1}).skip());
  CHECK_FALSE(MsgpackReader(Buffer{}).skip());
  CHECK(MsgpackReader(Buffer{0xc1}).peek() == MsgpackReader::Kind::malformed);
  CHECK(MsgpackReader(Buffer{}).peek() == MsgpackReader::Kind::end);
}

TEST_CASE("UTF-8 is that of RFC 3629") {
  for (const char* good : {"", "a", "Ban Tuyên giáo Tỉnh ủy Lâm Đồng", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xe0\xa0\x80", "\xc2\x80",
                           "12345678\xc2\x80"
                           "12345678"})
    CHECK(is_utf8(good));
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
                          "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "12345678\x80",
                          "1234567\xc2"
                          "8"})
    CHECK_FALSE(is_utf8(bad));
  MsgpackReader reader(Buffer{});
  const Buffer broken = {0xa1, 0xff};
  reader = MsgpackReader(broken);
  CHECK_FALSE(reader.read_string());
  CHECK(reader.offset() == 0);
}

}  // namespace hub
