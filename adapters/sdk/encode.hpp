// Makes a document of what an agency gave: once, because the bytes are what is signed. Free functions, no state.
#pragma once

#include "hub/registry/document.hpp"

namespace hub::sdk {

// The id of a document that came without one, from what makes the file this file and no other: the same file read
// twice, because a crash came between, is the same document.
Uuid derived_id(std::string_view party, std::string_view file, std::int64_t modified_ns, std::string_view content);

// Fills what is absent (source: the party; time: now; salt: random) and encodes. The id must be there. Fails as
// read_document does, and with secrecy_mark before anything of the document is stored.
Result<Buffer> encode_document(registry::DocumentFields fields, const std::string& party, UnixMicros now);

}  // namespace hub::sdk
