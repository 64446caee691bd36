#include "hub/journal/whole_file.hpp"

#include <algorithm>

namespace hub::journal {
namespace {

constexpr std::uint64_t kSliceBytes = 4 << 20;

}  // namespace

Result<void> write_whole(ports::Disk& disk, const std::string& unfinished, const std::string& name,
                         const std::vector<ByteView>& parts) {
  std::uint64_t size = 0;
  for (const ByteView part : parts) size += part.size();
  const auto file = disk.create_prefilled(unfinished, size);
  if (!file) return tl::make_unexpected(file.error());
  std::uint64_t at = 0;
  for (const ByteView part : parts)
    for (std::uint64_t done = 0; done < part.size();) {
      const ByteView slice = part.subspan(done, std::min<std::uint64_t>(kSliceBytes, part.size() - done));
      if (auto written = (*file)->write_at(at, slice); !written) return written;
      if (auto synced = (*file)->sync_data(); !synced) return synced;
      done += slice.size();
      at += slice.size();
    }
  return disk.rename(unfinished, name);
}

Result<Buffer> read_whole(ports::Disk& disk, const std::string& name) {
  const auto file = disk.open(name, false);
  if (!file) return tl::make_unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return tl::make_unexpected(size.error());
  Buffer out(*size);
  const auto got = (*file)->read_at(0, out);
  if (!got) return tl::make_unexpected(got.error());
  out.resize(*got);
  return out;
}

}  // namespace hub::journal
