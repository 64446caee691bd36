#include "adapters/sdk/holdings.hpp"

#include <algorithm>

#include "adapters/sdk/store_values.hpp"

namespace hub::sdk {
namespace {

using sqlite::Database, sqlite::Statement;

// Waiting is of no use: an adapter that runs keeps its store.
constexpr const char* kNoWait = "PRAGMA busy_timeout = 0";

// A locked file is found by the first reading, not by opening.
tl::unexpected<Error> unreadable(Error error) {
  for (Fact& fact : error.facts)
    if (fact.name == "reason")
      fact.value += "; an adapter that runs has its store for itself: stop it first, or give a copy";
  return tl::unexpected(std::move(error));
}

std::optional<crypto::Digest> digest_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : fixed<32>(row.bytes(column));
}

Result<void> check_version(Database& database, const std::string& path) {
  Statement read(database, "PRAGMA user_version");
  const auto row = read.step();
  if (!row) return unreadable(row.error());
  if (read.integer(0) == Store::kSchemaVersion) return {};
  return fail(ErrorCode::config_invalid, {{"file", path},
                                          {"line", "1"},
                                          {"column", "1"},
                                          {"path", ""},
                                          {"reason", "schema version " + std::to_string(read.integer(0)) +
                                                         " instead of " + std::to_string(Store::kSchemaVersion) +
                                                         "; an adapter brings its store up to date when it starts"}});
}

Result<void> read_progress(Database& database, Holdings& out) {
  Statement read(database, "SELECT party, journal_id, complete_since FROM progress");
  HUB_TRY(read.step());
  out.party = read.text(0);
  if (!read.is_null(1)) out.journal_id = fixed<16>(read.bytes(1));
  out.complete_since = UnixMicros(read.integer(2));
  return {};
}

Result<void> read_outbox(Database& database, Holdings& out) {
  // Position 0 is the journal's first record and answers nothing: such a row has the answer of an earlier one, or none.
  Statement read(database, "SELECT document_id, state, nullif(position, 0), leaf FROM outbox ORDER BY ticket");
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    HeldDocument& held = out.outbox.emplace_back();
    const auto id = read.bytes(0);
    std::copy_n(id.begin(), std::min(id.size(), held.id.bytes.size()), held.id.bytes.begin());
    held.state = static_cast<OutboxState>(read.integer(1));
    if (!read.is_null(2)) held.position = Position(from_sql(read.integer(2)));
    if (held.position) held.leaf = digest_at(read, 3);
  }
}

Result<void> read_inbox(Database& database, Holdings& out) {
  Statement read(database, "SELECT delivery_id, leaf FROM inbox ORDER BY sequence");
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    out.inbox.push_back({read.text(0), digest_at(read, 1)});
  }
}

}  // namespace

Result<Holdings> read_holdings(const std::string& path) {
  const auto database = Database::open(path, sqlite::Access::reader);
  if (!database) return unreadable(database.error());
  HUB_TRY((*database)->execute(kNoWait));
  HUB_TRY(check_version(**database, path));
  Holdings out;
  HUB_TRY(read_progress(**database, out));
  HUB_TRY(read_outbox(**database, out));
  HUB_TRY(read_inbox(**database, out));
  return out;
}

}  // namespace hub::sdk
