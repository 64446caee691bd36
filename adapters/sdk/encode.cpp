#include "adapters/sdk/encode.hpp"

#include <unistd.h>

#include "hub/base/check.hpp"
#include "hub/crypto/digest.hpp"
#include "hub/registry/secrecy.hpp"

namespace hub::sdk {

Uuid derived_id(std::string_view party, std::string_view file, std::int64_t modified_ns, std::string_view content) {
  Buffer text;
  for (const std::string_view part : {party, file}) {
    append_le(text, static_cast<std::uint32_t>(part.size()));
    append(text, as_bytes(part));
  }
  append_le(text, modified_ns);
  return uuid_from_digest(crypto::Sha256().add(text).add(as_bytes(content)).finish());
}

Result<Buffer> encode_document(registry::DocumentFields fields, const std::string& party, UnixMicros now) {
  HUB_CHECK(fields.id.has_value());
  if (fields.source.empty()) fields.source = party;
  if (!fields.time) fields.time = now;
  if (!fields.salt) {
    fields.salt.emplace();
    HUB_CHECK(::getentropy(fields.salt->data(), fields.salt->size()) == 0);
  }
  Buffer document = registry::write_document(fields);
  if (auto refusal = registry::refuse_secrecy_mark(document)) return tl::unexpected(std::move(*refusal));
  if (const auto read = registry::read_document(document); !read) return tl::unexpected(read.error());
  return document;
}

}  // namespace hub::sdk
