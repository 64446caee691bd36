#include "hub/journal/segment_reader.hpp"

#include <algorithm>

#include "hub/base/check.hpp"

namespace hub::journal {
namespace {

constexpr std::uint64_t kReadWindowBytes = 1 << 20;

}  // namespace

Result<SegmentReader> SegmentReader::open(ports::Disk& disk, const std::string& name) {
  auto file = disk.open(name, false);
  if (!file) return tl::make_unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return tl::make_unexpected(size.error());
  return SegmentReader(std::move(*file), disk.describe(name), *size);
}

Result<std::optional<SegmentHeader>> SegmentReader::header() const {
  Bytes<kSegmentHeaderBytes> bytes;
  const auto got = file_->read_at(0, bytes);
  if (!got) return tl::make_unexpected(got.error());
  return decode_header(ByteView(bytes).first(*got));
}

Result<ByteView> SegmentReader::bytes(std::uint64_t offset, std::uint64_t count) {
  HUB_CHECK(offset <= size_ && count <= size_ - offset);
  if (offset < window_start_ || offset + count > window_start_ + window_.size()) {
    window_.resize(std::min(std::max(count, kReadWindowBytes), size_ - offset));
    window_start_ = offset;
    const auto got = file_->read_at(offset, window_);
    if (!got) return tl::make_unexpected(got.error());
    if (*got != window_.size())
      return fail(ErrorCode::io_failed, {{"path", path_}, {"reason", "the file became shorter while it was read"}});
  }
  return ByteView(window_).subspan(offset - window_start_, count);
}

}  // namespace hub::journal
