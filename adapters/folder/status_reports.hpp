// What the agency's system says about deliveries: status files that it drops into the outbox folder, and what the
// adapter itself has to say of those that it could not put into the inbox.
//
// The life of a status file, each step durable before the next:
//   1. It is read and checked. One that is no good is answered here: it goes on with step 4, which comes with step 2.
//   2. Its report enters the store. A crash before leaves the file alone, and it is read again.
//   3. It is reported. A crash or a lost connection: the same report goes again, and the hub knows it.
//   4. The answer enters the store, with the name under which the file will be filed. A crash before: the hub answers
//   again.
//   5. The file is moved to sent/ and status/NAME.reported.json is written; or refused/ gets the reason, then the file.
//      A crash before step 6 repeats this: the same names, the same texts; a file that is gone was moved already.
//   6. The report is dropped from the store.
// The adapter's own reports have no file: they end with the answer.
//
// One thread owns it. A Result that fails is final: what is on disk says how to go on.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "adapters/folder/agency_folder.hpp"
#include "adapters/folder/intake.hpp"
#include "adapters/sdk/client.hpp"
#include "adapters/sdk/store.hpp"

namespace hub::folder {

// Whether a file of the outbox is a status file: a JSON object with the member `status`.
bool is_status_file(std::string_view content);

// {"status": name, "delivery": id, "reason": text (absent: none), "time": RFC 3339 (absent: `now`)}
// file_not_json, report_invalid, secrecy_mark; delivery_unknown when it is another journal's.
Result<sdk::StatusReport> read_status_file(std::string_view content, const Bytes<16>& journal_id, UnixMicros now);

// A status file, and what it says or why it is no good.
struct StatusFile {
  sdk::FileIdentity file;
  Result<sdk::StatusReport> report;
};

class StatusReports {
 public:
  // Borrows both.
  StatusReports(AgencyFolder& folder, sdk::Store& store) : folder_(folder), store_(store) {}

  // Steps 1 and 2. `journal_id`: nothing before the first connection, when there can be no delivery yet.
  Result<void> take(std::span<const FileRead> files, const std::optional<Bytes<16>>& journal_id, UnixMicros now);
  // The same for files that were read already.
  Result<void> take(std::vector<StatusFile> files);
  // What is in the store and was not given out yet, to be reported; what was answered there is for settle().
  Result<std::vector<sdk::StatusReport>> next();
  // The hub's answer; kept until settle().
  void answer(sdk::ReportTicket ticket, Position record, const std::optional<Error>& refusal);
  // Steps 4 to 6 for all answers since the last call. Before the next take(), which must see the names that they get.
  Result<void> settle(UnixMicros now);

  // Whether that file of the outbox folder belongs to an unfinished report.
  bool holds(const std::string& file) const { return files_.contains(file); }

 private:
  struct Answered {
    sdk::ReportRow row;
    Position record;
    std::optional<Error> refusal;
  };

  Result<void> file_away(const std::vector<Answered>& answered, UnixMicros now);
  void append_refusal(const sdk::FileIdentity& file, const std::string& stem, const Error& error, Position record,
                      UnixMicros now, std::vector<NamedText>& texts) const;
  std::string choose_name(const std::string& file, bool is_taken_by_hub, const std::set<std::string>& taken) const;
  Result<void> move(const sdk::FileIdentity& file, const Folder& to, const std::string& stem);
  Result<void> sync() const;

  AgencyFolder& folder_;
  sdk::Store& store_;
  std::map<sdk::ReportTicket, sdk::ReportRow> pending_;  // given out and not answered
  std::vector<Answered> answered_;
  std::set<std::string> files_;  // names in the outbox folder
  sdk::ReportTicket given_out_ = 0;
};

}  // namespace hub::folder
