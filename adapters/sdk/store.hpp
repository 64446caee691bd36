// What an endpoint must not forget: its outbox, its inbox, and how far its streams are stored. SQLite; the tables are
// described in README.md. One thread owns it. Each function below is one transaction, synced when it returns; every
// failure is final (io_failed): the process ends and starts again from what is on disk.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/sdk/client.hpp"
#include "hub/base/uuid.hpp"
#include "hub/sqlite/sqlite.hpp"

namespace hub::sdk {

// A file of the agency, as it was when it was read: the same name may be another file later.
struct FileIdentity {
  std::string name;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

enum class OutboxState : std::uint8_t { queued = 0, accepted = 1, refused = 2 };

struct NewDocument {
  Uuid id;
  FileIdentity file;
  crypto::Digest content{};  // of the agency's file
  Buffer document;           // encoded once; these bytes are signed
  std::vector<std::string> attachments = {};  // the files of its attachments, in their order
  std::string origin = {};  // how the agency's system names it, in the adapter's own form; empty: by its file alone
};

// What a document has beside its file's content: with it, the same content gives the same bytes.
struct Seal {
  Bytes<16> salt{};
  UnixMicros time;
};

// A document that isn't finished: the agency's file still has to be moved.
struct OutboxRow {
  Ticket ticket = 0;
  Uuid id;
  FileIdentity file;
  Buffer document;           // empty: a file that was refused without the hub
  OutboxState state = OutboxState::queued;
  Buffer result;             // a RESULTS frame of one; empty while queued
  std::string final_name;    // chosen with the result, or with a receipt that came before it
  std::vector<std::string> attachments = {};
  std::string origin = {};
};

struct OutboxResult {
  Ticket ticket = 0;
  OutboxState state{};
  Position position;
  crypto::Digest leaf{};
  Buffer result;
  std::string final_name;
  bool is_open = false;  // accepted, and a recipient was refused: a repetition goes to the hub
};

// A content that a staged delivery waits for.
struct AwaitedContent {
  std::string delivery_id;
  wire::DeliveryKey delivery;
  std::uint32_t attachment = 0;  // index in the document
  std::string name;
  std::uint64_t size = 0;
  crypto::Digest sha256{};
};

struct StagedDelivery {
  std::string id;
  StreamSequence sequence;
  std::vector<AwaitedContent> contents = {};
  Uuid document = {};
  std::optional<Uuid> recalls = {};  // the document that this one asks to recall
  crypto::Digest leaf = {};          // of the acceptance, as it was verified
};

// A report that isn't finished: not answered, or the agency's file still has to be moved.
struct ReportRow {
  StatusReport report;
  FileIdentity file;  // of the agency; without a name: the adapter's own report
  Buffer answer;      // an ANSWER frame; empty while there is none
  std::string final_name;
};

class Store {
 public:
  static constexpr int kSchemaVersion = 4;
  static constexpr std::int64_t kKeptMicros = 30 * kMicrosPerDay;

  // Opens or makes the file. config_invalid when another party's or a newer version's.
  static Result<std::unique_ptr<Store>> open(const std::string& path, const std::string& party);

  Result<Progress> progress();
  // Sequences and positions only grow; the journal's id is written once.
  Result<void> save(const Progress& progress);

  // Documents enter the outbox, all or none. One whose id and content were accepted before, by all recipients, comes
  // back with that result and need not be sent; one that is queued already gets the same bytes, so that the hub sees a
  // repetition.
  Result<std::vector<OutboxRow>> take(std::vector<NewDocument> documents, UnixMicros now);
  // Of a document with that id and content that was accepted, and that a recipient has refused: it goes again, as the
  // same bytes, and the hub decides those recipients anew.
  Result<std::optional<Seal>> open_seal(const Uuid& id, const crypto::Digest& content);
  // A recipient's system has refused it.
  Result<void> reopen(const Uuid& id);
  // The hub's answers; from here on a repetition of the id is recognised.
  Result<void> record(std::span<const OutboxResult> results, const Progress& progress, UnixMicros now);
  // A receipt came before the answer: the name under which the document will be filed is settled now.
  Result<void> settle_name(Ticket ticket, const std::string& final_name);
  // A file that is refused without the hub: it will be filed with this result and under this name. Its row has no document.
  Result<Ticket> refuse(const FileIdentity& file, ByteView result, const std::string& final_name, UnixMicros now);
  // The agency's files were moved: the documents' bytes are dropped, and rows without a document.
  Result<void> finish(std::span<const Ticket> tickets);
  Result<std::vector<OutboxRow>> unfinished();  // in the order in which they were taken
  // The name under which an accepted document is filed; empty when it is not known (any more).
  Result<std::string> final_name(const Uuid& id);
  // NewDocument::origin of an accepted or refused document; empty when it had none, or is not known (any more).
  Result<std::string> origin(const Uuid& id);
  // The hub's answer to an accepted document, as it was recorded; empty when it is not known (any more).
  Result<Buffer> accepted_result(const Uuid& id);

  Result<bool> knows_delivery(const std::string& id);
  // The last delivery of a document, of those that wait for no content if there are any: what is said of the document is not
  // about a replay that nobody has seen yet. Empty when it is not known (any more).
  Result<std::string> delivery_of(const Uuid& document);
  // The document that this one, which was delivered, asks to recall.
  Result<std::optional<Uuid>> recalled_by(const Uuid& document);
  // Logs deliveries whose staging files are durable, those that could not be written (as reports), and that those in
  // `delivered` stand in the inbox.
  Result<void> stage(std::span<const StagedDelivery> deliveries, std::span<const ReportRow> failures,
                     std::span<const std::string> delivered, const Progress& progress, UnixMicros now);
  // Those that wait for no content, in the order of their sequences.
  Result<std::vector<std::string>> staged();
  Result<std::vector<AwaitedContent>> awaited();
  // A content stands in its place. True when the delivery waits for no other one: the report that it is delivered is
  // stored with that.
  Result<bool> content_stored(const AwaitedContent& content, UnixMicros now);
  // A content that it waits for can't be had: the delivery is forgotten, so that it can come again, and the report of its
  // failure is stored with that.
  Result<void> give_up(const std::string& delivery_id, const ReportRow& failure);
  Result<void> mark_delivered(std::span<const std::string> ids);

  // Reports enter, all or none; their tickets are given here. One that has an answer already is filed like the others.
  Result<void> take_reports(std::span<const ReportRow> reports);
  // The unfinished ones with a ticket above `after`, in order.
  Result<std::vector<ReportRow>> reports(ReportTicket after);
  // The hub's answers, and the names under which the files will be filed.
  Result<void> record_reports(std::span<const ReportRow> answered);
  // The files were moved: nothing is left to do.
  Result<void> finish_reports(std::span<const ReportTicket> tickets);

  // Forgets finished rows that are older than kKeptMicros.
  Result<void> prune(UnixMicros now);

 private:
  explicit Store(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
  Result<void> migrate(const std::string& path);
  Result<std::vector<std::string>> attachments_of(Ticket ticket);
  Result<void> set_up(const std::string& path, const std::string& party);
  Result<void> save_in_transaction(const Progress& progress);
  Result<OutboxRow> take_one(NewDocument& document, UnixMicros now);
  Result<void> mark_in_transaction(std::span<const std::string> ids);
  Result<void> insert_reports(std::span<const ReportRow> reports);

  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace hub::sdk
