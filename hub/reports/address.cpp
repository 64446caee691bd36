#include "hub/reports/address.hpp"

namespace hub::reports {

std::string percent_encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_') {
      out.push_back(c);
    } else {
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return out;
}

std::string address_of(const std::string& path, const ledger::NamedTexts& parameters) {
  std::string out = path;
  for (const auto& [name, text] : parameters)
    out += (out.find('?') == out.npos ? "?" : "&") + name + "=" + percent_encoded(text);
  return out;
}

}  // namespace hub::reports
