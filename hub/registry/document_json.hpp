// Documents as files that people and agency systems write and read: CloudEvents 1.0 structured JSON.
//
// Text is normalised to NFC on the way in: what looks alike is alike. A field of `data` whose schema has
// contentEncoding stays a text on the way in and is refused by its schema: types that come as JSON have no binary
// fields.
//
// An entry of `attachments` has `name`, `mediatype`, `size` and `sha256` (hexadecimal). On the way in all but the name
// may be absent: `mediatype` is application/octet-stream then, size and sha256 are the caller's to fill; `file` names
// the file itself where it has another name, and is the name where there is no `name`.
#pragma once

#include <string>
#include <string_view>

#include "hub/registry/document.hpp"

namespace hub::registry {

// id, time, salt, source and specversion may be absent: the caller fills them. file_not_json (line, column, reason),
// schema_violation (pointer, reasons, line, column), file_too_large.
Result<DocumentFields> document_from_json(std::string_view text);

// Indented, UTF-8 as it is; salt and other binary as base64.
std::string document_to_json(const DocumentView& document);

}  // namespace hub::registry
