#include "adapters/edxml/single_entry.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "adapters/edxml/refusal.hpp"

namespace hub::edxml {
namespace {

struct Free {
  void operator()(struct archive* a) const { ::archive_read_free(a); }
};
using Archive = std::unique_ptr<struct archive, Free>;

// Read from the front, not by the directory at its end: an archive of a million entries costs no more than one.
Archive open_zip(int descriptor) {
  Archive out(::archive_read_new());
  if (!out || ::lseek(descriptor, 0, SEEK_SET) != 0) return nullptr;
  ::archive_read_support_format_zip_streamable(out.get());
  if (::archive_read_open_fd(out.get(), descriptor, kReadBytes) != ARCHIVE_OK) return nullptr;
  return out;
}

bool is_plain_file(struct archive_entry* entry) {
  return ::archive_entry_filetype(entry) == AE_IFREG && ::archive_entry_is_encrypted(entry) == 0;
}

std::uint64_t allowed_bytes(std::uint64_t packed, std::uint64_t bytes_max, const Limits& limits) {
  return std::min(bytes_max, std::max(limits.expansion_free_bytes, packed * limits.expansion_ratio));
}

}  // namespace

Result<Unpacking> unpack_single_entry(const StagedFile& zip, StagedFile& out, std::uint64_t bytes_max,
                                      const Limits& limits) {
  const Archive archive = open_zip(zip.descriptor());
  struct archive_entry* entry = nullptr;
  if (!archive || ::archive_read_next_header(archive.get(), &entry) != ARCHIVE_OK || !is_plain_file(entry))
    return Unpacking::kept;
  const std::uint64_t allowed = allowed_bytes(zip.size(), bytes_max, limits);
  for (;;) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int got = ::archive_read_data_block(archive.get(), &block, &size, &offset);
    if (got == ARCHIVE_EOF) break;
    if (got != ARCHIVE_OK) return Unpacking::kept;
    if (size > allowed - out.size()) return Unpacking::too_large;
    if (auto written = out.write({static_cast<const std::uint8_t*>(block), size}); !written)
      return tl::unexpected(written.error());
  }
  return ::archive_read_next_header(archive.get(), &entry) == ARCHIVE_EOF ? Unpacking::unpacked : Unpacking::kept;
}

}  // namespace hub::edxml
