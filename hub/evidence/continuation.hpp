// Whether a hub's log, as one checkpoint shows it, continues the log of another: nothing was taken back, nothing
// changed, and nobody was shown another log.
#pragma once

#include "hub/crypto/checkpoint.hpp"
#include "hub/crypto/tree_proof.hpp"

namespace hub::evidence {

// `hashes`: of the tree that was shown; they are held against its root. Both checkpoints are of one origin and their
// signatures were checked. The proof, for others to check; none is needed from an empty tree, which every tree
// continues. tree_forked (seen_size, shown_size, reason); those of `hashes`.
Result<std::vector<crypto::Digest>> check_continuation(const crypto::Checkpoint& seen, const crypto::Checkpoint& shown,
                                                       const crypto::TreeHashes& hashes);

}  // namespace hub::evidence
