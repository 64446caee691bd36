#include "hub/runtime/meters.hpp"

#include <algorithm>
#include <cstring>

#include "hub/base/check.hpp"

namespace hub::runtime {
namespace {

// Names are at most 64 bytes, each of them.
class SeriesKey {
 public:
  SeriesKey(std::string_view outcome, std::string_view agreement) {
    HUB_CHECK(outcome.size() + agreement.size() < sizeof text_);
    std::copy(outcome.begin(), outcome.end(), text_);
    text_[outcome.size()] = '\0';
    std::copy(agreement.begin(), agreement.end(), text_ + outcome.size() + 1);
    size_ = outcome.size() + 1 + agreement.size();
  }
  operator std::string_view() const { return {text_, size_}; }  // NOLINT: it stands for its text

 private:
  char text_[160];
  std::size_t size_;
};

}  // namespace

void OutcomeCounts::add(std::string_view outcome, std::string_view agreement, std::uint64_t count) {
  const SeriesKey key(outcome, agreement);
  auto series = counts_.find(std::string_view(key));
  if (series == counts_.end()) {
    if (counts_.size() >= kSeriesMax && agreement != kOtherAgreement) return add(outcome, kOtherAgreement, count);
    series = counts_.emplace(std::string(std::string_view(key)), 0).first;
  }
  series->second += count;
}

std::map<std::pair<std::string, std::string>, std::uint64_t> OutcomeCounts::sorted() const {
  std::map<std::pair<std::string, std::string>, std::uint64_t> out;
  for (const auto& [key, count] : counts_) {
    const std::size_t nul = key.find('\0');
    out[{key.substr(0, nul), key.substr(nul + 1)}] = count;
  }
  return out;
}

}  // namespace hub::runtime
