// An edXML file that is being written: libxml2's writer over a new file, which is removed unless it was finished.
// The first failure is kept and told by finish. One thread owns it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

struct _xmlTextWriter;

namespace hub::edxml {

class XmlFile {
 public:
  static Result<std::unique_ptr<XmlFile>> make(const std::string& path);  // io_failed, also when it exists
  XmlFile(const XmlFile&) = delete;
  XmlFile& operator=(const XmlFile&) = delete;
  ~XmlFile();

  void open(const char* name);
  void attribute(const char* name, std::string_view value);
  void close();
  void element(const char* name, std::string_view text);  // none when the text is empty
  void base64(ByteView bytes);  // in pieces; what is over waits for the next, or for base64_end
  void base64_end();
  Result<void> finish();  // closes what is open, syncs

  // libxml2's output comes in here: bytes written, or -1.
  int write(std::string_view bytes);

 private:
  XmlFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  void check(int result);

  std::string path_;
  int descriptor_;
  _xmlTextWriter* writer_ = nullptr;
  std::optional<Error> error_;
  Buffer waiting_;  // for base64
};

}  // namespace hub::edxml
