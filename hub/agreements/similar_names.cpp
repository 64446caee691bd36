#include "hub/agreements/similar_names.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace hub::agreements {
namespace {

constexpr std::size_t kSimilarShown = 3;

// How many bytes must be added, taken out or replaced (Levenshtein).
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string similar_names(const std::string& name, const std::set<std::string>& known) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& one : known) near.emplace_back(distance(name, one), one);
  std::sort(near.begin(), near.end());
  std::string out;
  for (std::size_t i = 0; i < std::min(near.size(), kSimilarShown); ++i)
    out.append(out.empty() ? "" : ", ").append(near[i].second);
  return out;
}

}  // namespace hub::agreements
