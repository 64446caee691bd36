#include "hub/console/tree_answers.hpp"

#include "hub/crypto/checkpoint.hpp"
#include "hub/crypto/tiles.hpp"
#include "hub/evidence/checkpoint_file.hpp"
#include "hub/evidence/tree_files.hpp"
#include "hub/journal/follow.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::console {
namespace {

Response not_there(const std::string& path) { return error_response(404, {ErrorCode::path_unknown, {{"path", path}}}); }

// A full tile and a partial one never change.
Response bytes_response(std::string bytes) {
  Response out;
  out.content_type = "application/octet-stream";
  out.body = std::move(bytes);
  out.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  return out;
}

Result<std::string> hashes_in(const std::string& folder, const crypto::Tile& tile) {
  const auto disk = runtime::PosixDisk::open(folder);
  if (!disk) return tl::unexpected(disk.error());
  std::vector<crypto::Digest> hashes(tile.width);
  const evidence::TreeReader reader(**disk);
  if (auto read = reader.read(tile.row, tile.index * crypto::kTileWidth, hashes); !read)
    return tl::unexpected(read.error());
  return std::string(reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof(crypto::Digest));
}

Result<std::string> entries_in(const std::string& folder, const crypto::Tile& tile) {
  const auto disk = runtime::PosixDisk::open(folder);
  if (!disk) return tl::unexpected(disk.error());
  const Position first(tile.index * crypto::kTileWidth), end(first.value + tile.width);
  auto follower = journal::Follower::open(**disk, first);
  if (!follower) return tl::unexpected(follower.error());
  Buffer bundle;
  while (follower->position() < end) {
    const auto record = follower->next(end);
    if (!record) return tl::unexpected(record.error());
    if (!*record || !crypto::append_entry(bundle, journal::leaf_data(**record)))
      return fail(ErrorCode::record_unknown, {{"position", std::to_string(follower->position().value)}});
  }
  return std::string(bundle.begin(), bundle.end());
}

}  // namespace

Response TreeAnswers::checkpoint() const {
  const auto note = evidence::read_checkpoint(tree_);
  if (!note) return error_response(500, note.error());
  if (!*note) return not_there("/checkpoint");
  Response out;
  out.content_type = "text/plain; charset=utf-8";
  out.body = **note;
  out.headers.emplace_back("Cache-Control", "no-cache");
  return out;
}

Result<std::uint64_t> TreeAnswers::size() const {
  const auto note = evidence::read_checkpoint(tree_);
  if (!note) return tl::unexpected(note.error());
  if (!*note) return 0;
  const auto checkpoint = crypto::parse_checkpoint(std::string_view(**note).substr(0, (*note)->rfind("\n\n") + 1));
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  return checkpoint->size;
}

Response TreeAnswers::tile(const std::string& path) const {
  const auto tile = crypto::parse_tile_path(path);
  if (!tile) return not_there("/" + path);
  const auto tree_size = size();
  if (!tree_size) return error_response(500, tree_size.error());
  if (!crypto::has_tile(*tile, *tree_size)) return not_there("/" + path);
  auto bytes = tile->kind == crypto::TileKind::hashes ? hashes_in(tree_, *tile) : entries_in(journal_, *tile);
  return bytes ? bytes_response(std::move(*bytes)) : error_response(500, bytes.error());
}

}  // namespace hub::console
