// Rows as people read them on a terminal: columns side by side in 80 characters, long cells wrapped.
#pragma once

#include <string>
#include <vector>

namespace hub::app {

constexpr std::size_t kTableWidth = 80;

// Each row has as many cells as the first. Text is UTF-8 in NFC, a code point a column. Without a last line end.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace hub::app
