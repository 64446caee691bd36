#include "adapters/edxml/words.hpp"

#include "hub/registry/folded_text.hpp"

namespace hub::edxml {

std::string folded(std::string_view text) {
  using registry::Sign;
  std::string out;
  bool between = false;
  for (std::size_t at = 0; at < text.size();) {
    const Sign sign = registry::sign_at(text, at);
    at = sign.end > at ? sign.end : at + 1;
    const bool kept = (sign.kind == Sign::Kind::letter || sign.kind == Sign::Kind::digit) && sign.symbol != 0;
    if (kept) {
      if (between && !out.empty()) out += ' ';
      out += sign.symbol;
    }
    between = !kept;
  }
  return out;
}

}  // namespace hub::edxml
