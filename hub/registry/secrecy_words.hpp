// The ordinary words around "mật": data of the rule in secrecy.hpp. Immutable; any thread.
#pragma once

#include "hub/registry/folded_text.hpp"

namespace hub::registry {

// Whether `word`, right before "mật" or right after it, makes an ordinary compound with it: "bảo mật", "mật độ".
bool makes_compound_before(const Word& word);
bool makes_compound_after(const Word& word);

// The same for "mat", which is also what is left of mặt, mất, mắt, mát: "co mat", "mat bang". Without accents.
bool makes_plain_compound_before(const Word& word);
bool makes_plain_compound_after(const Word& word);

// Whether a name ends here: "Nguyễn Văn Mật".
bool makes_name_before(const Word& word);

// Two words that belong together, so that the nearer one makes no compound with "mật": "thông báo Mật", "MẬT danh
// sách". Without accents.
bool ends_phrase(const Word& first, const Word& second);
bool starts_title(const Word& first, const Word& second);

// A kind of document, or what says that one is marked: "tai lieu", "dong dau", "loai". Without accents.
bool names_document(const Word& first, const Word& second);

}  // namespace hub::registry
