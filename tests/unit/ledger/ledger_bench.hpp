// The real engine on a fake disk, and a ledger in a real file, or a PostgreSQL database, that follows its journal.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "hub/ledger/columns.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/ledger/queries.hpp"
#include "tests/support/test_database.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::test {

struct LedgerBench : EngineBench {
  std::string path() const { return place.address(); }
  journal::DurableEnd durable_end() const { return {journal->id(), journal->durable_end()}; }

  // Opens the ledger anew, as a process that starts.
  ledger::Ledger& reopen() {
    file.reset();
    file = ledger::Ledger::open(path(), disk, durable_end(), [](Position, Position) {}).value();
    return *file;
  }
  // Everything that is durable is in.
  void follow() {
    if (!file) reopen();
    while (file->position() < journal->durable_end()) REQUIRE(file->advance(journal->durable_end()).value() > 0);
  }
  void settle() {
    commit();
    follow();
  }

  std::unique_ptr<ledger::Queries> queries() const { return ledger::Queries::open(path()).value(); }
  // The first column of the first row.
  std::string value(const std::string& sql) const {
    const auto database = place.open();
    sql::Statement statement(*database, sql);
    return statement.step().value() ? statement.text(0) : "no row";
  }
  // A hub that sends notes: party-0 to party-1.
  void send(std::vector<Note> notes, std::uint64_t connection = 0) {
    std::vector<Buffer> documents;
    for (const Note& note : notes) documents.push_back(write(note));
    submit(connection, std::move(documents), ++batches);
    commit();
  }
  // The ids of what the filter lets through, as the numbers that they were made of, newest first.
  std::vector<std::uint64_t> numbers(const ledger::DocumentFilter& filter) const {
    std::vector<std::uint64_t> out;
    const auto page = queries()->documents(filter).value();
    for (const auto& document : page.rows) out.push_back(number_of(document.id));
    return out;
  }
  static std::uint64_t number_of(const std::string& id) {
    for (std::uint64_t n = 0; n < 10'000; ++n)
      if (to_text(numbered(n)) == id) return n;
    return UINT64_MAX;
  }

  TestDatabase place;
  std::unique_ptr<ledger::Ledger> file;
  std::uint64_t batches = 0;
};

}  // namespace hub::test
