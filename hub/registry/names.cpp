#include "hub/registry/names.hpp"

#include <algorithm>

#include "hub/registry/limits.hpp"

namespace hub::registry {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_alphanumeric(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

bool is_name(std::string_view text) {
  return !text.empty() && is_lower_alphanumeric(text.front()) && is_lower_alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower_alphanumeric(c) || c == '.' || c == '-'; });
}

// Names joined by "/".
bool is_path(std::string_view text) {
  if (text.size() > kNameBytesMax) return false;
  while (true) {
    const std::size_t slash = text.find('/');
    if (!is_name(text.substr(0, slash))) return false;
    if (slash == text.npos) return true;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

bool is_party_id(std::string_view text) { return text.size() <= kNameBytesMax && is_name(text); }

bool is_endpoint_id(std::string_view text) {
  const std::size_t slash = text.find('/');
  return text.size() <= kNameBytesMax && slash != text.npos && is_name(text.substr(0, slash)) &&
         is_name(text.substr(slash + 1));
}

bool is_type_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower_alphanumeric(c) || c == '-'; });
}

bool is_type_id(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (text.size() > kNameBytesMax || slash == text.npos || !is_type_name(text.substr(0, slash))) return false;
  const std::string_view version = text.substr(slash + 1);
  return !version.empty() && version.front() != '0' && std::all_of(version.begin(), version.end(), is_digit);
}

std::string_view type_name(std::string_view type_id) { return type_id.substr(0, type_id.find('/')); }

bool is_agreement_id(std::string_view text) { return text.find('/') != text.npos && is_path(text); }

bool is_plain_document_number(std::string_view text) {
  return !text.empty() && is_digit(text.front()) && text.find_first_of(" \t\n,;") == text.npos;
}

bool is_place(std::string_view text) { return std::count(text.begin(), text.end(), '/') < 4 && is_path(text); }

bool is_in_place(std::string_view place, std::string_view around) {
  return place.starts_with(around) && (place.size() == around.size() || place[around.size()] == '/');
}

}  // namespace hub::registry
