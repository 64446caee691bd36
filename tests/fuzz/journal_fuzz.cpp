// Any bytes as a journal's files. Opening, verifying and inspecting return; what opens goes on, and opens again with the
// same records and the same root; what a repair writes is whole.
//
// The input: one byte, in how many pieces it is cut (1 or 2); then the segments, the second named after the position
// that its own header tells. As a mutation hardly keeps a checksum right, a set bit 1 of the first byte asks that the
// checksums of headers and of the records' heads be put right first.
#include "hub/base/check.hpp"
#include "hub/journal/inspect.hpp"
#include "hub/journal/record_codec.hpp"
#include "hub/journal/repair.hpp"
#include "hub/journal/segment_format.hpp"
#include "hub/journal/verify.hpp"
#include "tests/support/fake_disk.hpp"

namespace hub {
namespace {

constexpr std::size_t kBytesMax = 64 << 10;

journal::Options options() {
  journal::Options out;
  out.segment_bytes = 32 << 10;
  out.group_bytes_max = 4 << 10;
  out.tail_bytes = 12 << 10;
  return out;
}

void put_checksums_right(Buffer& segment) {
  if (segment.size() < journal::kSegmentHeaderBytes) return;
  store_le<std::uint64_t>(segment.data() + 40, segment.size());
  store_le(segment.data() + 8, crypto::crc32c(ByteView(segment).first(journal::kSegmentHeaderBytes).subspan(12)));
  for (std::size_t at = journal::kSegmentHeaderBytes; segment.size() - at >= journal::kRecordHeaderBytes;) {
    const ByteView rest = ByteView(segment).subspan(at);
    const std::uint64_t bytes = journal::announced_bytes(rest);
    if (bytes > rest.size()) return;
    const auto metadata_bytes = load_le<std::uint32_t>(rest.data() + 8);
    const auto of_header = crypto::crc32c(rest.subspan(4, 116));
    store_le(segment.data() + at, crypto::crc32c(rest.subspan(journal::kRecordHeaderBytes, metadata_bytes), of_header));
    at += bytes;
  }
}

void check_goes_on(test::FakeDisk& disk) {
  std::uint64_t records = 0;
  const auto count = [&](const journal::RecordView&) -> Result<void> {
    ++records;
    return {};
  };
  auto opened = journal::Journal::open(disk, options(), count);
  if (!opened) return;
  journal::Journal& journal = **opened;
  HUB_CHECK(journal.end().value == records);
  Buffer scratch;
  for (std::uint64_t i = 0; i < records; ++i) HUB_CHECK(journal.read(Position(i), scratch).has_value());
  for (int i = 0; i < 3; ++i) {
    journal.append({});
    auto group = journal.take_group();
    HUB_CHECK(journal.write(*group).has_value());
    journal.finished(std::move(group));
  }
  records = 0;
  const auto again = journal::Journal::open(disk, options(), count);
  HUB_CHECK(again.has_value() && records == journal.end().value);
  HUB_CHECK((*again)->tree().root() == journal.tree().root());
}

// write_repaired verifies what it wrote.
void check_repair(test::FakeDisk& disk) {
  ports::Disk* const sources[] = {&disk};
  const auto plan = journal::plan_repair(sources);
  if (!plan) return;
  test::FakeDisk out;
  out.limit_capacity(4 * kBytesMax);
  const auto written = journal::write_repaired(sources, *plan, out);
  HUB_CHECK(written.has_value() || written.error().code == ErrorCode::storage_full);
}

}  // namespace
}  // namespace hub

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  if (size == 0 || size > kBytesMax) return 0;
  const std::uint8_t how = data[0];
  const std::size_t all = (size - 1) / 8 * 8;
  const std::size_t first = how % 2 == 0 ? all : all / 16 * 8;
  test::FakeDisk::Snapshot files;
  const auto add = [&](const std::uint8_t* from, std::size_t count) {
    Buffer segment(from, from + count);
    if ((how & 2) != 0) put_checksums_right(segment);
    const Position position(segment.size() < 40 ? 0 : load_le<std::uint64_t>(segment.data() + 32));
    files[journal::segment_name(position)] = std::move(segment);
  };
  add(data + 1, first);
  if (first < all) add(data + 1 + first, all - first);
  test::FakeDisk disk(0, std::move(files));
  (void)journal::inspect(disk);
  check_repair(disk);
  check_goes_on(disk);
  return 0;
}
