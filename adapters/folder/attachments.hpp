// Attachments of the agency's outgoing files. They lie in a folder beside the file: X.files/ beside X.json.
//
// Their sizes and digests stand in the document, so they are read before it can be encoded: a part at a time, since a
// large file must not keep the session from its heartbeats. One thread owns it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/folder/files.hpp"
#include "adapters/sdk/store.hpp"
#include "hub/content/file.hpp"
#include "hub/registry/attachment.hpp"

namespace hub::folder {

// "a.files" of "a.json".
std::string attachments_folder(std::string_view file_name);

// A file of an attachment, to be read. attachment_unreadable.
Result<content::File> open_attachment(const Folder& outbox, const std::string& file_name,
                                      const std::string& attachment);

class Measuring {
 public:
  static constexpr std::size_t kDocumentsAtOnce = 4;
  static constexpr std::size_t kBytesAtOnce = 8 << 20;

  // Fills in sizes and digests. False: they are not known yet, ask again when finished() says so.
  // attachment_unreadable; attachment_digest_wrong when the file says another size or digest itself.
  Result<bool> fill(const sdk::FileIdentity& file, std::vector<registry::AttachmentFields>& attachments);
  // Reads on; true when there is more to read.
  bool work(const Folder& outbox);
  bool busy() const;
  // Whether something was measured since the last call, or there is room for what was turned away.
  bool finished() { return std::exchange(finished_, false); }
  // Forgets files that are not in the outbox any more.
  void forget_gone(const Folder& outbox);

 private:
  struct One {
    std::string name;
    std::uint64_t size = 0;
    crypto::Sha256 hash;
    std::optional<crypto::Digest> digest;
  };
  struct Job {
    sdk::FileIdentity file;
    std::vector<One> files;
    std::optional<Error> error;
    bool done() const;
  };
  void read_some(const Folder& outbox, Job& job);

  std::map<std::string, Job> jobs_;  // by the document's file name
  bool finished_ = false, turned_away_ = false;
};

}  // namespace hub::folder
