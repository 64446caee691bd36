#include "hub/crypto/tlog_proof.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/support/tree_rows.hpp"

namespace hub::crypto {
namespace {

const SigningKey& tree_key() {
  static const SigningKey key = SigningKey::from_seed({1});
  return key;
}
const std::vector<NoteKey>& trusted() {
  static const std::vector<NoteKey> keys = {{"hub.example", tree_key().public_key()}};
  return keys;
}
Digest leaf_at(std::size_t index) { return leaf_hash(as_bytes(std::to_string(index))); }

TlogProof proof_of(std::uint64_t index, std::uint64_t size, Buffer extra = {}) {
  TreeRows rows;
  for (std::size_t i = 0; i < size; ++i) rows.add(leaf_at(i));
  const Checkpoint checkpoint{"hub.example", size, root(rows, size).value()};
  return {std::move(extra), index, inclusion_proof(rows, index, size).value(),
          sign_note(checkpoint_text(checkpoint), "hub.example", tree_key())};
}

Result<Checkpoint> check(const TlogProof& proof, const Digest& leaf) {
  return check_tlog_proof(proof, leaf, "hub.example", trusted());
}

void check_invalid_proof(const std::string& text, const std::string& line) {
  INFO(text.substr(0, 500));
  const auto proof = read_tlog_proof(text);
  REQUIRE_FALSE(proof.has_value());
  CHECK(proof.error().code == ErrorCode::proof_invalid);
  CHECK(proof.error().fact("line") == line);
}

const std::string kHash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

}  // namespace

TEST_CASE("the proof file of fixed keys and leaves stays as it is") {
  const std::string golden =
      "c2sp.org/tlog-proof@v1\n"
      "extra AAEC/w==\n"
      "index 1\n"
      "2zQm6HgGjSjSabbIcXIyLOU3K2V1bQeJAB00g19gHAM=\n"
      "+mHj3sNDlYn0eEyJO/Mh0AhPBMVyx68raOPzNgo1tIY=\n"
      "\n"
      "hub.example\n3\ncl1SMNto9VdHDcNfHYhlgTrNfrsHrRUndBQd7LrnEyc=\n"
      "\n"
      "\u2014 hub.example "
      "LPVTTi/rNIrZj+jIVtMhQIlN2f6eTz27Dw1oDG47Qr6+v5BpRAYJTceYtZo+5+J4Zqm4mH6tCubujKRfnmKKr9rE9Ak=\n";
  const TlogProof proof = proof_of(1, 3, {0, 1, 2, 255});
  CHECK(write_tlog_proof(proof) == golden);
  CHECK(read_tlog_proof(golden).value() == proof);
}

TEST_CASE("a proof with and without extra data and hashes reads back and proves") {
  for (const auto& [index, size] : {std::pair<std::uint64_t, std::uint64_t>{0, 1}, {0, 2}, {300, 301}, {299, 600}})
    for (const Buffer& extra : {Buffer{}, Buffer{'\n'}, Buffer(1000, 7)}) {
      const TlogProof proof = proof_of(index, size, extra);
      CHECK(read_tlog_proof(write_tlog_proof(proof)).value() == proof);
      CHECK(check(proof, leaf_at(index)).value().size == size);
    }
}

TEST_CASE("a proof of another leaf, place, tree, origin or key proves nothing") {
  const TlogProof proof = proof_of(5, 9);
  CHECK(check(proof, leaf_at(6)).error().code == ErrorCode::proof_invalid);
  TlogProof other = proof;
  other.index = 4;
  CHECK(check(other, leaf_at(5)).error().code == ErrorCode::proof_invalid);
  other.index = 9;
  CHECK(check(other, leaf_at(5)).error().fact("reason") == "the checkpoint's tree has only 9 records");
  other = proof;
  other.checkpoint = proof_of(5, 10).checkpoint;
  CHECK(check(other, leaf_at(5)).error().code == ErrorCode::proof_invalid);
  const auto other_origin = check_tlog_proof(proof, leaf_at(5), "other.example", trusted());
  CHECK(other_origin.error().code == ErrorCode::checkpoint_invalid);
  const std::vector<NoteKey> other_key = {{"hub.example", SigningKey::from_seed({2}).public_key()}};
  CHECK(check_tlog_proof(proof, leaf_at(5), "hub.example", other_key).error().code == ErrorCode::note_untrusted);
}

TEST_CASE("a proof file with any bit changed outside its extra data proves nothing") {
  CHECK(rc::check([] {
    std::string text = write_tlog_proof(proof_of(5, 9));
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] = static_cast<char>(text[at] ^ 1 << *rc::gen::inRange(0, 8));
    const auto proof = read_tlog_proof(text);
    const bool proves = proof && check(*proof, leaf_at(5));  // the macro's own || would look at both sides
    RC_ASSERT_FALSE(proves);
  }));
}

TEST_CASE("a cut proof file proves nothing") {
  const std::string text = write_tlog_proof(proof_of(5, 9, {1, 2, 3}));
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto proof = read_tlog_proof(std::string_view(text).substr(0, size));
    REQUIRE((!proof || !check(*proof, leaf_at(5))));
  }
}

TEST_CASE("a proof file in another spelling is refused with its line") {
  const std::string head = "c2sp.org/tlog-proof@v1\n", note = "hub.example\n";
  REQUIRE(read_tlog_proof(head + "index 0\n\n" + note));
  REQUIRE(read_tlog_proof(head + "extra AA==\nindex 0\n" + kHash + "\n\n" + note));
  check_invalid_proof("", "1");
  check_invalid_proof("c2sp.org/tlog-proof@v2\nindex 0\n\n" + note, "1");
  check_invalid_proof(" " + head + "index 0\n\n" + note, "1");
  check_invalid_proof("c2sp.org/tlog-proof@v1\r\nindex 0\n\n" + note, "1");
  check_invalid_proof(head, "2");
  check_invalid_proof(head + "\n" + note, "2");
  check_invalid_proof(head + "extra \nindex 0\n\n" + note, "2");
  check_invalid_proof(head + "extra AB==\nindex 0\n\n" + note, "2");
  check_invalid_proof(head + "extra AA\nindex 0\n\n" + note, "2");
  check_invalid_proof(head + "extra AA==\nextra AA==\nindex 0\n\n" + note, "3");
  check_invalid_proof(head + "index 0\nextra AA==\n\n" + note, "3");
  for (const char* index : {"", "00", "01", "+1", "-1", " 1", "1 ", "9223372036854775808"})
    check_invalid_proof(head + "index " + index + "\n\n" + note, "2");
  check_invalid_proof(head + "index 0", "2");
  check_invalid_proof(head + "index 0\n" + kHash + "\n", "4");
  check_invalid_proof(head + "index 0\n" + kHash.substr(0, 42) + "J=\n\n" + note, "3");
  check_invalid_proof(head + "index 0\n" + kHash + "\n\n", "5");
  check_invalid_proof(head + "index 0\n" + note, "3");
}

TEST_CASE("a proof file may have 64 hashes and 1 MiB of extra data, and no more") {
  TlogProof proof{Buffer(kProofExtraBytesMax, 1), kTreeSizeMax, std::vector<Digest>(kProofHashesMax),
                  std::string(kNoteBytesMax, 'a')};
  const std::string text = write_tlog_proof(proof);
  CHECK(text.size() <= kProofFileBytesMax);
  CHECK(read_tlog_proof(text).value() == proof);
  check_invalid_proof(text + "a", "69");
  check_invalid_proof(text + std::string(kProofFileBytesMax + 1 - text.size(), 'a'), "1");
  proof.extra.clear();
  std::string small = write_tlog_proof(proof);
  small.insert(small.find("\n\n"), "\n" + kHash);
  check_invalid_proof(small, "67");
  check_invalid_proof(
      "c2sp.org/tlog-proof@v1\nextra " + to_base64(Buffer(kProofExtraBytesMax + 1, 1)) + "\nindex 0\n\na", "2");
}

}  // namespace hub::crypto
