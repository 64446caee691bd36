// A place for one test's tables: a file, or a database of its own on the PostgreSQL server that HUB_TEST_POSTGRES gives the
// conninfo of, without a dbname (tests/support/with_postgres.py starts one). The test doesn't see which.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "hub/sql/postgres_database.hpp"
#include "hub/sql/sqlite_database.hpp"
#include "tests/support/temporary_folder.hpp"

namespace hub::test {

class TestDatabase {
 public:
  TestDatabase() {
    if (is_postgres()) administer("CREATE DATABASE " + name_);
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase() {
    if (is_postgres()) administer("DROP DATABASE " + name_ + " WITH (FORCE)");
  }

  static bool is_postgres() { return std::getenv("HUB_TEST_POSTGRES") != nullptr; }
  // As hub.yaml has it.
  std::string address() const {
    return is_postgres() ? std::getenv("HUB_TEST_POSTGRES") + (" dbname=" + name_) : folder_.path("ledger.sqlite");
  }
  std::unique_ptr<sql::Database> open() const {
    return (is_postgres() ? sql::open_postgres(address(), "SET search_path = ledger, public")
                          : sql::open_sqlite(address(), sqlite::Access::writer))
        .value();
  }
  // All that is in the other one; nobody writes there now.
  void copy(const TestDatabase& other) {
    if (!is_postgres()) {
      std::filesystem::copy_file(other.address(), address());
      return;
    }
    administer("DROP DATABASE " + name_ + " WITH (FORCE)");
    administer("CREATE DATABASE " + name_ + " TEMPLATE " + other.name_);
  }

  // The first column of all rows, with commas between them.
  std::string values(const std::string& sql) const {
    const auto database = open();
    sql::Statement read(*database, sql);
    std::string out;
    while (read.step().value()) out += (out.empty() ? "" : ",") + read.text(0);
    return out;
  }
  // Every row of every table, as a text of its database's making.
  std::map<std::string, std::multiset<std::string>> rows() const {
    std::map<std::string, std::multiset<std::string>> out;
    const auto database = open();
    sql::Statement list(*database, is_postgres() ? "SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'"
                                                 : "SELECT name FROM sqlite_master WHERE type = 'table'"
                                                   " AND name NOT LIKE 'document_words%'");
    while (list.step().value()) {
      const std::string table = list.text(0);
      sql::Statement read(*database, "SELECT " + row_text(*database, table) + " FROM " + table);
      while (read.step().value()) out[table].insert(read.text(0));
    }
    return out;
  }

 private:
  static std::string row_text(sql::Database& database, const std::string& table) {
    if (is_postgres()) return "CAST(" + table + ".* AS TEXT)";
    sql::Statement columns(database, "SELECT name FROM pragma_table_info('" + table + "')");
    std::string out = "''";
    while (columns.step().value()) out += " || quote(" + columns.text(0) + ") || ' '";
    return out;
  }
  static void administer(const std::string& sql) {
    const auto server = sql::open_postgres(std::getenv("HUB_TEST_POSTGRES") + std::string(" dbname=postgres"), "");
    HUB_CHECK(server.value()->execute(sql).has_value());
  }
  static std::string next_name() {
    static int number = 0;
    return "hub_test_" + std::to_string(++number);
  }

  const TemporaryFolder folder_;
  const std::string name_ = next_name();
};

}  // namespace hub::test
