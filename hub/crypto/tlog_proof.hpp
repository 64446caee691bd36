// Proof files (C2SP tlog-proof, version 1): that a leaf stands in the tree of a signed checkpoint, for a reader
// offline.
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>                      only when there are extra bytes; nothing signs them
//   index <decimal>
//   <base64(hash)>                      none or more, from the leaf's sibling to the root's child
//   <blank line>
//   <the checkpoint, a signed note>
//
// Threads: free functions.
#pragma once

#include "hub/crypto/checkpoint.hpp"
#include "hub/crypto/tree_proof.hpp"

namespace hub::crypto {

constexpr std::size_t kProofExtraBytesMax = 1024 * 1024;
// The extra bytes and a checkpoint, each at its limit, with room for the hashes.
constexpr std::size_t kProofFileBytesMax = (kProofExtraBytesMax + 2) / 3 * 4 + kNoteBytesMax + 4096;

struct TlogProof {
  Buffer extra;  // the application's; trusted by nobody for being here
  std::uint64_t index = 0;
  std::vector<Digest> hashes;
  std::string checkpoint;  // as it was signed
  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

// Extra bytes, hashes and checkpoint must be within their limits.
std::string write_tlog_proof(const TlogProof& proof);
// Takes what write_tlog_proof writes and no other spelling. proof_invalid (line, reason). The checkpoint is not looked
// into.
Result<TlogProof> read_tlog_proof(std::string_view text);
// The checkpoint, once it is shown that the origin signed it and that the leaf (its hash) stands in its tree at the
// index; proof_invalid, or as open_checkpoint.
Result<Checkpoint> check_tlog_proof(const TlogProof& proof, const Digest& leaf, std::string_view origin,
                                    std::span<const NoteKey> trusted);

}  // namespace hub::crypto
