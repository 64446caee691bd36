// Text as it is searched: words of letters without accents and in lower case, đ as d. Both what is stored and what is
// asked for is folded, so that "phong" and "PHÒNG" find "phòng".
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>

namespace hub::ledger {

// Words with one space between them. Letters of other alphabets stay as they are.
std::string fold(std::string_view text);

// The text's words, each between quotation marks so that none is taken for an operator, joined by `between`, and behind
// the last one `begun`. Empty when the text has no word.
std::string match_expression(std::string_view text, char quote, std::string_view between, std::string_view begun);

}  // namespace hub::ledger
