#include "adapters/edxml/zip_writer.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "adapters/edxml/limits.hpp"
#include "adapters/edxml/refusal.hpp"
#include "hub/base/check.hpp"

namespace hub::edxml {
namespace {

la_ssize_t on_write(struct archive*, void* user, const void* bytes, std::size_t size) {
  static_cast<XmlFile*>(user)->base64({static_cast<const std::uint8_t*>(bytes), size});
  return static_cast<la_ssize_t>(size);
}

class Zip {
 public:
  Zip(XmlFile& to, const std::string& name, std::uint64_t size) : archive_(::archive_write_new()) {
    HUB_CHECK(archive_ != nullptr);
    ::archive_write_set_format_zip(archive_);
    ::archive_write_zip_set_compression_deflate(archive_);
    // The fastest: most attachments are PDF and pictures, which are packed already.
    ::archive_write_set_format_option(archive_, "zip", "compression-level", "1");
    ::archive_write_set_bytes_in_last_block(archive_, 1);
    HUB_CHECK(::archive_write_open(archive_, &to, nullptr, on_write, nullptr) == ARCHIVE_OK);
    struct archive_entry* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, name.c_str());
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(size));
    ::archive_entry_set_filetype(entry, AE_IFREG);
    ::archive_entry_set_perm(entry, 0644);
    good_ = ::archive_write_header(archive_, entry) == ARCHIVE_OK;
    ::archive_entry_free(entry);
  }
  Zip(const Zip&) = delete;
  Zip& operator=(const Zip&) = delete;
  ~Zip() { ::archive_write_free(archive_); }

  void add(ByteView bytes) {
    good_ =
        good_ && ::archive_write_data(archive_, bytes.data(), bytes.size()) == static_cast<la_ssize_t>(bytes.size());
  }
  Result<void> finish(const std::string& path) {
    good_ = ::archive_write_close(archive_) == ARCHIVE_OK && good_;
    if (good_) return {};
    const char* reason = ::archive_error_string(archive_);
    return fail(ErrorCode::io_failed,
                {{"operation", "pack"}, {"path", path}, {"reason", reason ? reason : "it changed"}});
  }

 private:
  struct archive* archive_;
  bool good_ = false;
};

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  operator int() const { return descriptor_; }

 private:
  int descriptor_;
};

Result<void> each_chunk(int file, const std::string& path, const std::function<void(ByteView)>& visit) {
  Buffer buffer(kReadBytes);
  for (;;) {
    const ssize_t got = ::read(file, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read", path);
    if (got == 0) return {};
    visit(ByteView(buffer).first(static_cast<std::size_t>(got)));
  }
}

}  // namespace

Result<void> write_zip(XmlFile& to, const std::string& entry, const std::string& path) {
  const OpenFile file(path);
  struct stat found;
  if (file < 0 || ::fstat(file, &found) != 0) return failed("open", path);
  Zip zip(to, entry, static_cast<std::uint64_t>(found.st_size));
  if (auto read = each_chunk(file, path, [&](ByteView bytes) { zip.add(bytes); }); !read) return read;
  if (auto finished = zip.finish(path); !finished) return finished;
  to.base64_end();
  return {};
}

Result<void> write_zip_of_text(XmlFile& to, const std::string& entry, std::string_view content) {
  Zip zip(to, entry, content.size());
  zip.add(as_bytes(content));
  if (auto finished = zip.finish(entry); !finished) return finished;
  to.base64_end();
  return {};
}

Result<void> write_plain(XmlFile& to, const std::string& path) {
  const OpenFile file(path);
  if (file < 0) return failed("open", path);
  if (auto read = each_chunk(file, path, [&](ByteView bytes) { to.base64(bytes); }); !read) return read;
  to.base64_end();
  return {};
}

}  // namespace hub::edxml
