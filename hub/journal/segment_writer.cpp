#include "hub/journal/segment_writer.hpp"

#include "hub/base/check.hpp"

namespace hub::journal {

Result<void> SegmentWriter::write(std::uint64_t offset, ByteView group) {
  if (auto written = current_->write_at(offset, group); !written) return written;
  return current_->sync_data();
}

Result<void> SegmentWriter::roll(const SegmentHeader& header, ByteView group) {
  {
    const std::lock_guard lock(mutex_);
    if (!spare_)
      if (auto made = make_spare(); !made) return made;
    current_ = std::move(spare_);
    has_spare_ = false;
  }
  if (auto written = current_->write_at(0, encode_header(header)); !written) return written;
  if (auto written = write(kSegmentHeaderBytes, group); !written) return written;
  return disk_.rename(kSpareName, segment_name(header.first));
}

Result<bool> SegmentWriter::prepare() {
  const std::lock_guard lock(mutex_);
  if (!wants_spare()) return false;
  if (auto made = make_spare(); !made) return tl::make_unexpected(made.error());
  return true;
}

Result<void> SegmentWriter::make_spare() {
  auto made = disk_.create_prefilled(kSpareName, segment_bytes_);
  out_of_space_ = !made && made.error().code == ErrorCode::storage_full;
  if (!made) return tl::make_unexpected(made.error());
  spare_ = std::move(*made);
  has_spare_ = true;
  return {};
}

}  // namespace hub::journal
