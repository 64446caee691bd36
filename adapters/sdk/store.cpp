#include "adapters/sdk/store.hpp"

#include "adapters/sdk/store_values.hpp"
#include "hub/base/check.hpp"
#include "hub/registry/document.hpp"

namespace hub::sdk {

using sqlite::Database, sqlite::Statement, sqlite::Transaction;

namespace {

constexpr char kSchema[] = R"(
CREATE TABLE progress (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  party TEXT NOT NULL,
  journal_id BLOB,
  deliveries_stored INTEGER NOT NULL DEFAULT 0,
  receipts_stored INTEGER NOT NULL DEFAULT 0,
  position_seen INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE outbox (
  ticket INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id BLOB NOT NULL CHECK (length(document_id) = 16),
  file TEXT NOT NULL,
  inode INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  content BLOB NOT NULL CHECK (length(content) = 32),
  document BLOB,
  state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
  position INTEGER,
  leaf BLOB,
  result BLOB,
  final_name TEXT NOT NULL DEFAULT '',
  finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_document ON outbox (document_id);
CREATE INDEX outbox_unfinished ON outbox (ticket) WHERE finished = 0;
CREATE INDEX outbox_finished ON outbox (changed_at) WHERE finished = 1;
CREATE TABLE inbox (
  delivery_id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL,
  delivered INTEGER NOT NULL CHECK (delivered IN (0, 1)),
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_staged ON inbox (sequence) WHERE delivered = 0;
CREATE INDEX inbox_delivered ON inbox (changed_at) WHERE delivered = 1;
)";

// What version 2 has beside version 1: attachments, reports, and what the same bytes are made with again.
constexpr char kSchemaOfVersion2[] = R"(
CREATE TABLE outbox_attachment (
  ticket INTEGER NOT NULL,
  attachment INTEGER NOT NULL,
  file TEXT NOT NULL,
  PRIMARY KEY (ticket, attachment)
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox_content (
  delivery_id TEXT NOT NULL,
  attachment INTEGER NOT NULL,
  position INTEGER NOT NULL,
  outcome_index INTEGER NOT NULL,
  replay INTEGER NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  PRIMARY KEY (delivery_id, attachment)
) STRICT, WITHOUT ROWID;
ALTER TABLE outbox ADD COLUMN salt BLOB;
ALTER TABLE outbox ADD COLUMN signed_at INTEGER;
ALTER TABLE outbox ADD COLUMN open INTEGER NOT NULL DEFAULT 0 CHECK (open IN (0, 1));
ALTER TABLE outbox ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN document_id BLOB;
ALTER TABLE inbox ADD COLUMN recalls BLOB;
CREATE INDEX inbox_by_document ON inbox (document_id, sequence);
CREATE TABLE reports (
  ticket INTEGER PRIMARY KEY AUTOINCREMENT,
  position INTEGER NOT NULL,
  outcome_index INTEGER NOT NULL,
  replay INTEGER NOT NULL,
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  reported_at INTEGER NOT NULL,
  cause TEXT NOT NULL,
  permanent INTEGER NOT NULL CHECK (permanent IN (0, 1)),
  file TEXT NOT NULL,
  inode INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  answer BLOB,
  final_name TEXT NOT NULL DEFAULT ''
) STRICT;
)";

// What makes version n + 1 of version n.
// The newest checkpoint of the hub's tree, a signed note.
constexpr char kSchemaOfVersion3[] = "ALTER TABLE progress ADD COLUMN checkpoint TEXT NOT NULL DEFAULT ''";

// What is compared with the hub's journal: the leaf of what was taken, and since when nothing has been dropped.
constexpr char kSchemaOfVersion4[] = R"(
ALTER TABLE inbox ADD COLUMN leaf BLOB CHECK (length(leaf) = 32);
ALTER TABLE progress ADD COLUMN complete_since INTEGER NOT NULL DEFAULT 0;
)";

constexpr const char* kMigrations[Store::kSchemaVersion] = {kSchema, kSchemaOfVersion2, kSchemaOfVersion3,
                                                            kSchemaOfVersion4};

constexpr char kRowColumns[] =
    "SELECT ticket, document_id, file, inode, modified_ns, document, state, result, final_name, origin FROM outbox ";

// Of a document that was read before; all zero for bytes that are none.
Seal seal_of(ByteView document) {
  const auto view = registry::read_document(document);
  return view ? Seal{view->salt, view->time} : Seal{};
}

OutboxRow read_row(const Statement& s) {
  OutboxRow row;
  row.ticket = from_sql(s.integer(0));
  const auto id = fixed<16>(s.bytes(1));
  HUB_CHECK(id.has_value());
  row.id = Uuid{*id};
  row.file = {s.text(2), from_sql(s.integer(3)), s.integer(4)};
  row.document = copy(s.bytes(5));
  row.state = static_cast<OutboxState>(s.integer(6));
  row.result = copy(s.bytes(7));
  row.final_name = s.text(8);
  row.origin = s.text(9);
  return row;
}

tl::unexpected<Error> not_ours(const std::string& path, std::string reason) {
  return fail(ErrorCode::config_invalid,
              {{"file", path}, {"line", "1"}, {"column", "1"}, {"path", ""}, {"reason", std::move(reason)}});
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& path, const std::string& party) {
  auto database = Database::open(path, sqlite::Access::exclusive);  // a second program would send and take everything again
  if (!database) return tl::unexpected(database.error());
  std::unique_ptr<Store> store(new Store(std::move(*database)));
  HUB_TRY(store->set_up(path, party));
  return store;
}

Result<void> Store::set_up(const std::string& path, const std::string& party) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  std::int64_t version = 0;
  {
    Statement read(*database_, "PRAGMA user_version");
    HUB_TRY(read.step());
    version = read.integer(0);
  }
  if (version > kSchemaVersion)
    return not_ours(path, "schema version " + std::to_string(version) + " is newer than this program");
  for (std::int64_t step = version; step < kSchemaVersion; ++step) HUB_TRY(database_->execute(kMigrations[step]));
  if (version < kSchemaVersion) HUB_TRY(database_->execute("PRAGMA user_version = " + std::to_string(kSchemaVersion)));
  if (version == 0) {
    Statement insert(*database_, "INSERT INTO progress (one, party) VALUES (1, ?)");
    HUB_TRY(insert.bind(party).run());
  }
  {
    Statement owner(*database_, "SELECT party FROM progress");
    HUB_TRY(owner.step());
    if (owner.text(0) != party) return not_ours(path, "this is the store of " + owner.text(0));
  }
  return transaction.commit();
}

Result<Progress> Store::progress() {
  Statement read(*database_, "SELECT journal_id, deliveries_stored, receipts_stored, position_seen, checkpoint FROM progress");
  HUB_TRY(read.step());
  Progress out;
  if (!read.is_null(0)) out.journal_id = fixed<16>(read.bytes(0));
  out.deliveries_stored = StreamSequence(from_sql(read.integer(1)));
  out.receipts_stored = StreamSequence(from_sql(read.integer(2)));
  out.position_seen = Position(from_sql(read.integer(3)));
  out.checkpoint = read.text(4);
  return out;
}

Result<void> Store::save_in_transaction(const Progress& p) {
  Statement write(*database_,
                  "UPDATE progress SET journal_id = coalesce(journal_id, ?), deliveries_stored = max(deliveries_stored, "
                  "?), receipts_stored = max(receipts_stored, ?), position_seen = max(position_seen, ?), checkpoint = ?");
  if (p.journal_id) {
    write.bind(ByteView(*p.journal_id));
  } else {
    write.bind_null();
  }
  return write.bind(to_sql(p.deliveries_stored.value))
      .bind(to_sql(p.receipts_stored.value))
      .bind(to_sql(p.position_seen.value))
      .bind(p.checkpoint)
      .run();
}

Result<void> Store::save(const Progress& progress) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  HUB_TRY(save_in_transaction(progress));
  return transaction.commit();
}

Result<std::vector<OutboxRow>> Store::take(std::vector<NewDocument> documents, UnixMicros now) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  std::vector<OutboxRow> out;
  out.reserve(documents.size());
  for (NewDocument& document : documents) {
    auto row = take_one(document, now);
    if (!row) return tl::unexpected(row.error());
    out.push_back(std::move(*row));
  }
  HUB_TRY(transaction.commit());
  return out;
}

Result<OutboxRow> Store::take_one(NewDocument& document, UnixMicros now) {
  OutboxRow row{0, document.id, document.file, std::move(document.document), OutboxState::queued, {}, {}, {}};
  {
    // Refused ones are left out: they are sent anew.
    Statement earlier(*database_,
                      "SELECT state, document, result FROM outbox WHERE document_id = ? AND content = ? AND state < 2 "
                      "AND open = 0 ORDER BY state DESC, ticket DESC LIMIT 1");
    earlier.bind(ByteView(document.id.bytes)).bind(ByteView(document.content));
    const auto found = earlier.step();
    if (!found) return tl::unexpected(found.error());
    if (*found) {
      row.state = static_cast<OutboxState>(earlier.integer(0));
      if (row.state == OutboxState::queued) row.document = copy(earlier.bytes(1));
      row.result = copy(earlier.bytes(2));
    }
  }
  const Seal seal = seal_of(row.document);
  Statement insert(*database_,
                   "INSERT INTO outbox (document_id, file, inode, modified_ns, content, document, state, result, "
                   "salt, signed_at, changed_at, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  HUB_TRY(insert.bind(ByteView(row.id.bytes))
              .bind(row.file.name)
              .bind(to_sql(row.file.inode))
              .bind(row.file.modified_ns)
              .bind(ByteView(document.content))
              .bind(row.document)
              .bind(static_cast<std::int64_t>(row.state))
              .bind(row.result)
              .bind(ByteView(seal.salt))
              .bind(seal.time.value)
              .bind(now.value)
              .bind(document.origin)
              .run());
  row.ticket = from_sql(database_->last_row());
  row.origin = std::move(document.origin);
  row.attachments = std::move(document.attachments);
  Statement attach(*database_, "INSERT INTO outbox_attachment (ticket, attachment, file) VALUES (?, ?, ?)");
  for (std::size_t i = 0; i < row.attachments.size(); ++i)
    HUB_TRY(attach.bind(to_sql(row.ticket)).bind(to_sql(i)).bind(row.attachments[i]).run());
  return row;
}

Result<std::vector<std::string>> Store::attachments_of(Ticket ticket) {
  Statement read(*database_, "SELECT file FROM outbox_attachment WHERE ticket = ? ORDER BY attachment");
  read.bind(to_sql(ticket));
  std::vector<std::string> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(read.text(0));
  }
}

Result<void> Store::record(std::span<const OutboxResult> results, const Progress& progress, UnixMicros now) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  Statement write(*database_,
                  "UPDATE outbox SET state = ?, position = ?, leaf = ?, result = ?, final_name = ?, changed_at = ?, "
                  "open = ? WHERE ticket = ?");
  for (const OutboxResult& r : results)
    HUB_TRY(write.bind(static_cast<std::int64_t>(r.state))
                .bind(to_sql(r.position.value))
                .bind(ByteView(r.leaf))
                .bind(r.result)
                .bind(r.final_name)
                .bind(now.value)
                .bind(std::int64_t{r.is_open})
                .bind(to_sql(r.ticket))
                .run());
  HUB_TRY(save_in_transaction(progress));
  return transaction.commit();
}

Result<std::optional<Seal>> Store::open_seal(const Uuid& id, const crypto::Digest& content) {
  Statement read(*database_,
                 "SELECT salt, signed_at FROM outbox WHERE document_id = ? AND content = ? AND state = 1 AND open = 1 "
                 "AND salt IS NOT NULL ORDER BY ticket DESC LIMIT 1");
  const auto found = read.bind(ByteView(id.bytes)).bind(ByteView(content)).step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return {std::nullopt};
  const auto salt = fixed<16>(read.bytes(0));
  HUB_CHECK(salt.has_value());
  return {Seal{*salt, UnixMicros(read.integer(1))}};
}

Result<void> Store::reopen(const Uuid& id) {
  Statement write(*database_, "UPDATE outbox SET open = 1 WHERE document_id = ? AND state = 1");
  return write.bind(ByteView(id.bytes)).run();
}

Result<void> Store::settle_name(Ticket ticket, const std::string& final_name) {
  Statement write(*database_, "UPDATE outbox SET final_name = ? WHERE ticket = ?");
  return write.bind(final_name).bind(to_sql(ticket)).run();
}

Result<Ticket> Store::refuse(const FileIdentity& file, ByteView result, const std::string& final_name, UnixMicros now) {
  Statement insert(*database_,
                   "INSERT INTO outbox (document_id, file, inode, modified_ns, content, state, result, final_name, "
                   "changed_at) VALUES (zeroblob(16), ?, ?, ?, zeroblob(32), 2, ?, ?, ?)");
  HUB_TRY(insert.bind(file.name)
              .bind(to_sql(file.inode))
              .bind(file.modified_ns)
              .bind(result)
              .bind(final_name)
              .bind(now.value)
              .run());
  return from_sql(database_->last_row());
}

Result<void> Store::finish(std::span<const Ticket> tickets) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  Statement refused(*database_, "DELETE FROM outbox WHERE ticket = ? AND finished = 0 AND document IS NULL");
  Statement write(*database_, "UPDATE outbox SET finished = 1, document = NULL WHERE ticket = ?");
  Statement forget(*database_, "DELETE FROM outbox_attachment WHERE ticket = ?");
  for (const Ticket ticket : tickets) {
    HUB_TRY(refused.bind(to_sql(ticket)).run());
    HUB_TRY(write.bind(to_sql(ticket)).run());
    HUB_TRY(forget.bind(to_sql(ticket)).run());
  }
  return transaction.commit();
}

Result<std::vector<OutboxRow>> Store::unfinished() {
  Statement read(*database_, std::string(kRowColumns).append("WHERE finished = 0 ORDER BY ticket"));
  std::vector<OutboxRow> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    out.push_back(read_row(read));
  }
  for (OutboxRow& row : out) {
    auto attachments = attachments_of(row.ticket);
    if (!attachments) return tl::unexpected(attachments.error());
    row.attachments = std::move(*attachments);
  }
  return out;
}

Result<std::string> Store::final_name(const Uuid& id) {
  Statement read(*database_,
                 "SELECT final_name FROM outbox WHERE document_id = ? AND state <> 2 AND final_name <> '' "
                 "ORDER BY ticket LIMIT 1");
  const auto row = read.bind(ByteView(id.bytes)).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? read.text(0) : std::string();
}

Result<std::string> Store::origin(const Uuid& id) {
  Statement read(*database_, "SELECT origin FROM outbox WHERE document_id = ? ORDER BY ticket DESC LIMIT 1");
  const auto row = read.bind(ByteView(id.bytes)).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? read.text(0) : std::string();
}

Result<Buffer> Store::accepted_result(const Uuid& id) {
  Statement read(*database_,
                 "SELECT result FROM outbox WHERE document_id = ? AND state = 1 ORDER BY ticket DESC LIMIT 1");
  const auto row = read.bind(ByteView(id.bytes)).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? copy(read.bytes(0)) : Buffer();
}

Result<void> Store::prune(UnixMicros now) {
  const std::int64_t before = now.value - kKeptMicros;
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  Statement outbox(*database_, "DELETE FROM outbox WHERE finished = 1 AND changed_at < ?");
  HUB_TRY(outbox.bind(before).run());
  Statement inbox(*database_, "DELETE FROM inbox WHERE delivered = 1 AND changed_at < ?");
  HUB_TRY(inbox.bind(before).run());
  Statement since(*database_, "UPDATE progress SET complete_since = max(complete_since, ?)");
  HUB_TRY(since.bind(before).run());
  return transaction.commit();
}

}  // namespace hub::sdk
