// How an account stands in the columns `user` and `since`.
#pragma once

#include "hub/access/store.hpp"
#include "hub/sqlite/sqlite.hpp"

namespace hub::access {

inline std::int64_t since_column(const Account& account) { return static_cast<std::int64_t>(account.since.value); }

inline Account account_at(const sqlite::Statement& row, int first) {
  return {row.text(first), Position(static_cast<std::uint64_t>(row.integer(first + 1)))};
}

}  // namespace hub::access
