#include "adapters/sdk/store.hpp"

#include "hub/base/check.hpp"

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

constexpr char kRowColumns[] =
    "SELECT ticket, document_id, file, inode, modified_ns, document, state, result, final_name FROM outbox ";

// SQLite's integers are signed; positions and inodes keep their bits.
std::int64_t to_sql(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t from_sql(std::int64_t value) { return static_cast<std::uint64_t>(value); }

Buffer copy(ByteView bytes) { return Buffer(bytes.begin(), bytes.end()); }

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
  return row;
}

tl::unexpected<Error> not_ours(const std::string& path, std::string reason) {
  return fail(ErrorCode::config_invalid,
              {{"file", path}, {"line", "1"}, {"column", "1"}, {"path", ""}, {"reason", std::move(reason)}});
}

}  // namespace

// Returns the error of a Result out of the function that it stands in.
#define HUB_TRY(expression)                                               \
  do {                                                                    \
    if (auto tried = (expression); !tried) return tl::unexpected(tried.error()); \
  } while (false)

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
  if (version == 0) {
    HUB_TRY(database_->execute(kSchema));
    HUB_TRY(database_->execute("PRAGMA user_version = " + std::to_string(kSchemaVersion)));
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
  Statement read(*database_, "SELECT journal_id, deliveries_stored, receipts_stored, position_seen FROM progress");
  HUB_TRY(read.step());
  Progress out;
  if (!read.is_null(0)) out.journal_id = fixed<16>(read.bytes(0));
  out.deliveries_stored = StreamSequence(from_sql(read.integer(1)));
  out.receipts_stored = StreamSequence(from_sql(read.integer(2)));
  out.position_seen = Position(from_sql(read.integer(3)));
  return out;
}

Result<void> Store::save_in_transaction(const Progress& p) {
  Statement write(*database_,
                  "UPDATE progress SET journal_id = coalesce(journal_id, ?), deliveries_stored = max(deliveries_stored, "
                  "?), receipts_stored = max(receipts_stored, ?), position_seen = max(position_seen, ?)");
  if (p.journal_id) {
    write.bind(ByteView(*p.journal_id));
  } else {
    write.bind_null();
  }
  return write.bind(to_sql(p.deliveries_stored.value))
      .bind(to_sql(p.receipts_stored.value))
      .bind(to_sql(p.position_seen.value))
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
  OutboxRow row{0, document.id, document.file, std::move(document.document), OutboxState::queued, {}, {}};
  {
    // Refused ones are left out: they are sent anew.
    Statement earlier(*database_,
                      "SELECT state, document, result FROM outbox WHERE document_id = ? AND content = ? AND state < 2 "
                      "ORDER BY state DESC, ticket DESC LIMIT 1");
    earlier.bind(ByteView(document.id.bytes)).bind(ByteView(document.content));
    const auto found = earlier.step();
    if (!found) return tl::unexpected(found.error());
    if (*found) {
      row.state = static_cast<OutboxState>(earlier.integer(0));
      if (row.state == OutboxState::queued) row.document = copy(earlier.bytes(1));
      row.result = copy(earlier.bytes(2));
    }
  }
  Statement insert(*database_,
                   "INSERT INTO outbox (document_id, file, inode, modified_ns, content, document, state, result, "
                   "changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  HUB_TRY(insert.bind(ByteView(row.id.bytes))
              .bind(row.file.name)
              .bind(to_sql(row.file.inode))
              .bind(row.file.modified_ns)
              .bind(ByteView(document.content))
              .bind(row.document)
              .bind(static_cast<std::int64_t>(row.state))
              .bind(row.result)
              .bind(now.value)
              .run());
  row.ticket = from_sql(database_->last_row());
  return row;
}

Result<void> Store::record(std::span<const OutboxResult> results, const Progress& progress, UnixMicros now) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  Statement write(*database_,
                  "UPDATE outbox SET state = ?, position = ?, leaf = ?, result = ?, final_name = ?, changed_at = ? "
                  "WHERE ticket = ?");
  for (const OutboxResult& r : results)
    HUB_TRY(write.bind(static_cast<std::int64_t>(r.state))
                .bind(to_sql(r.position.value))
                .bind(ByteView(r.leaf))
                .bind(r.result)
                .bind(r.final_name)
                .bind(now.value)
                .bind(to_sql(r.ticket))
                .run());
  HUB_TRY(save_in_transaction(progress));
  return transaction.commit();
}

Result<void> Store::settle_name(Ticket ticket, const std::string& final_name) {
  Statement write(*database_, "UPDATE outbox SET final_name = ? WHERE ticket = ?");
  return write.bind(final_name).bind(to_sql(ticket)).run();
}

Result<void> Store::finish(std::span<const Ticket> tickets) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  Statement write(*database_, "UPDATE outbox SET finished = 1, document = NULL WHERE ticket = ?");
  for (const Ticket ticket : tickets) HUB_TRY(write.bind(to_sql(ticket)).run());
  return transaction.commit();
}

Result<std::vector<OutboxRow>> Store::unfinished() {
  Statement read(*database_, std::string(kRowColumns) + "WHERE finished = 0 ORDER BY ticket");
  std::vector<OutboxRow> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(read_row(read));
  }
}

Result<std::string> Store::final_name(const Uuid& id) {
  Statement read(*database_,
                 "SELECT final_name FROM outbox WHERE document_id = ? AND state <> 2 AND final_name <> '' "
                 "ORDER BY ticket LIMIT 1");
  const auto row = read.bind(ByteView(id.bytes)).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? read.text(0) : std::string();
}

Result<bool> Store::knows_delivery(const std::string& id) {
  Statement read(*database_, "SELECT 1 FROM inbox WHERE delivery_id = ?");
  return read.bind(std::string_view(id)).step();
}

Result<void> Store::mark_in_transaction(std::span<const std::string> ids) {
  Statement write(*database_, "UPDATE inbox SET delivered = 1 WHERE delivery_id = ?");
  for (const std::string& id : ids) HUB_TRY(write.bind(std::string_view(id)).run());
  return {};
}

Result<void> Store::stage(std::span<const StagedDelivery> deliveries, std::span<const std::string> delivered,
                          const Progress& progress, UnixMicros now) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  HUB_TRY(mark_in_transaction(delivered));
  Statement insert(*database_,
                   "INSERT INTO inbox (delivery_id, sequence, delivered, changed_at) VALUES (?, ?, 0, ?)");
  for (const StagedDelivery& d : deliveries)
    HUB_TRY(insert.bind(std::string_view(d.id)).bind(to_sql(d.sequence.value)).bind(now.value).run());
  HUB_TRY(save_in_transaction(progress));
  return transaction.commit();
}

Result<std::vector<std::string>> Store::staged() {
  Statement read(*database_, "SELECT delivery_id FROM inbox WHERE delivered = 0 ORDER BY sequence");
  std::vector<std::string> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(read.text(0));
  }
}

Result<void> Store::mark_delivered(std::span<const std::string> ids) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  HUB_TRY(mark_in_transaction(ids));
  return transaction.commit();
}

Result<void> Store::prune(UnixMicros now) {
  const std::int64_t before = now.value - kKeptMicros;
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  Statement outbox(*database_, "DELETE FROM outbox WHERE finished = 1 AND changed_at < ?");
  HUB_TRY(outbox.bind(before).run());
  Statement inbox(*database_, "DELETE FROM inbox WHERE delivered = 1 AND changed_at < ?");
  HUB_TRY(inbox.bind(before).run());
  return transaction.commit();
}

}  // namespace hub::sdk
