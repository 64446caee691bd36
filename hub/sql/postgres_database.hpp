// PostgreSQL behind the interface, by libpq.
#pragma once

#include "hub/sql/sql.hpp"

namespace hub::sql {

// `settings`: SQL that the session begins with. Text that PostgreSQL can't hold (NUL, bytes that are no UTF-8) is kept
// with U+FFFD in its place. ledger_unreachable (path, reason), io_failed.
Result<std::unique_ptr<Database>> open_postgres(const std::string& address, const std::string& settings);

}  // namespace hub::sql
