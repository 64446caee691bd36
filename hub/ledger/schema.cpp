#include "hub/ledger/schema.hpp"

#include "hub/ledger/schema_views.hpp"
#include "hub/ledger/word_search.hpp"

namespace hub::ledger {
namespace {

// As SQLite has them, with what hub/sql/dialect.hpp turns into PostgreSQL's.
// Times are microseconds since 1970-01-01 UTC; ids and codes are text as they stand everywhere; digests are bytes.
constexpr const char* kTables = R"sql(
CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  journal_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  demo INTEGER NOT NULL,
  position INTEGER NOT NULL,
  time INTEGER NOT NULL,
  root BLOB NOT NULL,
  hub_running INTEGER NOT NULL
) STRICT;

CREATE TABLE records (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  leaf BLOB NOT NULL,
  body_bytes INTEGER NOT NULL,
  about TEXT
) STRICT;

CREATE TABLE documents (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  id TEXT NOT NULL,
  conversation TEXT NOT NULL,
  type TEXT NOT NULL,
  sender TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  subject TEXT NOT NULL,
  number TEXT NOT NULL,
  folded TEXT NOT NULL,
  urgency INTEGER NOT NULL,
  document_time INTEGER NOT NULL,
  deliver_at INTEGER,
  accepted INTEGER NOT NULL,
  refusal TEXT,
  facts TEXT,
  batch INTEGER NOT NULL,
  batch_index INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  envelope BLOB NOT NULL,
  body_bytes INTEGER NOT NULL,
  storage_key INTEGER NOT NULL,
  previous_refusal INTEGER,
  earlier_acceptance INTEGER
) STRICT;

CREATE TABLE storage_keys (
  id INTEGER PRIMARY KEY,
  months INTEGER NOT NULL,
  month TEXT NOT NULL,
  state TEXT NOT NULL,
  position INTEGER NOT NULL
) STRICT;

CREATE TABLE storage_key_orders (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  id INTEGER NOT NULL,
  action TEXT NOT NULL,
  administrators TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE body_readings (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  document INTEGER NOT NULL,
  reader TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE INDEX body_readings_of_document ON body_readings (document);

CREATE TABLE users (
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  party TEXT,
  position INTEGER NOT NULL,
  PRIMARY KEY (name, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE role_changes (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  action TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  party TEXT,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE endpoint_orders (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  endpoint TEXT NOT NULL,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE document_contents (
  position INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (position, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_references (
  folded TEXT NOT NULL,
  position INTEGER NOT NULL,
  reference TEXT NOT NULL,
  PRIMARY KEY (folded, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE contents (
  party TEXT NOT NULL,
  digest BLOB NOT NULL,
  size INTEGER,
  state TEXT NOT NULL,
  position INTEGER NOT NULL,
  time INTEGER NOT NULL,
  reason TEXT,
  PRIMARY KEY (party, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE outcomes (
  position INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  addressed TEXT NOT NULL,
  actual TEXT NOT NULL,
  outcome TEXT NOT NULL,
  agreement TEXT NOT NULL,
  version INTEGER NOT NULL,
  clause TEXT NOT NULL,
  PRIMARY KEY (position, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE unneeded_fields (
  position INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  field TEXT NOT NULL,
  PRIMARY KEY (position, idx, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
  code TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (code, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE participants (
  party TEXT NOT NULL,
  position INTEGER NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (party, position, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  position INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  replay INTEGER NOT NULL,
  id TEXT NOT NULL,
  recipient TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  cause TEXT,
  detail TEXT,
  PRIMARY KEY (position, idx, replay)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_events (
  position INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  replay INTEGER NOT NULL,
  record INTEGER NOT NULL,
  time INTEGER NOT NULL,
  status TEXT NOT NULL,
  effective INTEGER NOT NULL,
  reported_time INTEGER,
  cause TEXT,
  reason TEXT,
  actor TEXT,
  PRIMARY KEY (position, idx, replay, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  endpoint TEXT NOT NULL,
  sender TEXT,
  key_id TEXT NOT NULL,
  count INTEGER NOT NULL,
  root BLOB,
  signature BLOB,
  refusal TEXT
) STRICT;

CREATE TABLE types (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  label_vi TEXT NOT NULL,
  label_en TEXT NOT NULL,
  registered INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE parties (
  id TEXT PRIMARY KEY,
  name_vi TEXT NOT NULL,
  name_en TEXT NOT NULL,
  level TEXT NOT NULL,
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  root_key TEXT,
  registered INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE endpoints (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  curve_key TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  registered INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  session INTEGER,
  since INTEGER,
  software TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE agreements (
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  version INTEGER NOT NULL,
  directed INTEGER NOT NULL,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  in_force_from TEXT NOT NULL,
  in_force_until TEXT,
  contact TEXT NOT NULL,
  PRIMARY KEY (id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE clauses (
  agreement TEXT NOT NULL,
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  idx INTEGER NOT NULL,
  type TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  words TEXT NOT NULL,
  inferred INTEGER NOT NULL,
  guard TEXT,
  needs TEXT,
  PRIMARY KEY (agreement, position, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
  party TEXT NOT NULL,
  key_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  public_key TEXT NOT NULL,
  active_from INTEGER NOT NULL,
  active_until INTEGER NOT NULL,
  revoked_at INTEGER,
  revocation INTEGER,
  revocation_reason TEXT,
  PRIMARY KEY (party, key_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE configuration_changes (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  item TEXT NOT NULL,
  id TEXT NOT NULL,
  actor TEXT NOT NULL,
  canonical TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
  session INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL,
  software TEXT NOT NULL,
  connected INTEGER NOT NULL,
  connected_time INTEGER NOT NULL,
  disconnected INTEGER,
  disconnected_time INTEGER,
  reason TEXT
) STRICT;

CREATE TABLE strangers (
  position INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  since INTEGER NOT NULL,
  count INTEGER NOT NULL
) STRICT;

CREATE TABLE counts (
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (subject, name)
) STRICT, WITHOUT ROWID;
)sql";

// An index serves a filter newest first, so each ends with the position. What is true of nearly every row is left out
// of an index: a scan finds such rows at once.
constexpr const char* kIndexes = R"sql(
CREATE INDEX documents_by_id ON documents (id);
CREATE INDEX documents_by_conversation ON documents (conversation) WHERE conversation <> id;
CREATE INDEX documents_by_type ON documents (type, position);
CREATE INDEX documents_by_time ON documents (time);
CREATE INDEX case_references_of_document ON case_references (position);
CREATE INDEX documents_urgent ON documents (urgency, position) WHERE urgency > 0;
CREATE INDEX documents_not_accepted ON documents (position) WHERE accepted = 0;
CREATE INDEX outcomes_by_clause ON outcomes (agreement, clause, position);
CREATE INDEX outcomes_by_agreement ON outcomes (agreement, position);
CREATE INDEX unneeded_by_field ON unneeded_fields (field, position);
CREATE INDEX deliveries_by_state ON deliveries (state, position) WHERE state <> 'delivered';
CREATE INDEX deliveries_pending ON deliveries (endpoint, position) WHERE state = 'pending';
CREATE INDEX deliveries_by_cause ON deliveries (cause, position) WHERE cause IS NOT NULL;
CREATE INDEX sessions_by_endpoint ON sessions (endpoint, session);
CREATE INDEX records_of_acts ON records (position) WHERE
  kind IN ('body-read', 'delivery-ordered', 'storage-key-destroyed', 'legal-hold-changed', 'configuration-changed',
          'role-changed', 'endpoint-ordered');
CREATE INDEX delivery_events_ordered ON delivery_events (record) WHERE
  status IN ('retry-ordered', 'stopped', 'replayed');
CREATE INDEX sessions_open ON sessions (endpoint) WHERE disconnected IS NULL;
)sql";

}  // namespace

Result<void> create_schema(sql::Database& database) {
  const sql::Dialect dialect = database.dialect();
  const std::string version = std::to_string(kSchemaVersion);
  for (const std::string& part :
       {sql::schema_text(kTables, dialect), sql::schema_text(kIndexes, dialect), std::string(words_schema(dialect)),
        sql::schema_text(kViews, dialect),
        dialect == sql::Dialect::sqlite ? "PRAGMA user_version = " + version
                                        : "CREATE TABLE user_version AS SELECT " + version + " AS version"})
    if (auto made = database.execute(part); !made) return made;
  return {};
}

Result<std::int64_t> schema_version(sql::Database& database) {
  if (database.dialect() == sql::Dialect::postgresql) {
    sql::Statement find(database, "SELECT to_regclass('user_version') IS NOT NULL");
    const auto found = find.step();
    if (!found) return tl::unexpected(found.error());
    if (find.integer(0) == 0) return 0;
  }
  sql::Statement read(database, database.dialect() == sql::Dialect::sqlite ? "PRAGMA user_version"
                                                                           : "SELECT version FROM user_version");
  const auto row = read.step();
  if (!row) return tl::unexpected(row.error());
  return *row ? read.integer(0) : 0;
}

}  // namespace hub::ledger
