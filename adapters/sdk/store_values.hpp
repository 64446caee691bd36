// What the store's parts share: values as SQLite keeps them, and failures on their way out.
#pragma once

#include "hub/sqlite/sqlite.hpp"
#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

namespace hub::sdk {

// SQLite's integers are signed; positions and inodes keep their bits.
inline std::int64_t to_sql(std::uint64_t value) { return static_cast<std::int64_t>(value); }
inline std::uint64_t from_sql(std::int64_t value) { return static_cast<std::uint64_t>(value); }

inline Buffer copy(ByteView bytes) { return Buffer(bytes.begin(), bytes.end()); }

}  // namespace hub::sdk

// Returns the error of a Result out of the function that it stands in.
#define HUB_TRY(expression)                                               \
  do {                                                                    \
    if (auto tried = (expression); !tried) return tl::unexpected(tried.error()); \
  } while (false)
