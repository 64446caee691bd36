#include "adapters/edxml/xml_file.hpp"

#include <fcntl.h>
#include <libxml/xmlwriter.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "adapters/edxml/refusal.hpp"
#include "hub/base/check.hpp"

namespace hub::edxml {
namespace {

int on_write(void* user, const char* bytes, int size) {
  return static_cast<XmlFile*>(user)->write({bytes, static_cast<std::size_t>(size)});
}
int on_close(void*) { return 0; }

const xmlChar* xml(const char* text) { return reinterpret_cast<const xmlChar*>(text); }

// Without what XML 1.0 has no place for: control signs, U+FFFE and U+FFFF.
std::string permitted(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool no_character = text.substr(i, 3) == "\xef\xbf\xbe" || text.substr(i, 3) == "\xef\xbf\xbf";
    const bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (no_character) i += 2;
    if (control || no_character) {
      out += "\xef\xbf\xbd";
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<XmlFile>> XmlFile::make(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (descriptor < 0) return failed("create", path);
  std::unique_ptr<XmlFile> out(new XmlFile(path, descriptor));
  xmlOutputBufferPtr buffer = ::xmlOutputBufferCreateIO(on_write, on_close, out.get(), nullptr);
  out->writer_ = ::xmlNewTextWriter(buffer);
  HUB_CHECK(out->writer_ != nullptr);
  ::xmlTextWriterSetIndent(out->writer_, 1);
  out->check(::xmlTextWriterStartDocument(out->writer_, "1.0", "UTF-8", nullptr));
  return out;
}

XmlFile::~XmlFile() {
  if (writer_) ::xmlFreeTextWriter(writer_);
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

void XmlFile::check(int result) {
  if (result >= 0 || error_) return;
  error_ =
      Error{ErrorCode::io_failed, {{"operation", "write"}, {"path", path_}, {"reason", "XML could not be written"}}};
}

int XmlFile::write(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t written = ::write(descriptor_, bytes.data() + at, bytes.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      if (!error_) error_ = failed("write", path_).value();
      return -1;
    }
    at += static_cast<std::size_t>(written);
  }
  return static_cast<int>(bytes.size());
}

void XmlFile::open(const char* name) { check(::xmlTextWriterStartElement(writer_, xml(name))); }
void XmlFile::attribute(const char* name, std::string_view value) {
  check(::xmlTextWriterWriteAttribute(writer_, xml(name), xml(permitted(value).c_str())));
}
void XmlFile::close() { check(::xmlTextWriterEndElement(writer_)); }
void XmlFile::element(const char* name, std::string_view text) {
  if (!text.empty()) check(::xmlTextWriterWriteElement(writer_, xml(name), xml(permitted(text).c_str())));
}

void XmlFile::base64(ByteView bytes) {
  append(waiting_, bytes);
  const std::size_t whole = waiting_.size() / 3 * 3;
  const std::string text = to_base64(ByteView(waiting_).first(whole));
  check(::xmlTextWriterWriteRawLen(writer_, xml(text.c_str()), static_cast<int>(text.size())));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(whole));
}

void XmlFile::base64_end() {
  check(::xmlTextWriterWriteRaw(writer_, xml(to_base64(waiting_).c_str())));
  waiting_.clear();
}

Result<void> XmlFile::finish() {
  check(::xmlTextWriterEndDocument(writer_));
  ::xmlFreeTextWriter(std::exchange(writer_, nullptr));
  if (!error_ && ::fsync(descriptor_) != 0) error_ = failed("sync", path_).value();
  if (error_) return tl::unexpected(*error_);
  path_.clear();
  return {};
}

}  // namespace hub::edxml
