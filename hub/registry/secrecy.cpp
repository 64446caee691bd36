#include "hub/registry/secrecy.hpp"

#include <array>
#include <bit>

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/folded_text.hpp"
#include "hub/registry/schema_reasons.hpp"
#include "hub/registry/secrecy_words.hpp"

namespace hub::registry {
namespace {

// "mật" or "mat" somewhere in a text, a word of its own.
struct Candidate {
  std::size_t begin = 0, end = 0;
  bool accented = false;
  bool apart = false;                                          // something stands between its letters
  bool capital = false, capital_inside = false, capitals = false;  // M; a or t; all three
};

Sign next_letter(std::string_view text, std::size_t at) {
  Sign sign = sign_at(text, at);
  while (sign.separates()) sign = sign_at(text, sign.end);
  return sign;
}
Sign previous_letter(std::string_view text, std::size_t at) {
  Sign sign = sign_before(text, at);
  while (sign.separates()) sign = sign_before(text, sign.begin);
  return sign;
}

bool is(const Sign& sign, char letter, std::uint8_t accents) {
  return sign.kind == Sign::Kind::letter && sign.symbol == letter && sign.accents == accents;
}

// The letters of a mark that starts with the m at `at`. Whether a word starts there is for the caller to see.
std::optional<Candidate> candidate_at(std::string_view text, std::size_t at) {
  const Sign m = sign_at(text, at);
  if (!is(m, 'm', 0)) return std::nullopt;
  const Sign a = next_letter(text, m.end);
  const bool accented = is(a, 'a', kCircumflex | kDotBelow);
  if (!accented && !is(a, 'a', 0)) return std::nullopt;
  const Sign t = next_letter(text, a.end);
  if (!is(t, 't', 0) || sign_at(text, t.end).kind == Sign::Kind::letter) return std::nullopt;
  const bool first_apart = m.end != a.begin, second_apart = a.end != t.begin;
  if (!accented && first_apart != second_apart) return std::nullopt;  // "5 m at 3 pm"
  return Candidate{m.begin, t.end, accented, first_apart || second_apart,
                   m.capital, a.capital || t.capital, m.capital && a.capital && t.capital};
}

struct Letter {
  char letter;
  std::uint8_t accents;  // these or none
};
constexpr Letter kToi[] = {{'i', 0}, {'o', kCircumflex | kAcute}, {'t', 0}};  // backwards
constexpr Letter kTuyet[] = {{'t', 0}, {'e', kCircumflex | kDotBelow}, {'y', 0}, {'u', 0}, {'t', 0}};

// Where the word begins whose letters, backwards, end before `end`, with or without something between them.
template <std::size_t N>
std::optional<std::size_t> begin_of(const Letter (&word)[N], std::string_view text, std::size_t end) {
  for (const Letter& letter : word) {
    const Sign sign = previous_letter(text, end);
    if (!is(sign, letter.letter, letter.accents) && !is(sign, letter.letter, 0)) return std::nullopt;
    end = sign.begin;
  }
  if (sign_before(text, end).kind == Sign::Kind::letter) return std::nullopt;
  return end;
}

// The word that a space, "-" or "_" joins to what ends or begins there; one without letters when there is none.
Word joined_before(std::string_view text, std::size_t end) {
  Sign sign = sign_before(text, end);
  if (sign.kind == Sign::Kind::link) {
    sign = sign_before(text, sign.begin);
  } else {
    if (sign.kind != Sign::Kind::space) return {};
    while (sign.kind == Sign::Kind::space) sign = sign_before(text, sign.begin);
  }
  return sign.kind == Sign::Kind::letter ? word_before(text, sign.end) : Word{};
}
Word joined_after(std::string_view text, std::size_t begin) {
  Sign sign = sign_at(text, begin);
  if (sign.kind == Sign::Kind::link) {
    sign = sign_at(text, sign.end);
  } else {
    if (sign.kind != Sign::Kind::space) return {};
    while (sign.kind == Sign::Kind::space) sign = sign_at(text, sign.end);
  }
  return sign.kind == Sign::Kind::letter ? word_at(text, sign.begin) : Word{};
}

const Word kDo = word_at("độ", 0), kMat = word_at("mật", 0), kTran = word_at("trận", 0);

// "Độ mật: Mật"
bool follows_label(std::string_view text, const Candidate& mark) {
  Sign sign = previous_letter(text, mark.begin);
  if (sign.symbol == ':') sign = previous_letter(text, sign.begin);
  if (sign.symbol != 't') return false;
  const Word word = word_before(text, sign.end);
  return word.same_letters(kMat) && joined_before(text, word.begin).same_letters(kDo);
}

bool compound_before(std::string_view text, const Candidate& mark, const Word& word) {
  if (word.letters == 0 || (mark.capitals && !word.capitals)) return false;
  if (word.same_letters(kDo) && mark.capital && !word.capital) return false;  // "bí mật nhà nước độ Mật"
  const bool compound = (mark.capital && makes_name_before(word)) ||
                        (mark.accented ? makes_compound_before(word) : makes_plain_compound_before(word));
  return compound && !ends_phrase(joined_before(text, word.begin), word);
}

bool compound_after(std::string_view text, const Candidate& mark) {
  const Word word = joined_after(text, mark.end);
  if (word.letters == 0 || (mark.capitals && !word.capitals)) return false;
  const bool compound = mark.accented ? makes_compound_after(word) : makes_plain_compound_after(word);
  return compound && !starts_title(word, joined_after(text, word.end));
}

bool is_line_end(const Sign& sign) { return sign.symbol == '\n' || sign.symbol == '\r'; }

// Whether something else begins on that side: punctuation, a line's end, a dash with a space before it.
bool breaks_before(std::string_view text, std::size_t end) {
  const Sign nearest = sign_before(text, end);
  Sign sign = nearest;
  while (sign.kind == Sign::Kind::space && !is_line_end(sign)) sign = sign_before(text, sign.begin);
  if (sign.kind == Sign::Kind::link) return nearest.kind == Sign::Kind::space;
  return sign.kind != Sign::Kind::letter && sign.kind != Sign::Kind::digit;
}
bool breaks_after(std::string_view text, std::size_t begin) {
  const Sign nearest = sign_at(text, begin);
  Sign sign = nearest;
  while (sign.kind == Sign::Kind::space && !is_line_end(sign)) sign = sign_at(text, sign.end);
  if (sign.kind == Sign::Kind::link) return nearest.kind == Sign::Kind::space;
  return sign.kind != Sign::Kind::letter && sign.kind != Sign::Kind::digit;
}

// A file's own kind, "ket-qua.mat", is no mark.
bool is_extension(std::string_view text, const Candidate& mark) {
  const Sign dot = sign_before(text, mark.begin);
  const Sign::Kind before = sign_before(text, dot.begin).kind;
  return mark.end == text.size() && dot.symbol == '.' && (before == Sign::Kind::letter || before == Sign::Kind::digit);
}

// Where a file's name ends and its extension, two to five letters or digits, begins; the text's size without one.
std::size_t extension_of(std::string_view text) {
  std::size_t begin = text.size();
  for (std::size_t length = 0; length < 5 && begin > 0; ++length) {
    const Sign sign = sign_before(text, begin);
    if (sign.symbol == '.' && length >= 2) return sign.begin;
    if (sign.kind != Sign::Kind::letter && sign.kind != Sign::Kind::digit) break;
    begin = sign.begin;
  }
  return text.size();
}

bool is_piece_of_file_name(std::string_view text, const Candidate& mark) {
  const std::size_t extension = extension_of(text);
  return extension != text.size() &&
         (mark.end == extension || previous_letter(text, mark.begin).kind != Sign::Kind::letter ||
          next_letter(text, mark.end).kind != Sign::Kind::letter);
}

bool is_secrecy_mark(std::string_view text, const Candidate& mark) {
  if (mark.apart || follows_label(text, mark)) return true;
  const Word before = joined_before(text, mark.begin);
  if (compound_before(text, mark, before) || compound_after(text, mark)) return false;
  if (mark.accented || mark.capital_inside) return true;
  if (is_extension(text, mark)) return false;
  return (breaks_before(text, mark.begin) && breaks_after(text, mark.end)) ||
         names_document(joined_before(text, before.begin), before) || is_piece_of_file_name(text, mark);
}

// "chuyen toi Mat tran", unaccented for "tới Mặt trận"; "buổi tối mật độ giao thông".
bool is_ordinary_after_toi(std::string_view text, const Candidate& mark) {
  const Word word = joined_after(text, mark.end);
  if (!mark.accented) return word.same_letters(kTran);
  return word.same(kDo) && !word.capital && !starts_title(word, joined_after(text, word.end));
}

std::optional<SecrecyMark> mark_at(std::string_view text, std::size_t at) {
  const auto mat = candidate_at(text, at);
  if (!mat) return std::nullopt;
  const auto found = [&](std::string_view name, std::size_t begin) {
    return SecrecyMark{name, begin, mat->end - begin};
  };
  if (const auto begin = begin_of(kTuyet, text, mat->begin)) return found("Tuyệt mật", *begin);
  if (const auto begin = begin_of(kToi, text, mat->begin); begin && !is_ordinary_after_toi(text, *mat))
    return found("Tối mật", *begin);
  if (sign_before(text, mat->begin).kind == Sign::Kind::letter || !is_secrecy_mark(text, *mat)) return std::nullopt;
  return found("Mật", mat->begin);
}

// By the byte after an m, whether a mark can start with it: a, the first byte of anything beyond ASCII, a separator.
constexpr auto kCanFollowM = [] {
  std::array<bool, 256> out{};
  for (std::size_t byte = 0x80; byte < 256; ++byte) out[byte] = true;
  for (const char c : std::string_view("aA \t\n\v\f\r-_.*/+~")) out[static_cast<std::uint8_t>(c)] = true;
  return out;
}();

// The bytes of a block with which an m can begin, a 0x80 in the place of each: m, M, and from 0xef on full-width and
// ornamental letters. Nothing else is looked at in ordinary text.
constexpr std::uint64_t kEach = 0x0101010101010101u;
constexpr std::uint64_t starts(std::uint64_t block) {
  constexpr std::uint64_t low = 0x7f * kEach, high = 0x80 * kEach;
  const std::uint64_t other = (block | 0x20 * kEach) ^ 'm' * kEach;
  return (~(((other & low) + low) | other) & high) | (((block & low) + 0x11 * kEach) & block & high);
}

}  // namespace

std::optional<SecrecyMark> find_secrecy_mark(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::size_t from = 0; from < text.size(); from += 8) {
    std::uint64_t block = 0;
    if (text.size() - from >= 8)
      block = load_le<std::uint64_t>(bytes + from);
    else
      std::memcpy(&block, bytes + from, text.size() - from);
    for (std::uint64_t hits = starts(block); hits != 0; hits &= hits - 1) {
      const std::size_t at = from + static_cast<std::size_t>(std::countr_zero(hits)) / 8;
      if (bytes[at] < 0x80 && (at + 1 == text.size() || !kCanFollowM[bytes[at + 1]])) continue;
      if (const auto mark = mark_at(text, at)) return mark;
    }
  }
  return std::nullopt;
}

namespace {

class Walk {
 public:
  explicit Walk(ByteView value) : in_(value) {}

  // Nothing, too, when the value is malformed: then `in_` stays where it is, and so does whatever holds the value.
  std::optional<SecrecyMarkInValue> value(const Path& path, int depth) {
    switch (in_.peek()) {
      case MsgpackReader::Kind::string: return string(path);
      case MsgpackReader::Kind::array: return array(path, depth + 1);
      case MsgpackReader::Kind::map: return map(path, depth + 1);
      default: intact_ = in_.skip(); return std::nullopt;
    }
  }

 private:
  std::optional<SecrecyMarkInValue> string(const Path& path) {
    const std::size_t offset = in_.offset();
    const auto text = in_.read_string();
    intact_ = text.has_value();
    if (!intact_) return std::nullopt;
    const auto mark = find_secrecy_mark(*text);
    if (!mark) return std::nullopt;
    return SecrecyMarkInValue{*mark, offset, pointer_of(path)};
  }

  std::optional<SecrecyMarkInValue> array(const Path& path, int depth) {
    const auto count = in_.read_array();
    intact_ = count && depth <= MsgpackReader::kDepthMax;
    for (std::uint32_t i = 0; intact_ && i < *count; ++i)
      if (auto found = value(Path{&path, {}, i}, depth)) return found;
    return std::nullopt;
  }

  std::optional<SecrecyMarkInValue> map(const Path& path, int depth) {
    const auto count = in_.read_map();
    intact_ = count && depth <= MsgpackReader::kDepthMax;
    for (std::uint32_t i = 0; intact_ && i < *count; ++i) {
      MsgpackReader before = in_;
      const auto key = in_.read_string();
      intact_ = key.has_value();
      if (!intact_) return std::nullopt;
      // A key is text too, and its place is told without repeating it.
      if (const auto mark = find_secrecy_mark(*key)) return SecrecyMarkInValue{*mark, before.offset(), pointer_of(path)};
      if (auto found = value(Path{&path, *key, Path::kNoIndex}, depth)) return found;
    }
    return std::nullopt;
  }

  MsgpackReader in_;
  bool intact_ = true;  // false: a malformed part was met, and the walk ends
};

}  // namespace

std::optional<SecrecyMarkInValue> find_secrecy_mark_in(ByteView msgpack_value) {
  return Walk(msgpack_value).value(Path{}, 0);
}

std::optional<Error> refuse_secrecy_mark(ByteView document) {
  const auto found = find_secrecy_mark_in(document);
  if (!found) return std::nullopt;
  return Error{ErrorCode::secrecy_mark, {{"mark", std::string(found->mark.name)}, {"pointer", found->pointer.empty() ? "/" : found->pointer}}};
}

}  // namespace hub::registry
