#include "hub/content/secret_file.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "hub/content/file.hpp"

namespace hub::content {
namespace {

bool is_there(const std::string& path) {
  struct stat found;
  return ::stat(path.c_str(), &found) == 0 || errno != ENOENT;
}

}  // namespace

// Written under another name first: a file with its own name is whole.
Result<Secret> make_secret(const std::string& path, const Secret& fresh) {
  const auto known = read_secret(path);
  if (!known) return tl::unexpected(known.error());
  if (*known) return **known;
  const std::string unfinished = path + ".tmp";
  const auto file = File::open_to_write(unfinished, /*mode=*/0600);
  if (!file) return tl::unexpected(file.error());
  auto written = file->cut(0);
  if (written) written = file->write_at(0, fresh);
  if (written) written = file->sync_data();
  if (!written) {
    (void)remove_file(unfinished);
    return tl::unexpected(written.error());
  }
  if (auto renamed = rename_synced(unfinished, path); !renamed) return tl::unexpected(renamed.error());
  return fresh;
}

Result<std::optional<Secret>> read_secret(const std::string& path) {
  if (!is_there(path)) return std::nullopt;
  const auto file = File::open_to_read(path);
  if (!file) return tl::unexpected(file.error());
  Bytes<sizeof(Secret) + 1> bytes;
  const auto got = file->read_at(0, bytes);
  if (!got) return tl::unexpected(got.error());
  return fixed<sizeof(Secret)>(ByteView(bytes).first(*got));
}

Result<void> destroy_secret(const std::string& path) {
  if (!is_there(path)) return {};
  const auto file = File::open_to_write(path);
  if (!file) return tl::unexpected(file.error());
  if (auto written = file->write_at(0, Secret{}); !written) return written;
  if (auto synced = file->sync_data(); !synced) return synced;
  if (auto removed = remove_file(path); !removed) return removed;
  return sync_folder(path.substr(0, path.find_last_of('/')));
}

}  // namespace hub::content
