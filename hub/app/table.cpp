#include "hub/app/table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace hub::app {
namespace {

constexpr std::size_t kGap = 2;

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

// The bytes of the first `characters`.
std::size_t prefix(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (starts_character(text[at]) && characters-- == 0) break;
  return at;
}

// Broken at spaces, and inside a word that is longer than a line.
std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> out;
  while (width(text) > columns) {
    std::size_t end = prefix(text, columns);
    const std::size_t space = text.rfind(' ', end);
    if (space != text.npos && space > 0) end = space;
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(text[end] == ' ' ? end + 1 : end);
  }
  out.emplace_back(text);
  return out;
}

std::size_t longest_word(std::string_view text) {
  std::size_t out = 0;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    out = std::max(out, width(text.substr(start, end - start)));
    start = end + 1;
  }
  return out;
}

// As wide as the cells. When that is too wide, the widest columns give way: first those that have spaces to break at.
std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> out(rows.front().size()), words(out.size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = std::max(out[i], width(row[i]));
      words[i] = std::max(words[i], longest_word(row[i]));
    }
  }
  const std::size_t room = kTableWidth - kGap * (out.size() - 1);
  for (std::size_t total = std::accumulate(out.begin(), out.end(), std::size_t{0}); total > room; --total) {
    std::size_t widest = 0;
    const auto rank = [&](std::size_t i) { return std::pair(out[i] > words[i], out[i]); };
    for (std::size_t i = 1; i < out.size(); ++i)
      if (rank(i) > rank(widest)) widest = i;
    --out[widest];
  }
  return out;
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return {};
  const auto widths = column_widths(rows);
  std::string out;
  for (const auto& row : rows) {
    std::vector<std::vector<std::string>> cells;
    std::size_t lines = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      cells.push_back(wrap(row[i], widths[i]));
      lines = std::max(lines, cells.back().size());
    }
    for (std::size_t line = 0; line < lines; ++line) {
      if (!out.empty()) out.push_back('\n');
      for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::string cell = line < cells[i].size() ? cells[i][line] : std::string();
        out.append(cell).append(widths[i] - width(cell) + kGap, ' ');
      }
      out.erase(out.find_last_not_of(' ') + 1);
    }
  }
  return out;
}

}  // namespace hub::app
