// Checkpoints (C2SP tlog-checkpoint): what a log says of its tree, as the text of a signed note.
//
//   <origin>\n<size>\n<base64(root)>\n
//
// Ours have no more lines. A reader passes over extension lines of others, which nobody can audit. Threads: free
// functions.
#pragma once

#include "hub/crypto/merkle.hpp"
#include "hub/crypto/signed_note.hpp"

namespace hub::crypto {

constexpr std::uint64_t kTreeSizeMax = INT64_MAX;  // verifiers in other languages count with a sign

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;  // records
  Digest root{};
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The origin must be a line that is not empty.
std::string checkpoint_text(const Checkpoint& checkpoint);
// checkpoint_invalid (line, reason).
Result<Checkpoint> parse_checkpoint(std::string_view text);
// A checkpoint of that origin which a trusted key signed; checkpoint_invalid, or as open_note.
Result<Checkpoint> open_checkpoint(std::string_view note, std::string_view origin, std::span<const NoteKey> trusted);

}  // namespace hub::crypto
