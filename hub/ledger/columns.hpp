// How the hub's types stand in columns: numbers as SQLite's 64 bits, ids as their text.
#pragma once

#include <optional>
#include <string>

#include "hub/base/bytes.hpp"
#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/sql/sql.hpp"

namespace hub::ledger {

inline std::int64_t column(Position position) { return static_cast<std::int64_t>(position.value); }
inline std::int64_t column(std::uint64_t number) { return static_cast<std::int64_t>(number); }

inline Position position_at(const sql::Statement& row, int column) {
  return Position(static_cast<std::uint64_t>(row.integer(column)));
}
inline UnixMicros time_at(const sql::Statement& row, int column) { return UnixMicros(row.integer(column)); }
inline std::optional<UnixMicros> optional_time_at(const sql::Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(time_at(row, column));
}
inline std::optional<std::string> optional_text_at(const sql::Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}

}  // namespace hub::ledger
