// What an endpoint's party can make the hub read beside frames: documents, and credentials. Whatever is taken is read the
// same way again, and turns into JSON that is UTF-8.
#include <cstdlib>

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/credentials.hpp"
#include "hub/registry/document.hpp"
#include "hub/registry/document_json.hpp"
#include "hub/registry/msgpack_pointer.hpp"
#include "hub/registry/secrecy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hub::ByteView bytes(data, size);
  if (const auto view = hub::registry::read_document(bytes)) {
    std::size_t recipients = 0;
    for (const std::string_view party : hub::registry::recipients(view->to)) recipients += party.empty() ? 0 : 1;
    if (recipients != view->recipient_count) std::abort();
    if (!hub::is_utf8(hub::registry::document_to_json(*view))) std::abort();
  }
  // A mark is looked for in whatever comes, before anybody knows whether it is a document.
  if (const auto refusal = hub::registry::refuse_secrecy_mark(bytes); refusal && refusal->facts.size() != 2) std::abort();
  (void)hub::registry::text_at(bytes, "/data/place");
  (void)hub::registry::read_credential(hub::as_text(bytes));
  (void)hub::registry::document_from_json(hub::as_text(bytes));
  return 0;
}
