// What every database does alike; and what one is told of the other's words.
#include <catch2/catch.hpp>

#include "hub/sql/address.hpp"
#include "tests/support/test_database.hpp"

using namespace hub;
using sql::Dialect;
using sql::Statement;

namespace {

struct Bench {
  Bench() {
    REQUIRE(database->execute(sql::schema_text("CREATE TABLE t (n INTEGER PRIMARY KEY, word TEXT, raw BLOB) STRICT;",
                                               database->dialect())));
  }
  Result<void> insert(std::int64_t number, std::string_view word) {
    return Statement(*database, "INSERT INTO t (n, word) VALUES (?, ?)").bind(number).bind(word).run();
  }
  std::string words() { return place.values("SELECT word FROM t ORDER BY word"); }

  test::TestDatabase place;
  std::unique_ptr<sql::Database> database = place.open();
};

}  // namespace

TEST_CASE("Numbers, texts and bytes come back as they were, and nothing is not empty") {
  Bench b;
  const Buffer raw = {0, 255, '\\', '\'', 0};
  Statement insert(*b.database, "INSERT INTO t (n, word, raw) VALUES (?, ?, ?)");
  REQUIRE(insert.bind(INT64_MIN).bind("Đà 'Nẵng' ?").bind(ByteView(raw)).run());
  REQUIRE(insert.bind(INT64_MAX).bind("").bind(ByteView()).run());
  REQUIRE(insert.bind(std::int64_t{0}).bind_null().bind_null().run());
  Statement read(*b.database, "SELECT n, word, raw, n > 0, count(*) OVER () FROM t ORDER BY n");
  REQUIRE(read.step().value());
  CHECK(read.integer(0) == INT64_MIN);
  CHECK(read.text(1) == "Đà 'Nẵng' ?");
  CHECK(equal(read.bytes(2), raw));
  CHECK(read.integer(3) == 0);
  CHECK(read.text(4) == "3");
  REQUIRE(read.step().value());
  CHECK(read.is_null(1));
  CHECK(read.is_null(2));
  CHECK(read.integer(0) == 0);
  REQUIRE(read.step().value());
  CHECK_FALSE(read.is_null(1));
  CHECK_FALSE(read.is_null(2));
  CHECK(read.bytes(2).empty());
  CHECK(read.text(0) == std::to_string(INT64_MAX));
  CHECK(read.integer(3) == 1);
  CHECK_FALSE(read.step().value());
}

TEST_CASE("A parameter may stand twice, and a statement be used again") {
  Bench b;
  Statement put(*b.database,
                "INSERT INTO t (n, word) VALUES (?1, ?2) ON CONFLICT (n) DO UPDATE SET word = t.word || ?2");
  for (const char* word : {"a", "b", "c"}) REQUIRE(put.bind(std::int64_t{1}).bind(word).run());
  CHECK(b.words() == "abc");
}

TEST_CASE("Texts are compared by their bytes") {
  Bench b;
  std::int64_t number = 0;
  for (const char* word : {"é", "b", "Z", "a-c", "ab"}) REQUIRE(b.insert(++number, word));
  CHECK(b.words() == "Z,a-c,ab,b,é");
}

TEST_CASE("What was not committed is gone, and a snapshot doesn't see what is committed meanwhile") {
  Bench b;
  {
    sql::Transaction transaction(*b.database);
    REQUIRE(transaction.begin());
    REQUIRE(b.insert(1, "lost"));
  }
  CHECK(b.words().empty());
  const auto other = b.place.open();
  sql::Transaction snapshot(*other);
  REQUIRE(snapshot.begin_snapshot());
  Statement count(*other, "SELECT count(*) FROM t");
  REQUIRE(count.step().value());
  CHECK(count.integer(0) == 0);
  count.reset();
  {
    sql::Transaction transaction(*b.database);
    REQUIRE(transaction.begin());
    REQUIRE(b.insert(1, "kept"));
    REQUIRE(transaction.commit());
  }
  REQUIRE(count.step().value());
  CHECK(count.integer(0) == 0);
  CHECK(b.words() == "kept");
}

TEST_CASE("A change that fails fails its transaction, at the commit at the latest") {
  Bench b;
  {
    sql::Transaction transaction(*b.database);
    REQUIRE(transaction.begin());
    const bool told = !b.insert(1, "a") || !b.insert(1, "again") || !b.insert(2, "b") || !transaction.commit();
    CHECK(told);
  }
  CHECK(b.words().empty());
  REQUIRE(b.insert(3, "goes on"));
  CHECK(b.words() == "goes on");
}

TEST_CASE("More changes than are sent ahead, and more rows than one portion, are all there in their order") {
  Bench b;
  constexpr std::int64_t kRows = 2'500;
  sql::Transaction transaction(*b.database);
  REQUIRE(transaction.begin());
  Statement insert(*b.database, "INSERT INTO t (n) VALUES (?)");
  for (std::int64_t n = 0; n < kRows; ++n) REQUIRE(insert.bind(n).run());
  REQUIRE(transaction.commit());
  sql::Transaction snapshot(*b.database);
  REQUIRE(snapshot.begin_snapshot());
  Statement list(*b.database, "SELECT n FROM t WHERE n >= ? ORDER BY n", sql::Rows::in_portions);
  Statement other(*b.database, "SELECT count(*) FROM t WHERE n < ?");
  list.bind(std::int64_t{100});
  for (std::int64_t n = 100; n < kRows; ++n) {
    REQUIRE(list.step().value());
    REQUIRE(list.integer(0) == n);
    if (n % 500 != 0) continue;  // a question between two rows
    REQUIRE(other.bind(n).step().value());
    CHECK(other.integer(0) == n);
    other.reset();
  }
  CHECK_FALSE(list.step().value());
}

TEST_CASE("Text that PostgreSQL can't hold is kept with a mark in its place") {
  Bench b;
  if (!b.place.is_postgres()) return;
  using namespace std::string_view_literals;
  REQUIRE(b.insert(1, "số\0 1\xff\xc3"sv));
  CHECK(b.words() == "số\uFFFD 1\uFFFD\uFFFD");
}

TEST_CASE("A time and a digest are told alike") {
  Bench b;
  REQUIRE(b.database->execute(
      sql::schema_text("CREATE VIEW readable AS SELECT RFC3339(n) AS at, HEX(raw) AS digest FROM t;", b.database->dialect())));
  const Buffer raw = {0x0a, 0xff};
  Statement insert(*b.database, "INSERT INTO t (n, raw) VALUES (?, ?)");
  REQUIRE(insert.bind(std::int64_t{1'710'205'200'000'042}).bind(ByteView(raw)).run());
  CHECK(b.place.values("SELECT at || ' ' || digest FROM readable") == "2024-03-12T01:00:00.000042Z 0aff");
}

TEST_CASE("Parameters are numbered as SQLite numbers them, and a question mark in a text is none") {
  CHECK(sql::postgres_query("a = ? AND b = '?' AND c = ?") == "a = $1 AND b = '?' AND c = $2");
  CHECK(sql::postgres_query("?2 ?1 ?12 ?") == "$2 $1 $12 $13");
  CHECK(sql::postgres_query("a CROSS JOIN b ON c") == "a JOIN b ON c");
}

TEST_CASE("An address is a file or a PostgreSQL database, and never tells a password") {
  for (const char* server : {"postgresql://h/d", "postgres://u@h:5433/d", "host=/run/postgresql dbname=d", "service=hub"})
    CHECK(sql::is_postgres(server));
  for (const char* file : {"data/ledger.sqlite", "./host=x", "/srv/a=b/ledger.sqlite", "ledger"})
    CHECK_FALSE(sql::is_postgres(file));
  CHECK(sql::described("data/ledger.sqlite") == "data/ledger.sqlite");
  CHECK(sql::described("postgresql://u@h:5433/d?sslmode=require") == "postgresql://h:5433/d");
  CHECK(sql::described("host=h user=u dbname=d") == "postgresql://h/d");
  CHECK(sql::postgres_fault("host=h dbname=d").empty());
  for (const char* wrong : {"postgresql://u:secret@h/d", "host=h password=secret", "host=h sslpassword=secret",
                            "postgresql://h/d?password=secret", "colour=secret", "host='secret",
                            "postgresql://u:a@secret@h/d", "postgresql://u:secret@h:5%/d"}) {
    const std::string fault = sql::postgres_fault(wrong);
    CHECK_FALSE(fault.empty());
    CHECK(fault.find("secret") == std::string::npos);
    CHECK(sql::described(wrong) == "postgresql:");
  }
}
