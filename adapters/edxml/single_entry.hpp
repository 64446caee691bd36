// A zip of a single entry, as agencies' systems put around every attachment: its entry's content, in chunks. The
// entry's own name is ignored.
#pragma once

#include "adapters/edxml/limits.hpp"
#include "adapters/edxml/staged_file.hpp"

namespace hub::edxml {

enum class Unpacking {
  unpacked,  // `out` has the content
  kept,      // several entries, no file, encrypted, damaged, or a method that is not known: it stays what it is
  too_large  // beyond the limits of expansion, or `bytes_max`
};

// `zip` is at its begin; `out` is empty. Fails with io_failed.
Result<Unpacking> unpack_single_entry(const StagedFile& zip, StagedFile& out, std::uint64_t bytes_max,
                                      const Limits& limits);

}  // namespace hub::edxml
