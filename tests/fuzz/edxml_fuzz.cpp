// Any bytes as an edXML file, and as the configuration of its adapter. Whatever is refused has its line and leaves no
// file; whatever is mapped has the same id when it is read again.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/mapping.hpp"
#include "adapters/edxml/reader.hpp"

namespace {

using namespace hub::edxml;

const std::string& staging() {
  static const std::string out = [] {
    std::string path = (std::filesystem::temp_directory_path() / "fuzz-edxml-XXXXXX").string();
    if (!::mkdtemp(path.data())) std::abort();
    return path;
  }();
  return out;
}

void empty_staging() {
  for (const auto& entry : std::filesystem::directory_iterator(staging())) std::filesystem::remove(entry.path());
}

hub::Result<File> read(const std::uint8_t* data, std::size_t size) {
  const int file = ::memfd_create("edxml", MFD_CLOEXEC);
  if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size) || ::lseek(file, 0, SEEK_SET) != 0)
    std::abort();
  Limits limits;
  limits.expansion_free_bytes = 1 << 20;
  auto out = read_edxml(file, staging(), limits);
  ::close(file);
  return out;
}

const std::vector<Mapping>& mappings() {
  static const auto out = read_mappings(HUB_SOURCE_DIR "/adapters/edxml/mappings");
  if (!out) std::abort();
  return *out;
}

const Organisations& organisations() {
  static const auto out = Organisations::read(HUB_SOURCE_DIR "/tests/data/edxml/organisations.yaml");
  if (!out) std::abort();
  return *out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = read(data, size);
  if (!file && !std::filesystem::is_empty(staging())) std::abort();
  if (!file && file.error().code == hub::ErrorCode::edxml_invalid && file.error().facts.at(0).value.empty())
    std::abort();
  if (file) {
    if (const auto* message = std::get_if<Message>(&file->content)) {
      const auto mapped = map_message(*message, organisations(), mappings());
      if (mapped && (mapped->fields.to.empty() || !mapped->fields.id)) std::abort();
      for (const Attachment& attachment : message->attachments)
        if (attachment.name.empty() || attachment.name.find('/') != std::string::npos) std::abort();
    } else {
      (void)status_target(std::get<StatusMessage>(file->content), organisations());
    }
    empty_staging();
  }
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)Organisations::parse(text, "organisations.yaml");
  (void)parse_mapping(text, "mapping.yaml");
  return 0;
}
