#include "hub/evidence/tree_files.hpp"

#include <algorithm>
#include <cstring>

namespace hub::evidence {
namespace {

constexpr std::uint64_t kHashBytes = 32;
constexpr std::uint64_t kLeavesPerStep = 4096;  // asked for and appended at once

std::string file_name(unsigned row) { return "hashes-" + std::to_string(row); }

tl::unexpected<Error> damaged(const ports::Disk& disk, unsigned row, std::string reason) {
  return fail(ErrorCode::tree_hashes_damaged,
              {{"file", disk.describe(file_name(row))}, {"reason", std::move(reason)}});
}

ByteView bytes_of(std::span<const crypto::Digest> hashes) {
  return {reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size() * kHashBytes};
}

Result<std::size_t> read_hashes(const ports::File& file, std::uint64_t first, std::span<crypto::Digest> out) {
  const auto got = file.read_at(first * kHashBytes,
                                {reinterpret_cast<std::uint8_t*>(out.data()), out.size() * kHashBytes});
  if (!got) return got;
  return *got / kHashBytes;
}

}  // namespace

Result<void> TreeReader::read(unsigned row, std::uint64_t first, std::span<crypto::Digest> out) const {
  const auto file = disk_.open(file_name(row), false);
  if (!file) return tl::unexpected(file.error());
  const auto got = read_hashes(**file, first, out);
  if (!got) return tl::unexpected(got.error());
  if (*got != out.size()) return damaged(disk_, row, "it ends before hash " + std::to_string(first + out.size()));
  return {};
}

Result<TreeWriter> TreeWriter::open(ports::Disk& disk, const crypto::MerkleFrontier& tree, const LeafAt& leaf_at) {
  TreeWriter writer(disk);
  if (auto opened = writer.open_files(); !opened) return tl::unexpected(opened.error());
  if (auto recovered = writer.recover(tree, leaf_at); !recovered) return tl::unexpected(recovered.error());
  return writer;
}

Result<void> TreeWriter::open_files() {
  const auto names = disk_.list();
  if (!names) return tl::unexpected(names.error());
  for (unsigned row = 0; row < kRows; ++row) {
    const std::string name = file_name(row);
    auto file = std::binary_search(names->begin(), names->end(), name) ? disk_.open(name, true)
                                                                      : disk_.create_prefilled(name, 0);
    if (!file) return tl::unexpected(file.error());
    rows_[row].file = std::move(*file);
  }
  return {};
}

// Stands behind so many leaves, as far as each file reaches; what lies behind is written over.
Result<void> TreeWriter::go_on_at(std::uint64_t leaves) {
  for (unsigned number = 0; number < kRows; ++number) {
    Row& row = rows_[number];
    row.count = crypto::row_hashes(number, leaves);
    row.partial.resize(row.count % crypto::kTileWidth);
    const auto got = read_hashes(*row.file, row.count - row.partial.size(), row.partial);
    if (!got) return tl::unexpected(got.error());
    if (*got != row.partial.size()) return damaged(disk_, number, "it is shorter than the others");
  }
  return {};
}

Result<void> TreeWriter::recover(const crypto::MerkleFrontier& tree, const LeafAt& leaf_at) {
  const auto bytes = rows_[0].file->size();
  if (!bytes) return tl::unexpected(bytes.error());
  const std::uint64_t held = std::min(*bytes / kHashBytes, tree.size());
  if (go_on_at(held)) {
    if (auto added = add_missing(tree.size(), leaf_at); !added) return added;
    const auto good = has_root(tree);
    if (!good) return tl::unexpected(good.error());
    if (*good) return {};
  }
  if (auto back = go_on_at(0); !back) return back;
  recovered_ = 0;
  if (auto added = add_missing(tree.size(), leaf_at); !added) return added;
  const auto good = has_root(tree);
  if (!good) return tl::unexpected(good.error());
  return *good ? Result<void>() : damaged(disk_, 0, "the leaves of the journal's records do not give its root");
}

Result<void> TreeWriter::add_missing(std::uint64_t end, const LeafAt& leaf_at) {
  std::vector<crypto::Digest> leaves;
  while (size() < end) {
    leaves.clear();
    const std::uint64_t step_end = std::min(size() + kLeavesPerStep, end);
    for (std::uint64_t position = size(); position < step_end; ++position) {
      const auto leaf = leaf_at(Position(position));
      if (!leaf) return tl::unexpected(leaf.error());
      leaves.push_back(*leaf);
    }
    if (auto appended = append(leaves); !appended) return appended;
    recovered_ += leaves.size();
  }
  return {};
}

Result<bool> TreeWriter::has_root(const crypto::MerkleFrontier& tree) const {
  const auto root = crypto::root(TreeReader(disk_), tree.size());
  if (!root) return root.error().code == ErrorCode::tree_hashes_damaged ? Result<bool>(false) : tl::unexpected(root.error());
  return *root == tree.root();
}

Result<void> TreeWriter::append(std::span<const crypto::Digest> leaves) {
  const std::uint64_t before = size();
  auto appended = append_to(0, leaves);
  if (!appended) static_cast<void>(go_on_at(before));  // what was written of them is written again
  return appended;
}

Result<void> TreeWriter::append_to(unsigned number, std::span<const crypto::Digest> hashes) {
  Row& row = rows_[number];
  if (auto written = row.file->write_at(row.count * kHashBytes, bytes_of(hashes)); !written) return written;
  row.count += hashes.size();
  std::vector<crypto::Digest> above;
  while (!hashes.empty()) {
    const auto taken = hashes.first(std::min<std::size_t>(hashes.size(), crypto::kTileWidth - row.partial.size()));
    row.partial.insert(row.partial.end(), taken.begin(), taken.end());
    hashes = hashes.subspan(taken.size());
    if (row.partial.size() < crypto::kTileWidth) break;
    above.push_back(crypto::merkle_root(row.partial));
    row.partial.clear();
  }
  return above.empty() ? Result<void>() : append_to(number + 1, above);
}

}  // namespace hub::evidence
