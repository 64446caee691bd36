// Whatever arrives is read or refused: never a crash, never a read beyond the bytes (the sanitizer build shows those,
// as every case here hands over a buffer of exactly its size).
#include <cstdlib>
#include <random>

#include "tests/unit/wire/hand_made.hpp"
#include "tests/unit/wire/samples.hpp"

namespace hub::wire {
namespace {

TEST_CASE("a sample frame that is cut at any byte is refused as malformed") {
  for (const samples::Sample& sample : samples::frames()) {
    INFO(sample.name);
    REQUIRE(rewrite_frame(sample.frame));
    for (std::size_t size = 0; size < sample.frame.size(); ++size) {
      const Buffer cut(sample.frame.begin(), sample.frame.begin() + static_cast<std::ptrdiff_t>(size));
      const auto refused = rewrite_frame(cut);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().code == ErrorCode::frame_malformed);
    }
  }
}

TEST_CASE("a sample frame with bytes after its map is refused") {
  for (const samples::Sample& sample : samples::frames()) {
    INFO(sample.name);
    for (const std::uint8_t byte : std::initializer_list<std::uint8_t>{0x00, 0x80, 0xc0, 0xff}) {
      Buffer longer = sample.frame;
      longer.push_back(byte);
      check_refused(rewrite_frame(longer), ErrorCode::frame_malformed);
    }
  }
}

// What is read from damaged bytes is written and read again the same.
void check_stable(ByteView bytes) {
  const auto once = rewrite_frame(bytes);
  if (!once) return;
  const auto twice = rewrite_frame(*once);
  REQUIRE(twice);
  REQUIRE(*twice == *once);
}

TEST_CASE("a sample frame with any one byte changed is refused or read to a message that comes back") {
  for (const samples::Sample& sample : samples::frames()) {
    INFO(sample.name);
    for (std::size_t at = 0; at < sample.frame.size(); ++at)
      for (const std::uint8_t flip : std::initializer_list<std::uint8_t>{0x01, 0x10, 0x80, 0xff}) {
        Buffer changed = sample.frame;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ flip);
        check_stable(changed);
      }
  }
}

TEST_CASE("random bytes after each kind are refused or read to a message that comes back") {
  std::mt19937_64 random(20'240'312);
  const std::uint8_t kinds[] = {1, 2, 3, 4, 5, 6, 32, 33, 34, 35, 65, 66, 67, 68, 69, 70, 71, 96, 97, 98, 99, 100};
  for (int round = 0; round < 40'000; ++round) {
    Buffer bytes(2 + random() % 40);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    bytes[0] = kinds[random() % std::size(kinds)];
    bytes[1] = kVersion;
    if (bytes.size() > 4) {  // else hardly any would get past the map
      bytes[2] = static_cast<std::uint8_t>(0x80 | (random() & 3));
      bytes[3] = static_cast<std::uint8_t>(random() & 3);
    }
    check_stable(bytes);
  }
}

}  // namespace
}  // namespace hub::wire
