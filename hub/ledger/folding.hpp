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

// What FTS5 is asked for: every word of the text must be there, the last one perhaps only begun. Empty when the text
// has no word.
std::string match_expression(std::string_view text);

}  // namespace hub::ledger
