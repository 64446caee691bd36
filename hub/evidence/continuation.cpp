#include "hub/evidence/continuation.hpp"

namespace hub::evidence {

Result<std::vector<crypto::Digest>> check_continuation(const crypto::Checkpoint& seen, const crypto::Checkpoint& shown,
                                                       const crypto::TreeHashes& hashes) {
  const auto forked = [&](const char* reason) {
    return fail(
        ErrorCode::tree_forked,
        {{"seen_size", std::to_string(seen.size)}, {"shown_size", std::to_string(shown.size)}, {"reason", reason}});
  };
  if (shown.size < seen.size) return forked("it is shorter");
  if (shown.size == seen.size && shown.root != seen.root) return forked("its root is another");
  const auto root = crypto::root(hashes, shown.size);
  if (!root) return tl::unexpected(root.error());
  if (*root != shown.root) return forked("the hub's hashes do not give the root that it signed");
  // No proof starts from an empty tree: it has one root, and everything continues it.
  if (seen.size == 0 && seen.root != crypto::empty_root()) return forked("an empty log has another root");
  if (seen.size == 0) return std::vector<crypto::Digest>();
  auto proof = crypto::consistency_proof(hashes, seen.size, shown.size);
  if (!proof) return tl::unexpected(proof.error());
  if (!crypto::verify_consistency(seen.size, seen.root, shown.size, shown.root, *proof))
    return forked("the records that both have are not the same");
  return proof;
}

}  // namespace hub::evidence
