#include "hub/runtime/start_report.hpp"

namespace hub::runtime {

StartReport report_start(const journal::Journal& journal, const std::optional<journal::DurableEnd>& told,
                         bool in_order) {
  const std::uint64_t end = journal.end().value;
  StartReport out;
  out.summary = "journal " + to_hex(journal.id()) + " read: " + std::to_string(end) + " records, all of them durable";
  if (!in_order)
    out.warnings.push_back("The hub did not stop in order the last time. Everything before position " +
                           std::to_string(end) + " is kept and durable.");
  if (const journal::TornTail& torn = journal.torn_tail(); torn.bytes > 0)
    out.warnings.push_back("It ended in the middle of a write: " + std::to_string(torn.bytes) + " bytes of " +
                           torn.file + " from byte " + std::to_string(torn.offset) +
                           " on were not whole, never became durable, and are taken away. Nothing that rests on them "
                           "had left the hub: whoever sent it got no answer and sends it again.");
  if (told && told->journal == journal.id() && told->end.value < end)
    out.warnings.push_back("Records from position " + std::to_string(told->end.value) + " to " +
                           std::to_string(end - 1) +
                           " were written, and the hub ended before it learned that they are durable. They are on the "
                           "disk and kept; whoever sends them again gets the answer that they had.");
  return out;
}

}  // namespace hub::runtime
