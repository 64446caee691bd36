// The file and its writer: going on, discarding, rebuilding.
#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;

namespace {

// Rows that are in one of the two files and not in the other, over all tables.
std::int64_t differences(const std::string& a, const std::string& b) {
  auto database = sqlite::Database::open(a, sqlite::Access::writer).value();
  REQUIRE(database->execute("ATTACH '" + b + "' AS other"));
  std::vector<std::string> tables;
  sqlite::Statement list(
      *database, "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'document_words%'");
  while (list.step().value()) tables.push_back(list.text(0));
  REQUIRE(tables.size() > 15);
  std::int64_t total = 0;
  for (const std::string& table : tables) {
    for (const char* sides : {"main.%s EXCEPT SELECT * FROM other.%s", "other.%s EXCEPT SELECT * FROM main.%s"}) {
      char sql[256];
      std::snprintf(sql, sizeof sql, sides, table.c_str(), table.c_str());
      sqlite::Statement count(*database, "SELECT count(*) FROM (SELECT * FROM " + std::string(sql) + ")");
      REQUIRE(count.step().value());
      total += count.integer(0);
    }
  }
  return total;
}

void run_some(LedgerBench& b) {
  b.open(0);
  b.open(1);
  b.send({{.number = 1}, {.number = 2, .type = simulation::kForbiddenType}, {.number = 3, .urgency = 2}});
  b.acknowledge(1, 1);
  b.send({{.number = 2}, {.number = 4, .to = "party-1,party-2"}});
  b.commit();
}

}  // namespace

TEST_CASE("A ledger that is opened again goes on where it was") {
  LedgerBench b;
  run_some(b);
  b.follow();
  const Position before = b.file->position();
  CHECK(b.reopen().position() == before);
  CHECK(b.file->discarded().empty());
  b.acknowledge(1, 3);
  b.settle();
  CHECK(b.value("SELECT count(*) FROM deliveries WHERE state = 'delivered'") == "3");
}

TEST_CASE("A rebuilt ledger equals one that followed") {
  LedgerBench b;
  b.follow();
  run_some(b);
  for (int turn = 0; turn < 3; ++turn) {
    b.acknowledge(1, 2);
    b.settle();
    b.reopen();
  }
  b.file.reset();
  std::filesystem::copy_file(b.path(), b.folder.path("followed.sqlite"));
  std::vector<std::uint64_t> told;
  const auto rebuilt = ledger::Ledger::rebuild(b.path(), b.disk, b.durable_end(),
                                               [&](Position at, Position) { told.push_back(at.value); });
  REQUIRE(rebuilt);
  CHECK(*rebuilt == b.journal->durable_end());
  CHECK(told.back() == rebuilt->value);
  CHECK(differences(b.path(), b.folder.path("followed.sqlite")) == 0);
  CHECK_FALSE(std::filesystem::exists(b.path() + ".new"));
  CHECK(b.queries()->documents({.text = "ghi chu"}).value().rows.size() == 5);
}

TEST_CASE("A second writer is refused") {
  LedgerBench b;
  b.follow();
  const auto none = [](Position, Position) {};
  const auto second = ledger::Ledger::open(b.path(), b.disk, b.durable_end(), none);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::ledger_in_use);
  CHECK(ledger::Ledger::rebuild(b.path(), b.disk, b.durable_end(), none).error().code == ErrorCode::ledger_in_use);
}

TEST_CASE("A ledger ahead of the journal is discarded and built anew, and says why") {
  LedgerBench b, restored;
  run_some(b);
  b.follow();
  b.file.reset();
  // The copy of the journal that was put back is older.
  std::filesystem::copy_file(b.path(), restored.path());
  CHECK(restored.reopen().discarded().find("the journal ends at") != std::string::npos);
  restored.follow();
  CHECK(restored.value("SELECT count(*) FROM documents") == "0");
}

TEST_CASE("A ledger whose records are not the journal's is discarded") {
  LedgerBench b, other;
  run_some(b);
  b.follow();
  b.file.reset();
  run_some(other);
  other.send({{.number = 9}, {.number = 10}});
  std::filesystem::copy_file(b.path(), other.path());
  REQUIRE(sqlite::Database::open(other.path(), sqlite::Access::writer)
              .value()
              ->execute("UPDATE meta SET root = zeroblob(32)"));
  CHECK(other.reopen().discarded() == "its records are not those of the journal");
  other.follow();
  CHECK(other.value("SELECT count(*) FROM documents") == "7");
}

TEST_CASE("A ledger of another journal or another version is discarded, and so is a file that is none") {
  LedgerBench b;
  run_some(b);
  b.follow();
  for (const char* damage : {"UPDATE meta SET journal_id = 'ff'", "PRAGMA user_version = 99", "DELETE FROM meta"}) {
    b.file.reset();
    REQUIRE(sqlite::Database::open(b.path(), sqlite::Access::writer).value()->execute(damage));
    CHECK_FALSE(b.reopen().discarded().empty());
    b.follow();
    CHECK(b.value("SELECT count(*) FROM documents") == "5");
  }
  b.file.reset();
  std::FILE* file = std::fopen(b.path().c_str(), "w");
  std::fputs(std::string(8192, 'x').c_str(), file);
  std::fclose(file);
  CHECK_FALSE(b.reopen().discarded().empty());
  b.follow();
  CHECK(b.value("SELECT count(*) FROM documents") == "5");
}

TEST_CASE("A transaction takes as many records as its limit, and no more") {
  LedgerBench b;
  while (b.journal->durable_end().value <= ledger::kTransactionRecordsMax + 10) {
    for (int i = 0; i < 500; ++i) b.engine->stop();  // a small record
    b.commit();
  }
  b.reopen();
  CHECK(b.file->advance(b.journal->durable_end()).value() == ledger::kTransactionRecordsMax);
  CHECK(b.value("SELECT position FROM meta") == std::to_string(ledger::kTransactionRecordsMax));
  CHECK(b.value("SELECT count(*) FROM records") == std::to_string(ledger::kTransactionRecordsMax));
  b.follow();
  CHECK(b.file->advance(b.journal->durable_end()).value() == 0);
}
