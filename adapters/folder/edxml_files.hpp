// The outbox's edXML files, read beside the adapter's thread: a file may have 6 GiB, and must not keep the session from its
// heartbeats.
//
// Their attachments stand unpacked in STATE/edxml/KEY/, where KEY is made of the file's name, inode and time, so that the
// same file has the same folder after a restart. They are synced before read() of the file is answered, and removed
// when the document is finished; what no document owns is removed at the start.
//
// One thread owns it: that of the Background.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "adapters/edxml/mapping.hpp"
#include "adapters/folder/background.hpp"
#include "adapters/folder/edxml_setup.hpp"
#include "adapters/folder/agency_folder.hpp"
#include "adapters/sdk/store.hpp"
#include "hub/content/file.hpp"

namespace hub::folder {

struct EdxmlRead {
  enum class Kind : std::uint8_t {
    document,  // `document`, `content`, `reference`
    status,    // `status`
    refused,   // `error`
    changed,   // it is another file by now, or somebody writes it: to be looked at again
  };
  Kind kind = Kind::changed;
  sdk::FileIdentity file;
  edxml::MappedDocument document;
  crypto::Digest content{};
  edxml::DocumentReference reference;  // how the agency itself names the document
  edxml::Line line = 0;                // of the header
  edxml::StatusMessage status;
  Error error;
};

class EdxmlFiles {
 public:
  // Borrows outbox, setup and background. Without a setup no file is read, and what is staged from before still is there.
  EdxmlFiles(std::string party, const Folder& outbox, const std::string& state, const EdxmlSetup* setup,
             Background& background);
  EdxmlFiles(const EdxmlFiles&) = delete;
  EdxmlFiles& operator=(const EdxmlFiles&) = delete;

  // Whether such a file is read as edXML.
  bool takes(std::string_view file_name) const { return setup_ != nullptr && is_edxml_name(file_name); }
  const EdxmlSetup* setup() const { return setup_; }

  // Reads a file; answered in take() after background.finish(). Files of up to kLargeBytes are answered in the order in which
  // they were asked for.
  void read(const sdk::FileIdentity& file, std::uint64_t bytes);
  bool is_reading(const std::string& file_name) const { return reading_.contains(file_name); }
  std::size_t reading() const { return reading_.size(); }
  std::vector<EdxmlRead> take();

  // A staged attachment of a document. attachment_unreadable.
  Result<content::File> open_attachment(const sdk::FileIdentity& file, const std::string& attachment) const;
  // Removes what is staged of a file.
  void forget(const sdk::FileIdentity& file) const;
  // Removes what is staged of any other file.
  void keep_only(const std::vector<sdk::FileIdentity>& files) const;

 private:
  std::string folder_of(const sdk::FileIdentity& file) const;

  const std::string party_;
  const Folder& outbox_;
  const std::string staged_;  // STATE/edxml
  const EdxmlSetup* const setup_;
  Background& background_;
  std::set<std::string> reading_;  // names, asked for and not taken
  std::vector<EdxmlRead> read_;
};

}  // namespace hub::folder
