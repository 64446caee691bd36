#include "hub/wire/delivery_id.hpp"

#include <charconv>
#include <cstdio>

namespace hub::wire {
namespace {

constexpr std::size_t kJournalDigits = 8;

// Takes digits from the front of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string format(std::string_view journal_start, const DeliveryKey& key) {
  char numbers[64];
  std::snprintf(numbers, sizeof numbers, "-%012llu-%u", static_cast<unsigned long long>(key.document.value),
                key.outcome_index);
  std::string out = std::string(journal_start) + numbers;
  if (key.replay.value != 0) out += "-r" + std::to_string(key.replay.value);
  return out;
}

}  // namespace

std::string delivery_id(const Bytes<16>& journal_id, const DeliveryKey& key) {
  return format(to_hex(ByteView(journal_id).first(kJournalDigits / 2)), key);
}

std::optional<ParsedDeliveryId> parse_delivery_id(std::string_view text) {
  if (text.size() < kJournalDigits) return std::nullopt;
  ParsedDeliveryId out{std::string(text.substr(0, kJournalDigits)), {}};
  if (out.journal_start.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  std::string_view rest = text.substr(kJournalDigits);
  if (!take(rest, "-")) return std::nullopt;
  const auto document = take_number(rest);
  if (!document || !take(rest, "-")) return std::nullopt;
  const auto outcome = take_number(rest);
  if (!outcome || *outcome > UINT8_MAX) return std::nullopt;
  out.key.document = Position(*document);
  out.key.outcome_index = static_cast<std::uint8_t>(*outcome);
  if (take(rest, "-r")) {
    const auto replay = take_number(rest);
    if (!replay) return std::nullopt;
    out.key.replay = Position(*replay);
  }
  // One spelling a delivery: no other zeros, nothing behind.
  if (!rest.empty() || format(out.journal_start, out.key) != text) return std::nullopt;
  return out;
}

}  // namespace hub::wire
