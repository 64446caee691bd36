// The members of a document's `data` that a clause lets through and does not need, for the party whose data it is. They
// are told, never refused: no outcome depends on them.
//
// A type's schema is closed, so their names are its own, kSchemaPropertiesMax at most. Threads: free functions on
// borrowed bytes.
#pragma once

#include "hub/broker/records.hpp"

namespace hub::broker {

// Names them by the needs of the outcomes; the views are into `data`. Where no outcome has any, `data` is not read.
void name_unneeded(ByteView data, DocumentDecided& out);

// The bytes of a record's metadata that this can take, of a document to so many recipients.
std::size_t bound_unneeded(ByteView data, std::size_t recipients);

}  // namespace hub::broker
