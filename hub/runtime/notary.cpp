#include "hub/runtime/notary.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "hub/base/error_catalogue.hpp"
#include "hub/crypto/checkpoint.hpp"
#include "hub/evidence/checkpoint_file.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::runtime {
namespace {

constexpr std::chrono::seconds kWriteAgainAfter(1);

Result<crypto::Digest> leaf_at(const journal::Journal& journal, Position position) {
  Buffer scratch;
  const auto record = journal.read(position, scratch);
  if (!record) return tl::unexpected(record.error());
  return journal::leaf_of(*record);
}

// What this hub signed before must be the beginning of the journal that it has now.
Result<void> check_continued(const std::string& folder, std::span<const crypto::NoteKey> keys, const ports::Disk& disk,
                             const evidence::TreeReader& hashes, const crypto::MerkleFrontier& tree) {
  const auto lost = [&](const std::string& reason) {
    return fail(ErrorCode::journal_damaged,
                {{"file", disk.describe("checkpoint")},
                 {"offset", "0"},
                 {"reason", reason},
                 {"action",
                  "Restore the journal's last segment from a copy. If there is none, tell the agencies what is lost, "
                  "keep this checkpoint, and only then remove it."}});
  };
  const auto note = evidence::read_checkpoint(folder);
  if (!note) return tl::unexpected(note.error());
  if (!*note) return {};
  const auto checkpoint = crypto::open_checkpoint(**note, keys.front().name, keys);
  // A power cut may leave an empty or half file: nothing was promised by it.
  if (!checkpoint) {
    spdlog::warn("the checkpoint file is not one that this hub signed: {}",
                 describe(checkpoint.error(), Language::english));
    return {};
  }
  if (checkpoint->size > tree.size())
    return lost("this hub signed that the journal has " + std::to_string(checkpoint->size) + " records, and it has " +
                std::to_string(tree.size()));
  const auto root = crypto::root(hashes, checkpoint->size);
  if (!root) return tl::unexpected(root.error());
  if (*root != checkpoint->root)
    return lost("the first " + std::to_string(checkpoint->size) + " records are not those that this hub signed for");
  return {};
}

}  // namespace

Result<std::unique_ptr<Notary>> Notary::start(const std::string& folder, std::vector<crypto::NoteSigner> tree_keys,
                                              const journal::Journal& journal) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) return fail(ErrorCode::io_failed, {{"operation", "mkdir"}, {"path", folder}, {"reason", error.message()}});
  auto disk = PosixDisk::open(folder);
  if (!disk) return tl::unexpected(disk.error());
  auto files = evidence::TreeWriter::open(**disk, journal.tree(),
                                          [&](Position position) { return leaf_at(journal, position); });
  if (!files) return tl::unexpected(files.error());
  if (files->recovered() > 0) spdlog::info("{} hashes of the tree were written anew", files->recovered());
  std::vector<crypto::NoteKey> keys;
  for (const crypto::NoteSigner& signer : tree_keys) keys.push_back({signer.name, signer.key.public_key()});
  if (auto good = check_continued(folder, keys, **disk, evidence::TreeReader(**disk), journal.tree()); !good)
    return tl::unexpected(good.error());
  auto notary = std::unique_ptr<Notary>(new Notary(folder, std::move(tree_keys), std::move(*disk), journal.tree()));
  notary->files_ = std::make_unique<evidence::TreeWriter>(std::move(*files));
  notary->durable_end_ = journal.durable_end();
  notary->publish(notary->note());
  notary->thread_ = std::thread([&n = *notary] { n.run(); });
  return notary;
}

Notary::Notary(std::string folder, std::vector<crypto::NoteSigner> tree_keys, std::unique_ptr<ports::Disk> disk,
               crypto::MerkleFrontier tree)
    : folder_(std::move(folder)),
      tree_keys_(std::move(tree_keys)),
      disk_(std::move(disk)),
      tree_(std::move(tree)),
      signed_size_(tree_.size()) {}

Notary::~Notary() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Notary::add(std::span<const crypto::Digest> leaves) {
  {
    const std::lock_guard lock(mutex_);
    added_.insert(added_.end(), leaves.begin(), leaves.end());
  }
  wake_.notify_one();
}

void Notary::durable(Position end) {
  {
    const std::lock_guard lock(mutex_);
    durable_end_ = end;
  }
  wake_.notify_one();
}

std::optional<Vouched> Notary::vouch(std::uint64_t seen) const {
  std::shared_ptr<const Published> newest;
  {
    const std::lock_guard lock(mutex_);
    newest = newest_;
  }
  Vouched out{newest->size, newest->note, {}};
  if (seen == 0 || seen >= newest->size) return out;
  auto proof = crypto::consistency_proof(evidence::TreeReader(*disk_), seen, newest->size);
  if (!proof) {
    spdlog::error("no checkpoint is shown: {}", describe(proof.error(), Language::english));
    return std::nullopt;
  }
  out.proof = std::move(*proof);
  return out;
}

void Notary::run() {
  std::unique_lock lock(mutex_);
  auto due = std::chrono::steady_clock::now();
  for (;;) {
    wake_.wait(lock, [this] { return !added_.empty() || !taken_.empty() || stopping_; });
    wake_.wait_until(lock, due, [this] { return stopping_; });
    const bool last = stopping_;
    const bool written = take_leaves(lock);
    if (written) sign(lock);
    due = std::chrono::steady_clock::now() + (written ? kCheckpointEvery : std::chrono::milliseconds(kWriteAgainAfter));
    if (last) return;
  }
}

// The leaves into tree and files. False when the disk did not take them.
bool Notary::take_leaves(std::unique_lock<std::mutex>& lock) {
  const std::size_t before = taken_.size();
  taken_.insert(taken_.end(), added_.begin(), added_.end());
  added_.clear();
  lock.unlock();
  for (std::size_t i = before; i < taken_.size(); ++i) tree_.add(taken_[i]);
  const auto written = files_->append(taken_);
  if (written) taken_.clear();
  else spdlog::error("no checkpoint: the tree's hashes could not be written; it is tried again: {}",
                     describe(written.error(), Language::english));
  lock.lock();
  return written.has_value();
}

void Notary::sign(std::unique_lock<std::mutex>& lock) {
  if (tree_.size() == signed_size_) return;
  lock.unlock();
  std::string signed_note = note();
  lock.lock();
  wake_.wait(lock, [this] { return durable_end_.value >= tree_.size() || stopping_; });
  if (durable_end_.value < tree_.size()) return;
  lock.unlock();
  publish(std::move(signed_note));
  lock.lock();
}

std::string Notary::note() const {
  return crypto::sign_note(crypto::checkpoint_text({tree_keys_.front().name, tree_.size(), tree_.root()}), tree_keys_);
}

void Notary::publish(std::string note) {
  if (auto written = evidence::write_checkpoint(folder_, note); !written)
    spdlog::error("the checkpoint could not be written: {}", describe(written.error(), Language::english));
  signed_size_ = tree_.size();
  const std::lock_guard lock(mutex_);
  newest_ = std::make_shared<const Published>(Published{signed_size_, std::move(note)});
}

}  // namespace hub::runtime
