#include "hub/crypto/checkpoint.hpp"

#include <catch2/catch.hpp>

namespace hub::crypto {
namespace {

const std::string kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
const std::string kEmptyRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

void check_invalid_checkpoint(const std::string& text, const std::string& line) {
  INFO(text);
  const auto checkpoint = parse_checkpoint(text);
  REQUIRE_FALSE(checkpoint.has_value());
  CHECK(checkpoint.error().code == ErrorCode::checkpoint_invalid);
  CHECK(checkpoint.error().fact("line") == line);
}

}  // namespace

TEST_CASE("a checkpoint is written as its text and read back") {
  const std::string text = "hub.example/so-ghi\n20852163\n" + kRoot + "\n";
  const auto checkpoint = parse_checkpoint(text);
  REQUIRE(checkpoint);
  CHECK(checkpoint->origin == "hub.example/so-ghi");
  CHECK(checkpoint->size == 20852163);
  CHECK(to_base64(checkpoint->root) == kRoot);
  CHECK(checkpoint_text(*checkpoint) == text);
  CHECK(checkpoint_text({"hub.example", 0, empty_root()}) == "hub.example\n0\n" + kEmptyRoot + "\n");
}

TEST_CASE("extension lines of other logs are passed over, empty ones are refused") {
  const std::string text = "hub.example\n3\n" + kRoot + "\n";
  CHECK(parse_checkpoint(text + "more\n").value() == parse_checkpoint(text).value());
  check_invalid_checkpoint(text + "\n", "4");
  check_invalid_checkpoint(text + "more\n\n", "5");
  check_invalid_checkpoint(text + "more", "4");
}

TEST_CASE("a checkpoint in another spelling is refused with its line") {
  check_invalid_checkpoint("", "1");
  check_invalid_checkpoint("\n3\n" + kRoot + "\n", "1");
  check_invalid_checkpoint("hub.example", "1");
  check_invalid_checkpoint("hub.example\n", "2");
  for (const char* size : {"", "03", "00", "+3", "-3", " 3", "3 ", "3.0", "0x3", "\u0663", "18446744073709551616"})
    check_invalid_checkpoint("hub.example\n" + std::string(size) + "\n" + kRoot + "\n", "2");
  check_invalid_checkpoint("hub.example\n3\n" + kRoot, "3");
  check_invalid_checkpoint("hub.example\n3\n" + kRoot.substr(0, 43) + "\n", "3");
  check_invalid_checkpoint("hub.example\n3\n" + kRoot + "AAAA\n", "3");
  check_invalid_checkpoint("hub.example\n3\n" + kRoot.substr(0, 42) + "J=\n", "3");  // bits after the last byte
  check_invalid_checkpoint("hub.example\n0\n" + kRoot + "\n", "3");
}

TEST_CASE("a tree may have 2^63-1 records, and no more") {
  CHECK(parse_checkpoint("hub.example\n9223372036854775807\n" + kRoot + "\n").value().size == kTreeSizeMax);
  check_invalid_checkpoint("hub.example\n9223372036854775808\n" + kRoot + "\n", "2");
}

TEST_CASE("a checkpoint opens for its own origin and key alone") {
  const SigningKey key = SigningKey::generate();
  const std::vector<NoteKey> trusted = {{"hub.example", key.public_key()}};
  const Checkpoint checkpoint{"hub.example", 5, leaf_hash(as_bytes("root"))};
  const std::string note = sign_note(checkpoint_text(checkpoint), "hub.example", key);
  CHECK(open_checkpoint(note, "hub.example", trusted).value() == checkpoint);
  const auto other_origin = open_checkpoint(note, "hub.exampl", trusted);
  REQUIRE_FALSE(other_origin.has_value());
  CHECK(other_origin.error().code == ErrorCode::checkpoint_invalid);
  CHECK(other_origin.error().fact("reason") == "the origin is hub.example, not hub.exampl");
  const std::vector<NoteKey> other_key = {{"hub.example", SigningKey::generate().public_key()}};
  CHECK(open_checkpoint(note, "hub.example", other_key).error().code == ErrorCode::note_untrusted);
  const std::string no_checkpoint = sign_note("hub.example\nfive\n", "hub.example", key);
  CHECK(open_checkpoint(no_checkpoint, "hub.example", trusted).error().code == ErrorCode::checkpoint_invalid);
}

}  // namespace hub::crypto
