// The agency's outgoing files, from the outbox folder to sent/ or refused/.
//
// The life of a document, each step durable before the next:
//   1. The file is read and checked, and encoded as a document, once. The attachments of X.json (X.files/ beside it) are
//      read for their sizes and digests before; X.edxml is read beside this thread, and its attachments are unpacked into
//      the state's folder and synced there (edxml_files.hpp). A crash before step 2 leaves unpacked files that no row
//      knows: they are removed at the start. A file that is none enters the store with its reason, and steps 5 and 6 follow.
//   2. The documents enter the store's outbox, many in one transaction. From here on the file is known by its name,
//      inode and time; a crash before leaves the file alone, and it is read again: its id is the same.
//   3. They are submitted. A crash or a lost connection: the same bytes go again, and the hub knows them.
//   4. The answers enter the store, with the name under which each file will be filed. A crash before: the hub
//      answers again, as it did.
//   5. Its attachments are moved first, as long as the file itself says that this is not done. An accepted file is
//   moved to sent/, then its status is written; a refused one is moved after its reason is written.
//      A crash before step 6 repeats this: the same names, the same texts; a file that is gone was moved already.
//      Of an edXML file, status/X.02.RECIPIENT.edxml is written for each recipient whom the hub refuses.
//   6. The documents are finished in the store, and their bytes dropped; then what was unpacked of their files.
//
// One thread owns it. A Result that fails is final: what is on disk says how to go on.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/folder/agency_folder.hpp"
#include "adapters/folder/attachments.hpp"
#include "adapters/folder/description.hpp"
#include "adapters/folder/edxml_files.hpp"
#include "adapters/folder/edxml_status.hpp"
#include "adapters/folder/intake.hpp"
#include "adapters/folder/status_reports.hpp"
#include "adapters/sdk/client.hpp"
#include "adapters/sdk/store.hpp"

namespace hub::folder {

struct Submission {
  sdk::Ticket ticket = 0;
  Buffer document;
};

struct TakeLimits {
  std::size_t documents_max = 0;
  std::size_t bytes_max = 0;  // one file may go over it
};

class Outbox {
 public:
  // Borrows them. Files that `reports` holds are not its own.
  Outbox(std::string party, AgencyFolder& folder, sdk::Store& store, const StatusReports& reports, EdxmlFiles& edxml);

  // What an earlier life left: documents to submit again. Answers that were stored are settled with the next settle().
  Result<std::vector<Submission>> recover();

  // Steps 1 and 2, for the first files by name. Sets more_waiting(). edXML files are asked for, and come with take_read().
  Result<std::vector<Submission>> take(const TakeLimits& limits, UnixMicros now);
  // Steps 1 and 2, for the edXML files that were read since the last call.
  Result<std::vector<Submission>> take_read(UnixMicros now);
  bool more_waiting() const { return more_waiting_; }
  // Reads attachments that must be known before step 2; true when there is more to read at once.
  bool measure();
  bool measuring() const { return measuring_.busy(); }
  // The file of a submitted document's attachment.
  Result<content::File> open_content(sdk::Ticket ticket, std::size_t attachment) const;
  // The status files among those that take() has read.
  std::vector<FileRead> take_status_files() { return std::exchange(status_files_, {}); }
  // Those among the edXML files that take_read() has taken.
  std::vector<StatusFile> take_edxml_statuses() { return std::exchange(edxml_statuses_, {}); }

  // The hub's answer; kept until settle().
  void answer(sdk::Ticket ticket, const wire::DocumentResult& result);
  // Steps 4 to 6 for all answers since the last call.
  Result<void> settle(const sdk::Progress& progress, UnixMicros now);
  // A receipt can come before the answer, when the answer was lost and the document went again. It says that the document
  // was accepted, so the name under which it will be filed is settled then, and the receipt is filed under it.
  Result<void> settle_names(std::span<const sdk::ReceivedReceipt> receipts);

 private:
  struct Pending {
    sdk::FileIdentity file;
    Description description;
    std::vector<std::string> attachments;
    std::string final_name;  // settled already when a receipt came before the answer, else empty
    std::string origin;      // of an edXML file, else empty
  };
  struct Answered {
    sdk::Ticket ticket = 0;
    Pending pending;
    Answer answer;
    Buffer stored;  // the answer as the store keeps it
    std::string final_name;
  };

  Result<void> next_names(std::size_t count_max, std::vector<std::string>& out);
  Result<void> take_name(const std::string& name, std::vector<sdk::NewDocument>& documents, std::size_t& bytes,
                         UnixMicros now);
  bool ask_for_edxml(const std::string& name);
  Result<void> take_one_read(EdxmlRead read, std::vector<sdk::NewDocument>& documents, UnixMicros now);
  Result<void> take_edxml_document(EdxmlRead read, std::vector<sdk::NewDocument>& documents, UnixMicros now);
  Result<void> take_edxml_status(EdxmlRead read, std::vector<sdk::NewDocument>& documents, UnixMicros now);
  Result<std::vector<Submission>> enter(std::vector<sdk::NewDocument> documents, UnixMicros now);
  Result<void> refuse_file(const sdk::FileIdentity& file, const Error& error, UnixMicros now);
  void add_pending(const sdk::OutboxRow& row);
  Result<void> add_answered(sdk::OutboxRow row);
  void choose_names(std::vector<Answered>& answered) const;
  std::string choose_name(const std::string& file, bool accepted, const std::set<std::string>& taken) const;
  Result<void> record(const std::vector<Answered>& answered, const sdk::Progress& progress, UnixMicros now);
  Result<void> file_away(const std::vector<Answered>& answered);
  Result<void> tell_refusals(const std::vector<Answered>& answered) const;
  Result<std::optional<sdk::NewDocument>> read_document(const FileRead& file, UnixMicros now);
  Result<void> move_attachments(const std::string& file, const Folder& to, const std::string& stem);
  Result<void> move_file(const sdk::FileIdentity& file, const Folder& to, const std::string& stem);
  bool is_taken(const std::string& stem, bool accepted) const;

  const std::string party_;
  AgencyFolder& folder_;
  sdk::Store& store_;
  const StatusReports& reports_;
  EdxmlFiles& edxml_;
  std::vector<FileRead> status_files_;
  std::vector<StatusFile> edxml_statuses_;
  std::map<sdk::Ticket, Pending> pending_;   // submitted and not answered
  std::set<std::string> files_;              // names in the outbox folder that belong to unfinished documents
  std::vector<Answered> answered_;
  Measuring measuring_;
  std::set<std::string> reported_;           // names that were ignored, and said so
  bool more_waiting_ = false;
};

}  // namespace hub::folder
