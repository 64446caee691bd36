// Reads one file of the outbox: never hangs, never follows a link, never takes a half-written file.
#pragma once

#include <string>

#include "adapters/folder/files.hpp"
#include "adapters/sdk/store.hpp"
#include "hub/registry/document.hpp"

namespace hub::folder {

struct FileRead {
  enum class Kind {
    content,  // `content` is the whole file
    busy,     // somebody is writing it; an event comes when it is closed
    gone,     // no such file any more
    ignored,  // no regular file
    refused,  // `error` says why it can't be read
  };
  Kind kind{};
  sdk::FileIdentity identity;
  std::string content;
  Error error;
};

// At most `bytes_max` bytes are read; a longer file is refused (file_too_large).
FileRead read_agency_file(const Folder& outbox, const std::string& name, std::size_t bytes_max);
// The file that has this name now; nothing when there is none or it is no regular file.
std::optional<sdk::FileIdentity> identify(const Folder& outbox, const std::string& name);

// What a file says. file_not_json, schema_violation and the other reasons of document_from_json.
Result<registry::DocumentFields> read_fields(const FileRead& file);
// The document of a file, whose attachments are measured: its own id, or one that is derived from the file.
// document_malformed and the other reasons of read_document. One that `store` has as accepted and refused by a recipient
// gets the same bytes as then.
Result<sdk::NewDocument> make_document(const FileRead& file, registry::DocumentFields fields, const std::string& party,
                                       UnixMicros now, sdk::Store& store);

}  // namespace hub::folder
