// A ledger in PostgreSQL: a schema of its own, so that it is discarded and replaced as a file is. The lock belongs to the
// connection that writes: who has lost it can't write either.
#include "hub/ledger/home.hpp"
#include "hub/ledger/schema.hpp"
#include "hub/sql/postgres_database.hpp"

namespace hub::ledger {
namespace {

// As with the file, a commit is not waited for on the disk: after a crash of the server the last ones may be missing, and the
// position with them.
constexpr const char* kWriterSettings = "SET search_path = ledger; SET synchronous_commit = off";
// A server's session outlives a killed client for a moment, so the lock is waited for as long. Of this database alone.
constexpr const char* kTakeLock =
    "SET lock_timeout = '5s'; SELECT pg_advisory_lock(7527030299451286631); SET lock_timeout = 0";  // "hub-ledg" as bytes
// A question may not hold up the hub's HTTP thread for long; compiling costs these questions more than it gains.
constexpr const char* kReaderSettings =
    "SET search_path = ledger; SET default_transaction_read_only = on; SET statement_timeout = '30s'; SET jit = off";

class PostgresHome final : public Home {
 public:
  explicit PostgresHome(std::unique_ptr<sql::Database> database) { database_ = std::move(database); }

  Result<bool> open() override {
    sql::Statement find(*database_, "SELECT to_regnamespace('ledger') IS NOT NULL");
    const auto found = find.step();
    if (!found) return tl::unexpected(found.error());
    return find.integer(0) != 0;
  }

  Result<void> begin_anew() override { return begin("ledger"); }
  Result<void> begin_beside() override { return begin("ledger_new"); }

  Result<void> move_in() override {
    if (auto counted = database_->execute("ANALYZE"); !counted) return counted;  // so that the first questions are planned well
    sql::Transaction transaction(*database_);
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto moved = database_->execute(
            "DROP SCHEMA IF EXISTS ledger CASCADE; ALTER SCHEMA ledger_new RENAME TO ledger; SET search_path = ledger");
        !moved)
      return moved;
    return transaction.commit();
  }

 private:
  Result<void> begin(const std::string& schema) {
    sql::Transaction transaction(*database_);
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto cleared = database_->execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE; CREATE SCHEMA " + schema +
                                          "; SET search_path = " + schema);
        !cleared)
      return cleared;
    if (auto made = create_schema(*database_); !made) return made;
    return transaction.commit();
  }
};

}  // namespace

Result<std::unique_ptr<Home>> hold_postgres(const std::string& address) {
  auto database = sql::open_postgres(address, kWriterSettings);
  if (!database) return tl::unexpected(database.error());
  if (auto locked = (*database)->execute(kTakeLock); !locked) return tl::unexpected(locked.error());
  return std::make_unique<PostgresHome>(std::move(*database));
}

Result<std::unique_ptr<sql::Database>> read_postgres_ledger(const std::string& address) {
  return sql::open_postgres(address, kReaderSettings);
}

}  // namespace hub::ledger
