#include <msgpack/pack.hpp>

#include "hub/base/check.hpp"
#include "hub/registry/document.hpp"

namespace hub::registry {
namespace {

using Packer = msgpack::packer<BufferStream>;

void pack_text(Packer& out, std::string_view text) {
  out.pack_str(static_cast<std::uint32_t>(text.size()));
  out.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
}

void pack_member(Packer& out, std::string_view key, std::string_view value) {
  pack_text(out, key);
  pack_text(out, value);
}

void pack_attachments(Packer& out, Buffer& buffer, const std::vector<AttachmentFields>& attachments) {
  pack_text(out, "attachments");
  out.pack_array(static_cast<std::uint32_t>(attachments.size()));
  for (const AttachmentFields& attachment : attachments) {
    HUB_CHECK(attachment.size && attachment.sha256);
    out.pack_map(4);
    pack_member(out, "name", attachment.name);
    pack_member(out, "mediatype", attachment.mediatype);
    pack_text(out, "size");
    out.pack_uint64(*attachment.size);
    pack_text(out, "sha256");
    out.pack_bin(static_cast<std::uint32_t>(attachment.sha256->size()));
    append(buffer, *attachment.sha256);
  }
}

}  // namespace

Buffer write_document(const DocumentFields& fields) {
  HUB_CHECK(fields.id && fields.time && fields.salt && !fields.data.empty());
  const bool in_conversation = fields.conversation && *fields.conversation != *fields.id;
  Buffer buffer;
  buffer.reserve(512 + fields.data.size());
  BufferStream stream{buffer};
  Packer out(stream);
  out.pack_map(9u + (in_conversation ? 1u : 0u) + (fields.urgency != 0 ? 1u : 0u) + (fields.deliver_at ? 1u : 0u) +
               (fields.docnumber.empty() ? 0u : 1u) + (fields.attachments.empty() ? 0u : 1u));
  pack_member(out, "specversion", "1.0");
  pack_member(out, "id", to_text(*fields.id));
  pack_member(out, "source", fields.source);
  pack_member(out, "type", fields.type);
  pack_member(out, "subject", fields.subject);
  pack_member(out, "time", format_rfc3339(*fields.time));
  pack_member(out, "to", fields.to);
  pack_text(out, "salt");
  out.pack_bin(static_cast<std::uint32_t>(fields.salt->size()));
  append(buffer, *fields.salt);
  if (in_conversation) pack_member(out, "conversation", to_text(*fields.conversation));
  if (fields.urgency != 0) {
    pack_text(out, "urgency");
    out.pack_uint8(fields.urgency);
  }
  if (fields.deliver_at) pack_member(out, "deliverat", format_rfc3339(*fields.deliver_at));
  if (!fields.docnumber.empty()) pack_member(out, "docnumber", fields.docnumber);
  if (!fields.attachments.empty()) pack_attachments(out, buffer, fields.attachments);
  pack_text(out, "data");
  append(buffer, fields.data);
  return buffer;
}

}  // namespace hub::registry
