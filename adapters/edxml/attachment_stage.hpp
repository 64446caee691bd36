// Attachments on their way from base64 to files of the staging folder. Whatever was not taken when it goes is removed.
// One thread owns it.
#pragma once

#include <optional>
#include <vector>

#include "adapters/edxml/base64_decoder.hpp"
#include "adapters/edxml/limits.hpp"
#include "adapters/edxml/message.hpp"
#include "adapters/edxml/staged_file.hpp"

namespace hub::edxml {

// What came, and what it was packed in when that was a zip of a single entry: only the name, which may come later,
// tells which of the two is meant.
struct StagedAttachment {
  StagedFile content;
  std::optional<StagedFile> zip;
};

class AttachmentStage {
 public:
  AttachmentStage(std::string folder, const Limits& limits) : folder_(std::move(folder)), limits_(limits) {}

  // One attachment after the other: begin, add as often as it comes, end. Fails with edxml_invalid or io_failed.
  Result<void> begin();
  Result<void> add(std::string_view base64, Line line);
  Result<StagedAttachment> end(Line line);

 private:
  Result<StagedFile> make_file();
  Result<StagedAttachment> unpacked(StagedFile zip, Line line);

  std::string folder_;
  const Limits& limits_;
  std::size_t files_ = 0;
  std::uint64_t staged_bytes_ = 0;
  Base64Decoder decoder_;
  Buffer decoded_;
  std::optional<StagedFile> file_;
};

}  // namespace hub::edxml
