#include "hub/ledger/folding.hpp"

#include "hub/registry/folded_text.hpp"

namespace hub::ledger {

std::string fold(std::string_view text) {
  std::string out;
  bool between = false;
  for (std::size_t at = 0; at < text.size();) {
    const registry::Sign sign = registry::sign_at(text, at);
    at = sign.end;
    using Kind = registry::Sign::Kind;
    if (sign.kind != Kind::letter && sign.kind != Kind::digit) {
      between = true;
      continue;
    }
    if (between && !out.empty()) out.push_back(' ');
    between = false;
    if (sign.symbol != 0) {
      out.push_back(sign.symbol);
    } else {
      out.append(text.substr(sign.begin, sign.end - sign.begin));
    }
  }
  return out;
}

std::string match_expression(std::string_view text, char quote, std::string_view between, std::string_view begun) {
  const std::string words = fold(text);
  if (words.empty()) return {};
  std::string out(1, quote);  // a fold has no quotation mark
  for (const char c : words) {
    if (c == ' ') {
      out.append(1, quote).append(between).append(1, quote);
    } else {
      out.push_back(c);
    }
  }
  return out.append(1, quote).append(begun);
}

}  // namespace hub::ledger
