// Every bound on what an edXML file may ask of the machine that reads it, in one place. Tests lower them to stand at a
// limit and one over.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hub::edxml {

constexpr std::size_t kReadBytes = 64 << 10;  // of a file at once; also what is decoded and unpacked at once

struct Limits {
  std::uint64_t file_bytes = std::uint64_t{6} << 30;  // base64 of 4 GiB with its line ends
  std::size_t depth = 64;                             // of elements
  std::size_t elements = 20'000;
  std::size_t text_bytes = 64 << 10;   // of one element that is no attachment's content
  std::size_t markup_bytes = 1 << 20;  // of one tag, comment or instruction: libxml2 holds it until its end
  std::size_t recipients = 255;        // To; as many as a document may have
  std::size_t responses = 50;          // ResponseFor; as many as official-document may have
  std::size_t list_items = 1'000;      // Place, Appendix, TraceHeader, Receiver, ReplacementInfo, OrganId, Reference
  std::size_t attachments = 100;       // as many as a type may permit
  std::uint64_t attachment_bytes = std::uint64_t{4} << 30;  // of one, as it comes and unpacked
  std::uint64_t staged_bytes = std::uint64_t{8} << 30;      // of all together: what comes, and unpacked
  std::uint64_t expansion_ratio = 100;                      // unpacked to packed, beyond expansion_free_bytes
  std::uint64_t expansion_free_bytes = 16 << 20;
};

constexpr std::size_t kHubDataBytesMax = 4 << 20;  // hub-data.json: a document of 1 MiB, indented
constexpr std::size_t kFileNameBytesMax = 150;     // of an attachment

}  // namespace hub::edxml
