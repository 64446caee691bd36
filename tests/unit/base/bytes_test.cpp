#include "hub/base/bytes.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "hub/base/ring.hpp"
#include "hub/base/uuid.hpp"

namespace hub {

TEST_CASE("base64 gives the answers of RFC 4648 section 10") {
  const std::pair<const char*, const char*> answers[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : answers) {
    CHECK(to_base64(as_bytes(plain)) == text);
    const auto back = from_base64(text);
    REQUIRE(back);
    CHECK(as_text(*back) == plain);
  }
}

TEST_CASE("base64 in another than the canonical form is refused") {
  for (const char* text :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm-v", "Zm_v", " Zm9", "Zg=a", "=Zg="})
    CHECK_FALSE(from_base64(text));
}

TEST_CASE("bytes come back from base64 and hexadecimal") {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    Buffer bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    REQUIRE(from_base64(to_base64(bytes)) == bytes);
    REQUIRE(from_hex(to_hex(bytes)) == bytes);
  }
  CHECK(from_hex("aF") == Buffer{0xaf});
  CHECK_FALSE(from_hex("a"));
  CHECK_FALSE(from_hex("0g"));
  CHECK_FALSE(fixed<3>(Buffer{1, 2}));
  CHECK(fixed<2>(Buffer{1, 2}) == Bytes<2>{1, 2});
}

TEST_CASE("a UUID has one spelling") {
  const std::string text = "0123abcd-4567-89ef-0011-223344556677";
  const auto uuid = parse_uuid(text);
  REQUIRE(uuid);
  CHECK(to_text(*uuid) == text);
  for (const char* bad : {"", "0123ABCD-4567-89ef-0011-223344556677", "0123abcd4567-89ef-0011-2233445566770",
                          "0123abcd-4567-89ef-0011-22334455667", "0123abcd-4567-89ef-0011-22334455667g",
                          "0123abcd-4567-89ef-0011-2233445566777", "{123abcd-4567-89ef-0011-22334455667}"})
    CHECK_FALSE(parse_uuid(bad));
}

TEST_CASE("a UUID from a digest is of version 8 and variant 10, and differs where the digest does") {
  const Buffer digest(32, 0xff);
  CHECK(to_text(uuid_from_digest(digest)) == "ffffffff-ffff-8fff-bfff-ffffffffffff");
  CHECK(to_text(uuid_from_digest(Buffer(16, 0))) == "00000000-0000-8000-8000-000000000000");
}

TEST_CASE("a ring is a queue, whatever the order of pushing and popping") {
  Ring<std::unique_ptr<int>> ring;
  std::mt19937 random(1);
  int pushed = 0, popped = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (random() % 5 < (i < 10'000 ? 3u : 2u) || ring.empty()) {
      ring.push_back(std::make_unique<int>(pushed++));
    } else {
      REQUIRE(*ring.front() == popped++);
      ring.pop_front();
    }
    REQUIRE(ring.size() == static_cast<std::size_t>(pushed - popped));
    if (!ring.empty()) {
      REQUIRE(*ring.back() == pushed - 1);
      REQUIRE(*ring[ring.size() / 2] == popped + static_cast<int>(ring.size() / 2));
    }
  }
}

}  // namespace hub
