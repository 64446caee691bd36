// Files to read and folders to read them in.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/edxml/mapping.hpp"
#include "adapters/edxml/reader.hpp"
#include "hub/base/error_catalogue.hpp"
#include "tests/support/temporary_folder.hpp"

namespace hub::test {

inline const std::string kEdxmlData = HUB_SOURCE_DIR "/tests/data/edxml/";

inline std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_content(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

inline Result<edxml::File> read_path(const std::string& path, const TemporaryFolder& staging,
                                     const edxml::Limits& limits = {}) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(file >= 0);
  auto out = edxml::read_edxml(file, staging.path(), limits);
  ::close(file);
  return out;
}

inline Result<edxml::File> read_text(std::string_view text, const TemporaryFolder& staging,
                                     const edxml::Limits& limits = {}) {
  const TemporaryFolder folder;
  write_content(folder.path() + "/file.edxml", text);
  return read_path(folder.path() + "/file.edxml", staging, limits);
}

// "accepted", or "code line: reason".
template <class T>
std::string outcome(const Result<T>& result) {
  if (result) return "accepted";
  return std::string(code_text(result.error().code)) + " " +
         fill(result.error().code == ErrorCode::edxml_invalid ? "{line}: {reason_en}" : "{line}: {organ_id}{mark}",
              result.error().facts);
}

inline const edxml::Organisations& sample_organisations() {
  static const auto out = edxml::Organisations::read(kEdxmlData + "organisations.yaml");
  REQUIRE(out);
  return *out;
}

inline const std::vector<edxml::Mapping>& shipped_mappings() {
  static const auto out = edxml::read_mappings(HUB_SOURCE_DIR "/adapters/edxml/mappings");
  if (!out) FAIL(describe(out.error(), Language::english));
  return *out;
}

// A document with `inner` after its header, for what stands in AttachmentEncoded.
inline std::string sample_edxml(const std::string& header = "", const std::string& after = "") {
  const std::string text = content_of(kEdxmlData + "good/01-day-du.edxml");
  std::string out = text.substr(0, text.find("  <AttachmentEncoded>"));
  out.insert(out.find("      </edXML:MessageHeader>"), header);
  return out + after + "</edXML>\n";
}

inline std::string sample_attachment(const std::string& name, const std::string& content) {
  return "<Attachment><ContentTransferEncoded>" + to_base64(as_bytes(content)) +
         "</ContentTransferEncoded><AttachmentName>" + name + "</AttachmentName></Attachment>";
}

}  // namespace hub::test
