// Reads one file of the outbox: never hangs, never follows a link, never takes a half-written file.
#pragma once

#include <string>
#include <utility>

#include "adapters/folder/files.hpp"
#include "adapters/sdk/store.hpp"
#include "hub/registry/document.hpp"

namespace hub::folder {

class Descriptor {
 public:
  explicit Descriptor(int descriptor = -1) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Descriptor();
  operator int() const { return descriptor_; }

 private:
  int descriptor_;
};

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

// A file that nobody is writing, open for reading; `kind` content, busy, gone, ignored or refused.
struct OpenedFile {
  FileRead::Kind kind = FileRead::Kind::ignored;
  sdk::FileIdentity identity;
  std::uint64_t bytes = 0;
  Descriptor descriptor;
  Error error;

  bool is_unchanged() const;  // since it was opened
};
OpenedFile open_agency_file(const Folder& outbox, const std::string& name);

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
// The same, of fields with an id, from a file with that digest.
Result<sdk::NewDocument> make_document(const sdk::FileIdentity& file, const crypto::Digest& content,
                                       registry::DocumentFields fields, const std::string& party, UnixMicros now,
                                       sdk::Store& store);

}  // namespace hub::folder
