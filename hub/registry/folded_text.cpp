#include "hub/registry/folded_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace hub::registry {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

struct CodePoint {
  utf8proc_int32_t value = -1;  // negative when the bytes are no UTF-8; then it is one byte long
  std::size_t size = 1;
};

CodePoint decode(std::string_view text, std::size_t at) {
  CodePoint out;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                     static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size() - at, 4)),
                                     &out.value);
  if (size > 0) out.size = static_cast<std::size_t>(size);
  return out;
}

// What a code point looks like: a Sign without its place.
struct Look {
  Sign::Kind kind = Sign::Kind::other;
  char symbol = 0;
  std::uint8_t accents = 0;
  bool capital = false;
};

Look ascii_look(char c) {
  if (c >= 'a' && c <= 'z') return {Sign::Kind::letter, c, 0, false};
  if (c >= 'A' && c <= 'Z') return {Sign::Kind::letter, static_cast<char>(c | 0x20), 0, true};
  if (c >= '0' && c <= '9') return {Sign::Kind::digit, c, 0, false};
  switch (c) {
    case ' ': case '\t': case '\n': case '\v': case '\f': case '\r': return {Sign::Kind::space, c, 0, false};
    case '-': case '_': return {Sign::Kind::link, c, 0, false};
    case '.': case '*': case '/': case '+': case '~': return {Sign::Kind::point, c, 0, false};
    default: return {Sign::Kind::other, c, 0, false};
  }
}

// The accent that a combining character puts on the letter before it; 0 for one that Vietnamese doesn't have.
std::uint8_t accent_of(utf8proc_int32_t mark) {
  switch (mark) {
    case 0x300: return kGrave;
    case 0x301: return kAcute;
    case 0x302: return kCircumflex;
    case 0x303: return kTilde;
    case 0x306: return kBreve;
    case 0x309: return kHook;
    case 0x31b: return kHorn;
    case 0x323: return kDotBelow;
    default: return 0;
  }
}

bool is_combining_mark(utf8proc_int32_t code_point) { return code_point >= 0x300 && code_point <= 0x36f; }

Sign::Kind kind_of(utf8proc_int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_LO: return Sign::Kind::letter;
    case UTF8PROC_CATEGORY_ND: return Sign::Kind::digit;
    case UTF8PROC_CATEGORY_ZS: case UTF8PROC_CATEGORY_ZL: case UTF8PROC_CATEGORY_ZP: return Sign::Kind::space;
    case UTF8PROC_CATEGORY_PD: return Sign::Kind::point;
    default: return code_point == 0xb7 || code_point == 0x2022 ? Sign::Kind::point : Sign::Kind::other;  // · •
  }
}

Look look(utf8proc_int32_t code_point) {
  // Unicode doesn't take the stroke of đ for an accent.
  if (code_point == 0x110 || code_point == 0x111) return {Sign::Kind::letter, 'd', kHorn, code_point == 0x110};
  utf8proc_int32_t parts[8];
  int boundary = 0;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE);
  const auto count = utf8proc_decompose_char(code_point, parts, std::size(parts), options, &boundary);
  if (count == 0) return {Sign::Kind::space, 0, 0, false};
  const bool simple =
      count > 0 && count <= std::ssize(parts) && parts[0] < 0x80 &&
      std::all_of(parts + 1, parts + count, is_combining_mark);  // not so: a sign for a unit, another alphabet
  if (!simple) return {kind_of(code_point), 0, 0, false};
  Look out = ascii_look(static_cast<char>(parts[0]));
  for (auto i = 1; i < count; ++i) out.accents |= accent_of(parts[i]);
  return out;
}

// Of the code points up to the last letter of Vietnamese. A function's own, so that tables of words in other files can
// be made before main.
constexpr std::size_t kLooks = 0x1f00;
const std::array<Look, kLooks>& looks() {
  static const auto table = [] {
    std::array<Look, kLooks> out;
    for (std::size_t i = 0; i < kLooks; ++i) out[i] = look(static_cast<utf8proc_int32_t>(i));
    return out;
  }();
  return table;
}

// Combining characters that one letter can have; Vietnamese has two. What follows them is a sign of its own, so that a
// long run of them is read once.
constexpr int kMarksMax = 4;

std::size_t code_point_before(std::string_view text, std::size_t end) {
  std::size_t begin = end - 1;
  while (begin > 0 && end - begin < 4 && (byte_at(text, begin) & 0xc0) == 0x80) --begin;
  return begin + decode(text, begin).size == end ? begin : end - 1;
}

}  // namespace

Sign sign_at(std::string_view text, std::size_t begin) {
  if (begin >= text.size()) return {.begin = begin, .end = begin};
  Look seen;
  std::size_t end = begin + 1;
  if (byte_at(text, begin) < 0x80) {
    seen = looks()[byte_at(text, begin)];
  } else {
    const CodePoint code_point = decode(text, begin);
    end = begin + code_point.size;
    if (code_point.value >= 0) {
      const auto value = static_cast<std::size_t>(code_point.value);
      seen = value < kLooks ? looks()[value] : look(code_point.value);
    }
  }
  for (int marks = 0; marks < kMarksMax && end < text.size() && (byte_at(text, end) & 0xfe) == 0xcc; ++marks) {
    const CodePoint mark = decode(text, end);
    if (!is_combining_mark(mark.value)) break;
    seen.accents |= accent_of(mark.value);
    end += mark.size;
  }
  return {seen.kind, seen.symbol, seen.accents, seen.capital, begin, end};
}

Sign sign_before(std::string_view text, std::size_t end) {
  if (end == 0) return {};
  const std::size_t last = code_point_before(text, end);
  if (byte_at(text, last) < 0x80) return sign_at(text.substr(0, end), last);
  std::size_t begin = last;
  for (int marks = 0; begin > 0 && is_combining_mark(decode(text, begin).value); ++marks) {
    if (marks == kMarksMax) return {.kind = Sign::Kind::other, .begin = last, .end = end};
    begin = code_point_before(text, begin);
  }
  return sign_at(text.substr(0, end), begin);
}

Word word_at(std::string_view text, std::size_t begin) {
  Word word;
  word.begin = word.end = begin;
  word.capitals = true;
  bool known = true;
  int count = 0;
  for (Sign sign = sign_at(text, begin); sign.kind == Sign::Kind::letter; sign = sign_at(text, word.end)) {
    if (count == Word::kLettersMax || sign.symbol == 0) {
      known = false;
      break;
    }
    if (count == 0) word.capital = sign.capital;
    word.capitals = word.capitals && sign.capital;
    word.letters |= static_cast<std::uint64_t>(sign.symbol - 'a' + 1) << 5 * count;
    word.accents |= static_cast<std::uint64_t>(sign.accents) << 5 * count;
    word.end = sign.end;
    ++count;
  }
  if (!known) word.letters = 0;
  return word;
}

Word word_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  for (int count = 0; count <= Word::kLettersMax; ++count) {
    const Sign sign = sign_before(text, begin);
    if (sign.kind != Sign::Kind::letter) break;
    begin = sign.begin;
  }
  return word_at(text.substr(0, end), begin);
}

}  // namespace hub::registry
