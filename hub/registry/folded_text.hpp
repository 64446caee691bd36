// Vietnamese text as a reader sees it, whatever its encoding: composed or decomposed, in any case, in full-width or
// ornamental letters. One sign or word at a time, in both directions, without allocation. Bytes that are no UTF-8 are
// signs of their own, so any bytes can be read.
//
// Threads: free functions on borrowed text; positions are byte offsets and the borders of signs.
#pragma once

#include <cstdint>
#include <string_view>

namespace hub::registry {

// The accents of one letter: the shape in two bits, the tone above them.
enum Accent : std::uint8_t {
  kCircumflex = 1,  // â ê ô
  kBreve = 2,       // ă
  kHorn = 3,        // ơ ư, and the stroke of đ
  kGrave = 1 << 2,
  kAcute = 2 << 2,
  kHook = 3 << 2,
  kTilde = 4 << 2,
  kDotBelow = 5 << 2,
};

struct Sign {
  enum class Kind : std::uint8_t {
    edge,   // before the first sign and after the last
    letter,
    digit,
    space,  // and what can't be seen: soft hyphens, zero-width spaces
    link,   // - _
    point,  // . * / + ~, bullets, dashes
    other,
  };

  Kind kind = Kind::edge;
  char symbol = 0;  // a to z for a letter without its accents, the ASCII character for others; 0 when there is none
  std::uint8_t accents = 0;
  bool capital = false;
  std::size_t begin = 0, end = 0;

  bool separates() const { return kind == Kind::space || kind == Kind::link || kind == Kind::point; }
};

Sign sign_at(std::string_view text, std::size_t begin);
Sign sign_before(std::string_view text, std::size_t end);

// A run of letters, five bits a letter, to be compared at once. Accents apart, so that "bảo" is found as "bảo" alone or
// as any of "bao", "bảo", "báo". A word of more letters than fit, or of another alphabet, is like no word.
struct Word {
  static constexpr int kLettersMax = 12;

  std::uint64_t letters = 0, accents = 0;
  bool capital = false;   // the first letter
  bool capitals = false;  // every letter
  std::size_t begin = 0, end = 0;

  bool same(const Word& other) const { return letters == other.letters && accents == other.accents; }
  bool same_letters(const Word& other) const { return letters == other.letters; }
};

// The word whose letters begin or end there; one without letters when a sign stands there that is no letter.
Word word_at(std::string_view text, std::size_t begin);
Word word_before(std::string_view text, std::size_t end);

}  // namespace hub::registry
