// Any bytes as the index of a segment, as a snapshot and as a state. Reading returns; what is read as an index is written
// as the same bytes again, and what is read as a state has bytes that give the same state.
#include "hub/base/check.hpp"
#include "hub/broker/state_codec.hpp"
#include "hub/journal/segment_index.hpp"
#include "hub/journal/snapshot_file.hpp"
#include "tests/support/fake_disk.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  const ByteView bytes(data, size);
  if (const auto index = journal::decode_index(bytes)) HUB_CHECK(equal(journal::encode_index(*index), bytes));
  test::FakeDisk disk(0, {{journal::snapshot_name(Position(40)), Buffer(bytes.begin(), bytes.end())}});
  (void)journal::read_snapshot(disk, Position(40));
  broker::State state(1);
  if (!broker::decode_state(bytes, state)) return 0;
  const Buffer written = broker::encode_state(state);
  broker::State again(2);
  HUB_CHECK(broker::decode_state(written, again) && broker::encode_state(again) == written);
  return 0;
}
