#include "adapters/folder/intake.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "adapters/sdk/encode.hpp"
#include "hub/base/check.hpp"
#include "hub/registry/document_json.hpp"

namespace hub::folder {
namespace {

sdk::FileIdentity identity_of(const std::string& name, const struct stat& s) {
  return {name, s.st_ino, s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec};
}

// The kernel grants a read lease only while nobody has the file open for writing, so asking for one tells whether the
// writer is done. Not every file system has leases, and none is granted on a file of another user without the right
// to it: then the name and the events have to be enough.
bool is_being_written(int file) {
  // A writer that comes while the lease is held is told by a signal; this one is ignored by default, SIGIO is not.
  if (::fcntl(file, F_SETSIG, SIGURG) != 0) return false;
  const bool refused = ::fcntl(file, F_SETLEASE, F_RDLCK) != 0;
  const int error = errno;
  if (refused) return error == EAGAIN;
  ::fcntl(file, F_SETLEASE, F_UNLCK);
  return false;
}

FileRead refused(FileRead read, Error error) {
  read.kind = FileRead::Kind::refused;
  read.error = std::move(error);
  return read;
}

FileRead too_large(FileRead read, std::uint64_t actual, std::size_t limit) {
  const std::string name = read.identity.name;
  return refused(std::move(read), {ErrorCode::file_too_large,
                                   {{"path", name},
                                    {"actual", std::to_string(actual)},
                                    {"limit", std::to_string(limit)}}});
}

}  // namespace

std::optional<sdk::FileIdentity> identify(const Folder& outbox, const std::string& name) {
  struct stat found;
  if (::fstatat(outbox.descriptor(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(found.st_mode))
    return std::nullopt;
  return identity_of(name, found);
}

Descriptor::~Descriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OpenedFile open_agency_file(const Folder& outbox, const std::string& name) {
  OpenedFile out;
  out.identity.name = name;
  struct stat found;
  // Asked before it is opened: opening some special files has effects of its own.
  if (::fstatat(outbox.descriptor(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    out.kind = FileRead::Kind::gone;
    return out;
  }
  if (!S_ISREG(found.st_mode)) return out;
  out.identity = identity_of(name, found);
  out.descriptor =
      Descriptor(::openat(outbox.descriptor(), name.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (out.descriptor < 0) {
    out.kind = errno == ENOENT || errno == ELOOP ? FileRead::Kind::gone : FileRead::Kind::refused;
    if (out.kind == FileRead::Kind::refused) out.error = outbox.failed("open", name).value();
    return out;
  }
  if (::fstat(out.descriptor, &found) != 0 || !S_ISREG(found.st_mode)) return out;
  out.identity = identity_of(name, found);
  out.bytes = static_cast<std::uint64_t>(found.st_size);
  out.kind = is_being_written(out.descriptor) ? FileRead::Kind::busy : FileRead::Kind::content;
  return out;
}

bool OpenedFile::is_unchanged() const {
  struct stat now;
  return ::fstat(descriptor, &now) == 0 && identity_of(identity.name, now) == identity &&
         static_cast<std::uint64_t>(now.st_size) == bytes;
}

FileRead read_agency_file(const Folder& outbox, const std::string& name, std::size_t bytes_max) {
  const OpenedFile file = open_agency_file(outbox, name);
  FileRead read{file.kind, file.identity, {}, file.error};
  if (file.kind != FileRead::Kind::content) return read;
  if (file.bytes > bytes_max) return too_large(std::move(read), file.bytes, bytes_max);
  read.content.resize(static_cast<std::size_t>(file.bytes));
  std::size_t size = 0;
  while (size < read.content.size()) {
    const ssize_t got = ::read(file.descriptor, read.content.data() + size, read.content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused(std::move(read), outbox.failed("read", name).value());
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  // Whoever wrote meanwhile closes the file, and that brings an event.
  if (!file.is_unchanged() || size != read.content.size()) read.kind = FileRead::Kind::busy;
  return read;
}

Result<registry::DocumentFields> read_fields(const FileRead& file) {
  return registry::document_from_json(file.content);
}

Result<sdk::NewDocument> make_document(const FileRead& file, registry::DocumentFields fields, const std::string& party,
                                       UnixMicros now, sdk::Store& store) {
  // Both, since the same text may come again with other attachments.
  crypto::Sha256 both;
  both.add(as_bytes(file.content));
  for (const registry::AttachmentFields& attachment : fields.attachments) both.add(*attachment.sha256);
  if (!fields.id) fields.id = sdk::derived_id(party, file.identity.name, file.identity.modified_ns, file.content);
  return make_document(file.identity, both.finish(), std::move(fields), party, now, store);
}

Result<sdk::NewDocument> make_document(const sdk::FileIdentity& file, const crypto::Digest& content,
                                       registry::DocumentFields fields, const std::string& party, UnixMicros now,
                                       sdk::Store& store) {
  HUB_CHECK(fields.id.has_value());
  const Uuid id = *fields.id;
  std::vector<std::string> attachments;
  for (const registry::AttachmentFields& attachment : fields.attachments) attachments.push_back(attachment.file);
  const auto seal = store.open_seal(id, content);
  if (!seal) return tl::unexpected(seal.error());
  if (*seal && !fields.salt) fields.salt = (*seal)->salt;
  if (*seal && !fields.time) fields.time = (*seal)->time;
  auto document = sdk::encode_document(std::move(fields), party, now);
  if (!document) return tl::unexpected(document.error());
  return sdk::NewDocument{id, file, content, std::move(*document), std::move(attachments)};
}

}  // namespace hub::folder
