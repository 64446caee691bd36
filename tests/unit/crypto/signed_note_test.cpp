#include "hub/crypto/signed_note.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

namespace hub::crypto {
namespace {

// The worked example of Go's package sumdb/note.
const std::string kGoKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string kGoText =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const std::string kGoNote =
    kGoText +
    "\n\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

SigningKey key_of(std::uint8_t seed) {
  Bytes<32> bytes{};
  bytes[0] = seed;
  return SigningKey::from_seed(bytes);
}
NoteKey note_key(const std::string& name, std::uint8_t seed) { return {name, key_of(seed).public_key()}; }

const std::string kText = "hub.example\n7\nhello\n";
const std::vector<NoteKey> kTrusted = {note_key("hub.example", 1)};
std::string signed_once() { return sign_note(kText, "hub.example", key_of(1)); }
std::string signature_lines(const std::string& note) { return note.substr(note.rfind("\n\n") + 2); }

void check_invalid_note(const std::string& note, const std::string& line, std::span<const NoteKey> trusted = kTrusted) {
  const auto text = open_note(note, trusted);
  REQUIRE_FALSE(text.has_value());
  CHECK(text.error().code == ErrorCode::note_invalid);
  CHECK(text.error().fact("line") == line);
}

}  // namespace

TEST_CASE("a note signed by another implementation opens with its verifier key") {
  const auto key = parse_verifier_key(kGoKey);
  REQUIRE(key);
  CHECK(key->name == "PeterNeumann");
  CHECK(verifier_key(*key) == kGoKey);
  CHECK(open_note(kGoNote, std::span(&*key, 1)).value() == kGoText);
}

TEST_CASE("the note and the verifier key of fixed keys stay as they are") {
  CHECK(verifier_key(kTrusted[0]) == "hub.example+2cf5534e+Ac7MFQfcHd1ylZUcKQiI8JWtuQRNG3PWlubfBl1oO9T8");
  CHECK(signed_once() ==
        kText +
            "\n\u2014 hub.example "
            "LPVTThrH5VPj6ZAtMX/o2aof3uUc4Ts/SmJh7LYLtoIC8sufgD00+8uMp+gV/H8SiY0vCXPF9UtwAOIbZN5Sdn69Sgw=\n");
  CHECK(open_note(signed_once(), kTrusted).value() == kText);
}

TEST_CASE("a verifier key in another spelling is refused") {
  const std::string good = verifier_key(kTrusted[0]);
  const std::size_t id = good.find('+') + 1;
  std::string upper = good, other_id = good;
  for (std::size_t i = id; i < id + 8; ++i) upper[i] = static_cast<char>(std::toupper(upper[i]));
  other_id[id] = other_id[id] == '0' ? '1' : '0';
  const std::string other_kind = good.substr(0, id + 9) + "BA" + good.substr(id + 11);
  REQUIRE(upper != good);
  for (const std::string& text :
       {std::string(), std::string("hub.example"), good + "A", good + "\n", " " + good, good.substr(0, good.size() - 4),
        good.substr(id - 1), upper, other_id, other_kind, "other" + good}) {
    INFO(text);
    const auto key = parse_verifier_key(text);
    REQUIRE_FALSE(key.has_value());
    CHECK(key.error().code == ErrorCode::verifier_key_invalid);
  }
}

TEST_CASE("a name with a space, a plus or a control character is no key name") {
  for (const char* name : {"hub.example", "sổ-ghi.gov.vn/2026", "a"}) CHECK(is_note_name(name));
  for (const char* name : {"", "a b", "a+b", "a\nb", "a\tb", "a\u00a0b", "a\u2003b", "a\u3000b", "a\u2028", "\xff"})
    CHECK_FALSE(is_note_name(name));
}

TEST_CASE("while tree keys overlap, a note opens with the old key, the new one, or both") {
  const std::vector<NoteSigner> signers = {{"hub.example", key_of(1)}, {"hub.example", key_of(2)}};
  const std::string note = sign_note(kText, signers);
  const std::vector<NoteKey> old_key = {note_key("hub.example", 1)}, new_key = {note_key("hub.example", 2)};
  const std::vector<NoteKey> both = {old_key[0], new_key[0]};
  CHECK(open_note(note, old_key).value() == kText);
  CHECK(open_note(note, new_key).value() == kText);
  CHECK(open_note(note, both).value() == kText);
  CHECK(open_note(signed_once(), both).value() == kText);
}

TEST_CASE("a note that no trusted key signed is not trusted, and the error names who signed") {
  const auto other_key = open_note(signed_once(), std::vector{note_key("hub.example", 2)});
  REQUIRE_FALSE(other_key.has_value());
  CHECK(other_key.error().code == ErrorCode::note_untrusted);
  CHECK(other_key.error().fact("signers") == verifier_key(kTrusted[0]).substr(0, 20));
  CHECK(other_key.error().fact("trusted") == verifier_key(note_key("hub.example", 2)).substr(0, 20));
  const auto other_name = open_note(signed_once(), std::vector{note_key("hub.examplf", 1)});
  REQUIRE_FALSE(other_name.has_value());
  CHECK(other_name.error().code == ErrorCode::note_untrusted);
  CHECK(open_note(signed_once(), {}).error().code == ErrorCode::note_untrusted);
}

TEST_CASE("a trusted key's wrong signature spoils a note that another trusted key signed rightly") {
  const std::vector<NoteKey> both = {kTrusted[0], note_key("witness.example", 9)};
  const std::string foreign = signature_lines(sign_note("another text\n", "witness.example", key_of(9)));
  check_invalid_note(signed_once() + foreign, "6", both);
  CHECK(open_note(signed_once() + foreign, kTrusted).value() == kText);
}

TEST_CASE("a repeated signature is taken when it is right and refused when it is wrong") {
  const std::string right = signature_lines(signed_once());
  const std::string wrong = signature_lines(sign_note("another text\n", "hub.example", key_of(1)));
  CHECK(open_note(signed_once() + right, kTrusted).value() == kText);
  check_invalid_note(signed_once() + wrong, "6");
}

TEST_CASE("a signature of another kind with a trusted key's name and id is wrong, of another id ignored") {
  const std::string line = signature_lines(signed_once());
  const auto bytes = from_base64(line.substr(line.rfind(' ') + 1, line.size() - line.rfind(' ') - 2));
  Buffer longer = *bytes, other = *bytes;
  longer.push_back(0);
  other[0] ^= 1;
  other.resize(3000);
  check_invalid_note(signed_once() + "\u2014 hub.example " + to_base64(longer) + "\n", "6");
  CHECK(open_note(signed_once() + "\u2014 hub.example " + to_base64(other) + "\n", kTrusted).value() == kText);
}

TEST_CASE("the text ends at the last blank line") {
  const std::string text = "one\n\n\u2014 not.a.signature AAAA\n\ntwo\n";
  CHECK(open_note(sign_note(text, "hub.example", key_of(1)), kTrusted).value() == text);
}

TEST_CASE("what is not a signed note is refused with its line") {
  const std::string note = signed_once(), line = signature_lines(note);
  check_invalid_note("", "1");
  check_invalid_note("\n\n", "2");
  check_invalid_note(kText, "3");
  check_invalid_note(kText + "\n", "4");
  check_invalid_note(note.substr(0, note.size() - 1), "1");
  check_invalid_note(note + "\n", "6");
  check_invalid_note(note + "- hub.example AAAAAAAA\n", "6");
  check_invalid_note(note + "\u2014 hub.example\n", "6");
  check_invalid_note(note + "\u2014  AAAAAAAA\n", "6");
  check_invalid_note(note + "\u2014 a+b AAAAAAAA\n", "6");
  check_invalid_note(note + "\u2014 unknown.example AAAAAA==\n", "6");  // a key id and nothing signed
  check_invalid_note(note + "\u2014 unknown.example AAAAAAB=\n", "6");  // not the base64 of anything
  check_invalid_note(note + "\u2014 unknown.example AAAAAAAA \n", "6");
  check_invalid_note("a\tb\n\n" + line, "1");
  check_invalid_note("a\r\n\n" + line, "1");
  check_invalid_note(std::string("a\0b\n\n", 5) + line, "1");
  check_invalid_note("\xc3\n\n" + line, "1");
}

TEST_CASE("a note may have 64 signatures and 256 KiB, and no more") {
  const std::string other = "\u2014 unknown.example AAAAAAAA\n";
  std::string note = signed_once();
  for (std::size_t i = 1; i < kNoteSignaturesMax; ++i) note += other;
  CHECK(open_note(note, kTrusted).value() == kText);
  check_invalid_note(note + other, std::to_string(5 + kNoteSignaturesMax));
  const std::size_t around = signed_once().size() - kText.size();
  const std::string text = std::string(kNoteBytesMax - around - 1, 'a') + "\n";
  CHECK(open_note(sign_note(text, "hub.example", key_of(1)), kTrusted).value() == text);
  check_invalid_note(sign_note("a" + text, "hub.example", key_of(1)), "1");
}

TEST_CASE("a note with any bit changed never opens") {
  CHECK(rc::check([] {
    std::string note = signed_once();
    const auto at = *rc::gen::inRange<std::size_t>(0, note.size());
    note[at] = static_cast<char>(note[at] ^ 1 << *rc::gen::inRange(0, 8));
    RC_ASSERT(!open_note(note, kTrusted));
  }));
}

}  // namespace hub::crypto
