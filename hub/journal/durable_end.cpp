#include "hub/journal/durable_end.hpp"

#include <algorithm>

namespace hub::journal {
namespace {

constexpr std::size_t kEndOffset = 16, kFileBytes = 24;

Result<bool> exists(const ports::Disk& disk) {
  const auto names = disk.list();
  if (!names) return tl::make_unexpected(names.error());
  return std::binary_search(names->begin(), names->end(), kDurableEndName);
}

}  // namespace

Result<DurableEndFile> DurableEndFile::publish(ports::Disk& disk, const DurableEnd& start) {
  const auto there = exists(disk);
  if (!there) return tl::make_unexpected(there.error());
  auto file = *there ? disk.open(kDurableEndName, true) : disk.create_prefilled(kDurableEndName, kFileBytes);
  if (!file) return tl::make_unexpected(file.error());
  DurableEndFile out(std::move(*file), start.journal);
  if (auto moved = out.move(start.end); !moved) return tl::make_unexpected(moved.error());
  return out;
}

Result<void> DurableEndFile::move(Position end) {
  Bytes<kFileBytes> bytes{};
  std::copy(journal_.begin(), journal_.end(), bytes.begin());
  store_le(bytes.data() + kEndOffset, end.value);
  return file_->write_at(0, bytes);
}

Result<std::optional<DurableEnd>> read_durable_end(ports::Disk& disk) {
  const auto there = exists(disk);
  if (!there) return tl::make_unexpected(there.error());
  if (!*there) return std::optional<DurableEnd>();
  const auto file = disk.open(kDurableEndName, false);
  if (!file) return tl::make_unexpected(file.error());
  Bytes<kFileBytes> bytes{};
  const auto got = (*file)->read_at(0, bytes);
  if (!got) return tl::make_unexpected(got.error());
  if (*got != bytes.size() || bytes == Bytes<kFileBytes>{}) return std::optional<DurableEnd>();
  return std::optional(
      DurableEnd{*fixed<16>(ByteView(bytes).first(kEndOffset)), Position(load_le<std::uint64_t>(bytes.data() + kEndOffset))});
}

}  // namespace hub::journal
