// The one place where SQLite's SQL becomes PostgreSQL's.
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>

namespace hub::sql {

enum class Dialect { sqlite, postgresql };

// A schema that is written as SQLite has it, with two words for what both have and neither alike:
//
//   written                SQLite                     PostgreSQL
//   STRICT, WITHOUT ROWID  the same                   nothing: so are all its tables
//   INTEGER                the same                   BIGINT
//   BLOB                   the same                   BYTEA
//   TEXT                   the same                   TEXT COLLATE "C": compared by bytes, as SQLite does
//   RFC3339(column)        strftime(…) || printf(…)   to_char(…) || to_char(…); microseconds since 1970 as a text
//   HEX(column)            lower(hex(column))         encode(column, 'hex')
//
// `column` is a name, perhaps with its table's.
std::string schema_text(std::string_view schema, Dialect dialect);

// A query or change: `?` and `?2` become `$1` and `$2`, and CROSS JOIN … ON, by which SQLite is told the order of a
// join, JOIN … ON. What both understand alike is written so: FILTER instead of sums of truths, CASE instead of min(a, b),
// a subquery with a name, TRUE instead of 1, a table's name before a column of ON CONFLICT DO UPDATE.
std::string postgres_query(std::string_view sql);

}  // namespace hub::sql
