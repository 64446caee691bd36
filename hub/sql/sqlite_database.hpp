// hub/sqlite behind the interface.
#pragma once

#include "hub/sql/sql.hpp"
#include "hub/sqlite/sqlite.hpp"

namespace hub::sql {

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path, sqlite::Access access);

}  // namespace hub::sql
