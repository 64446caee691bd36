#include "hub/crypto/digest.hpp"

#include <catch2/catch.hpp>

namespace hub::crypto {

TEST_CASE("SHA-256 gives the answers of FIPS 180-4's examples") {
  CHECK(to_hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256(as_bytes("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("SHA-256 in parts is SHA-256 of the whole") {
  Buffer bytes(300);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
    REQUIRE(Sha256().add(ByteView(bytes).first(cut)).add(ByteView(bytes).subspan(cut)).finish() == sha256(bytes));
}

TEST_CASE("CRC32C gives the answers of RFC 3720 appendix B.4") {
  Buffer bytes(32, 0);
  CHECK(crc32c(bytes) == 0x8a9136aa);
  bytes.assign(32, 0xff);
  CHECK(crc32c(bytes) == 0x62a8ab43);
  for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  CHECK(crc32c(bytes) == 0x46dd794e);
  for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>(31 - i);
  CHECK(crc32c(bytes) == 0x113fdb5c);
  CHECK(crc32c(as_bytes("123456789")) == 0xe3069283);
  CHECK(crc32c({}) == 0);
}

TEST_CASE("CRC32C in parts is CRC32C of the whole, at every cut and alignment") {
  Buffer bytes(64);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + 5);
  for (std::size_t start = 0; start < 9; ++start) {
    const ByteView whole = ByteView(bytes).subspan(start);
    for (std::size_t cut = 0; cut <= whole.size(); ++cut)
      REQUIRE(crc32c(whole.subspan(cut), crc32c(whole.first(cut))) == crc32c(whole));
  }
}

}  // namespace hub::crypto
