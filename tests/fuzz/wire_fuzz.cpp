// Any bytes as a frame: read or refused, and what was read is written to a frame that reads the same. Outcome rows are
// read too, as they come inside messages as bytes.
#include "hub/base/check.hpp"
#include "tests/support/rewrite_frame.hpp"

namespace hub::wire {
namespace {

void try_row(ByteView bytes) {
  const auto row = read_row(bytes);
  if (!row) return;
  Buffer once;
  write_row(once, *row);
  const auto again = read_row(once);
  HUB_CHECK(again.has_value() && again->addressed == row->addressed && again->clause == row->clause &&
            again->agreement_version == row->agreement_version);
}

void try_frame(ByteView bytes) {
  const auto once = rewrite_frame(bytes);
  if (!once) return;
  const auto twice = rewrite_frame(*once);
  HUB_CHECK(twice.has_value() && *twice == *once);
}

}  // namespace
}  // namespace hub::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hub::wire::try_frame({data, size});
  hub::wire::try_row({data, size});
  return 0;
}
