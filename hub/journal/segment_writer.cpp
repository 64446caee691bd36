#include "hub/journal/segment_writer.hpp"

#include <chrono>

#include "hub/base/check.hpp"

namespace hub::journal {

Result<std::int64_t> SegmentWriter::write(std::uint64_t offset, ByteView group) {
  if (auto written = current_->write_at(offset, group); !written) return tl::make_unexpected(written.error());
  const auto began = std::chrono::steady_clock::now();  // shown to operators, and nothing follows from it
  if (auto synced = current_->sync_data(); !synced) return tl::make_unexpected(synced.error());
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - began).count();
}

Result<std::int64_t> SegmentWriter::roll(const SegmentHeader& header, ByteView group) {
  {
    const std::lock_guard lock(mutex_);
    if (!spare_)
      if (auto made = make_spare(); !made) return tl::make_unexpected(made.error());
    current_ = std::move(spare_);
    has_spare_ = false;
  }
  if (auto written = current_->write_at(0, encode_header(header)); !written)
    return tl::make_unexpected(written.error());
  const auto synced = write(kSegmentHeaderBytes, group);
  if (!synced) return synced;
  if (auto named = disk_.rename(kSpareName, segment_name(header.first)); !named)
    return tl::make_unexpected(named.error());
  return synced;
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
