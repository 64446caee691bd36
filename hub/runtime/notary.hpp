// Vouches for the journal: keeps the hashes of its Merkle tree on disk and signs checkpoints of it, in a thread beside
// the engine's. A checkpoint is signed while its group syncs and leaves only when that is durable.
//
// A disk without room stops the checkpoints, not the hub: the leaves wait in memory and are written when there is room.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hub/crypto/signed_note.hpp"
#include "hub/evidence/tree_files.hpp"
#include "hub/journal/journal.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

// Under load a checkpoint is this old at most; an idle hub signs at once.
constexpr std::chrono::milliseconds kCheckpointEvery(200);

class Notary {
 public:
  // Signed by each of the tree keys, in the name of the hub's origin; kept in `folder`, which is made when it is not
  // there. An earlier checkpoint there that the journal does not continue is journal_damaged: something that was durable
  // is gone.
  static Result<std::unique_ptr<Notary>> start(const std::string& folder, std::vector<crypto::NoteSigner> tree_keys,
                                               const journal::Journal& journal);
  // Publishes the last durable checkpoint before it ends.
  ~Notary();

  // From the engine's thread: the leaves of a group that is now on its way to the disk, and that it has arrived.
  void add(std::span<const crypto::Digest> leaves);
  void durable(Position end);

  // The newest checkpoint, and the proof that it continues the tree of an earlier size; without one for a size that it
  // does not reach. From any thread. Nothing when the hashes can't be read.
  std::optional<Vouched> vouch(std::uint64_t seen) const;

 private:
  struct Published {
    std::uint64_t size;
    std::string note;
  };
  Notary(std::string folder, std::vector<crypto::NoteSigner> tree_keys, std::unique_ptr<ports::Disk> disk,
         crypto::MerkleFrontier tree);
  void run();
  bool take_leaves(std::unique_lock<std::mutex>& lock);
  void sign(std::unique_lock<std::mutex>& lock);
  std::string note() const;
  void publish(std::string note);

  const std::string folder_;
  const std::vector<crypto::NoteSigner> tree_keys_;  // one at least; several while they overlap
  const std::unique_ptr<ports::Disk> disk_;

  // The thread's.
  crypto::MerkleFrontier tree_;  // over all leaves that were taken
  std::unique_ptr<evidence::TreeWriter> files_;
  std::vector<crypto::Digest> taken_;  // and not yet written
  std::uint64_t signed_size_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<crypto::Digest> added_;
  Position durable_end_;
  std::shared_ptr<const Published> newest_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hub::runtime
