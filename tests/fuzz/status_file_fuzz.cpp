// What an agency drops as a status file: any bytes are read or refused, and what is read names a delivery in one way.
#include <cstdlib>

#include "adapters/folder/status_reports.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  const std::string_view text = as_text({data, size});
  const Bytes<16> journal{0xab, 0xcd, 0xef, 0x01};
  (void)folder::is_status_file(text);
  const auto report = folder::read_status_file(text, journal, UnixMicros(0));
  if (report && !wire::parse_delivery_id(wire::delivery_id(journal, report->delivery))) std::abort();
  return 0;
}
