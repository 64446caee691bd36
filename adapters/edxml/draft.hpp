// A message while its elements come in: what is set by them, and what has to wait until all have come.
// One thread owns it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/edxml/attachment_stage.hpp"
#include "adapters/edxml/limits.hpp"
#include "adapters/edxml/message.hpp"
#include "hub/base/result.hpp"

namespace hub::edxml {

// Of the manifest, and of AttachmentEncoded: what they say of the same content is put together at the end.
struct AttachmentHeader {
  std::string content_id, name, declared_type, description;
  Line line = 0, name_line = 0;
};

struct EncodedAttachment {
  AttachmentHeader header;
  std::optional<StagedAttachment> file;
};

struct Draft {
  explicit Draft(const Limits& l) : limits(l) {}

  const Limits& limits;
  Message message;
  StatusMessage status;
  bool has_status_code = false;
  bool has_message_header = false, has_promulgation_date = false;
  Organisation* organisation = nullptr;  // that is being read
  AttachmentHeader* attachment = nullptr;
  std::vector<AttachmentHeader> manifest;
  std::vector<EncodedAttachment> encoded;
  std::set<std::string, std::less<>> recipients;
  std::size_t list_items = 0;
  std::vector<std::string> notes;

  void note(Line line, const std::string& what) { notes.push_back("line " + std::to_string(line) + ": " + what); }
};

// The message or status message of a draft whose elements have all come. Fails with edxml_invalid: what is missing,
// attachments that contradict each other.
Result<File> finish(Draft draft);

}  // namespace hub::edxml
