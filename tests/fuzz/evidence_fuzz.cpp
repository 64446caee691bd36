// Any bytes as a verifier key, a checkpoint, a signed note, a tile's path, an entry bundle and a proof file: read or
// refused, and what was read is written as it was.
#include "hub/base/check.hpp"
#include "hub/crypto/tiles.hpp"
#include "hub/crypto/tlog_proof.hpp"

namespace hub::crypto {
namespace {

const NoteKey& trusted() {
  static const NoteKey key{"hub.test/so-ghi", SigningKey::from_seed({1}).public_key()};
  return key;
}

void try_all(std::string_view text) {
  if (const auto key = parse_verifier_key(text)) HUB_CHECK(verifier_key(*key) == text);
  if (const auto tile = parse_tile_path(text)) HUB_CHECK(tile_path(*tile) == text);
  if (const auto proof = read_tlog_proof(text)) HUB_CHECK(write_tlog_proof(*proof) == text);
  // A checkpoint's extension lines are passed over.
  if (const auto checkpoint = parse_checkpoint(text)) HUB_CHECK(text.starts_with(checkpoint_text(*checkpoint)));
  if (const auto opened = open_note(text, std::span(&trusted(), 1))) HUB_CHECK(text.starts_with(*opened + "\n"));
  if (const auto entries = read_entry_bundle(as_bytes(text))) {
    Buffer again;
    for (const ByteView entry : *entries) HUB_CHECK(append_entry(again, entry));
    HUB_CHECK(as_text(again) == text);
  }
}

}  // namespace
}  // namespace hub::crypto

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hub::crypto::try_all(hub::as_text({data, size}));
  return 0;
}
