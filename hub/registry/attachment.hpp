// What is sent beside a document: files, each named in the document by its name, kind, size and SHA-256. The contents
// themselves never pass through here.
//
// In a document: key `attachments`, an array of 1 to kAttachmentsMax maps with exactly these keys, in any order:
//   name       a plain file name: 1 to 255 bytes, NFC, no control character, no "/" or "\", not "." or ".."
//   mediatype  as "application/pdf" (RFC 6838), at most 127 bytes
//   size       bytes, 0 to 4 GiB
//   sha256     bin 32, of the content
// No two attachments of a document have the same name; two may have the same content.
//
// Threads: free functions on borrowed bytes; a view lives as long as they do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/bytes.hpp"
#include "hub/base/msgpack_reader.hpp"

namespace hub::registry {

struct AttachmentView {
  std::string_view name, mediatype;
  std::uint64_t size = 0;
  Bytes<32> sha256{};
};

// What a document's attachment is made from. `size` and `sha256` may be absent while an adapter still reads the file;
// `file` is the adapter's own: where it is, and no part of the document.
struct AttachmentFields {
  std::string name, mediatype, file;
  std::optional<std::uint64_t> size;
  std::optional<Bytes<32>> sha256;
};

// Of all attachments of a document together.
struct AttachmentTotals {
  std::uint32_t count = 0;
  std::uint64_t bytes = 0;
};

bool is_attachment_name(std::string_view name);
bool is_media_type(std::string_view text);

// Reads the array; what is wrong with it, or null.
const char* check_attachments(MsgpackReader& in, AttachmentTotals& out);
// The elements of an array that was checked; empty for no bytes.
std::vector<AttachmentView> read_attachments(ByteView array);

}  // namespace hub::registry
