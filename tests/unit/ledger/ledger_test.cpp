// The ledger and its writer: going on, discarding, rebuilding.
#include "hub/base/error_catalogue.hpp"
#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;

namespace {

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
  const auto followed = b.place.rows();
  REQUIRE(followed.size() > 15);
  std::vector<std::uint64_t> told;
  const auto rebuilt = ledger::Ledger::rebuild(b.path(), b.disk, b.durable_end(),
                                               [&](Position at, Position) { told.push_back(at.value); });
  REQUIRE(rebuilt);
  CHECK(*rebuilt == b.journal->durable_end());
  CHECK(told.back() == rebuilt->value);
  CHECK(b.place.rows() == followed);
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
  restored.place.copy(b.place);
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
  other.place.copy(b.place);
  REQUIRE(other.place.open()->execute("UPDATE meta SET root = (SELECT leaf FROM records WHERE position = 0)"));
  CHECK(other.reopen().discarded() == "its records are not those of the journal");
  other.follow();
  CHECK(other.value("SELECT count(*) FROM documents") == "7");
}

TEST_CASE("A ledger of another journal or another version is discarded") {
  LedgerBench b;
  run_some(b);
  b.follow();
  const char* const newer = b.place.is_postgres() ? "UPDATE user_version SET version = 99" : "PRAGMA user_version = 99";
  for (const char* damage : {"UPDATE meta SET journal_id = 'ff'", newer, "DELETE FROM meta"}) {
    b.file.reset();
    REQUIRE(b.place.open()->execute(damage));
    CHECK_FALSE(b.reopen().discarded().empty());
    b.follow();
    CHECK(b.value("SELECT count(*) FROM documents") == "5");
  }
}

TEST_CASE("A file that is no ledger is discarded") {
  LedgerBench b;
  if (b.place.is_postgres()) return;
  run_some(b);
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

TEST_CASE("A database that doesn't answer discards nothing and says so, without the address's other parts") {
  LedgerBench b;
  const test::TemporaryFolder folder;
  const std::string nowhere = "postgresql://someone@localhost:1/hub?host=" + folder.path() + "&application_name=private";
  for (const auto& error : {ledger::Queries::open(nowhere).error(),
                            ledger::Ledger::open(nowhere, b.disk, b.durable_end(), [](Position, Position) {}).error()}) {
    CHECK(error.code == ErrorCode::ledger_unreachable);
    const std::string told = describe(error, Language::english);
    CHECK(told.find("private") == std::string::npos);
    CHECK(told.find(folder.path()) != std::string::npos);
  }
}
