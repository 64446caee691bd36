// Finds the marks of state secrets, Mật, Tối mật and Tuyệt mật, in text that agencies send. On the hot path of every
// document: linear time, no allocation without a hit.
//
// A mark is spelled with all its accents or with none, in any case, composed or decomposed, full-width, its letters
// apart by spaces, dots or dashes. "Tối mật" and "Tuyệt mật" are always marks, but for "toi mat tran" (tới Mặt trận)
// and "tối mật độ". "Mật" by itself is also half of many ordinary words, so the first line that fits decides:
//
//   1. A mark: its letters stand apart ("M Ậ T"), or it follows "độ mật" or "độ mật:".
//   2. None: a space, "-" or "_" joins it to a word with which it makes a compound or a name (secrecy_words.cpp: "bảo
//      mật", "mật độ", "Văn Mật"). Unless that word belongs elsewhere ("thông báo Mật", "Mật danh sách"), or this is
//      MẬT in capitals beside a word that isn't, or "độ Mật".
//   3. A mark: it has its accents.
//   4. A mark: "mat" with a capital after its first letter; alone between punctuation or the ends of the text; after a
//      kind of document ("cong van mat"); in a file's name the first or last piece, or beside a number.
//   5. None: "mat" is also mặt, mất, mắt and mát.
//
// Threads: free functions on borrowed text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

namespace hub::registry {

struct SecrecyMark {
  std::string_view name;  // "Mật", "Tối mật" or "Tuyệt mật"
  std::size_t offset = 0, length = 0;  // bytes of the text
};

// The first mark in `text`: any bytes; those that are no UTF-8 only separate.
std::optional<SecrecyMark> find_secrecy_mark(std::string_view text);

struct SecrecyMarkInValue {
  SecrecyMark mark;              // its place counts within the text that holds it
  std::size_t value_offset = 0;  // of that text's encoding within the MessagePack value
  std::string pointer;           // JSON Pointer to the text, of a key to its map; empty when it is the whole value
};

// The first mark in the texts of one MessagePack value, keys of maps among them: whoever refuses a key repeats it. What comes
// after a malformed part, or lies deeper than MsgpackReader::kDepthMax, is not read: whoever stores the value checks
// its form.
std::optional<SecrecyMarkInValue> find_secrecy_mark_in(ByteView msgpack_value);

// secrecy_mark (mark, pointer) when a document has one in any of its texts. Who gets it must store nothing of the
// document, not even a digest: a state secret has no place here.
std::optional<Error> refuse_secrecy_mark(ByteView document);

}  // namespace hub::registry
