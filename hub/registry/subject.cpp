#include "hub/registry/subject.hpp"

#include <charconv>

#include "hub/base/msgpack_reader.hpp"

namespace hub::registry {
namespace {

// Room for a 64-bit integer in decimal.
using Digits = char[24];

template <class Integer>
std::string_view decimal(Integer value, Digits& digits) {
  return {digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof(Digits), value).ptr - digits)};
}

// A scalar as a subject shows it. An integer may be encoded as a float; one beyond 64 bits is nothing.
std::optional<std::string_view> shown(MsgpackReader& in, Digits& digits) {
  if (const auto text = in.read_string()) return text;
  if (const auto number = in.read_uint()) return decimal(*number, digits);
  if (const auto number = in.read_int()) return decimal(*number, digits);
  if (const auto number = in.read_float(); number && *number > -0x1p63 && *number < 0x1p63)
    if (const auto whole = static_cast<std::int64_t>(*number); static_cast<double>(whole) == *number)
      return decimal(whole, digits);
  return std::nullopt;
}

std::optional<std::string_view> field(ByteView data, std::string_view name, Digits& digits) {
  MsgpackReader in(data);
  const std::uint32_t count = in.read_map().value_or(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto key = in.read_string();
    if (!key) return std::nullopt;
    if (*key == name) return shown(in, digits);
    if (!in.skip()) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<SubjectTemplate> SubjectTemplate::parse(std::string_view made_of) {
  SubjectTemplate out;
  out.text_ = made_of;
  while (!made_of.empty()) {
    const std::size_t brace = made_of.find_first_of("{}");
    if (brace > 0) out.pieces_.push_back({std::string(made_of.substr(0, brace)), false});
    if (brace == made_of.npos) return out;
    const std::size_t close = made_of.find_first_of("{}", brace + 1);
    if (made_of[brace] == '}' || close == made_of.npos || made_of[close] == '{' || close == brace + 1)
      return std::nullopt;
    out.pieces_.push_back({std::string(made_of.substr(brace + 1, close - brace - 1)), true});
    made_of.remove_prefix(close + 1);
  }
  if (out.pieces_.empty()) return std::nullopt;
  return out;
}

std::vector<std::string_view> SubjectTemplate::fields() const {
  std::vector<std::string_view> out;
  for (const Piece& piece : pieces_)
    if (piece.is_field) out.push_back(piece.text);
  return out;
}

bool SubjectTemplate::matches(std::string_view subject, ByteView data) const {
  Digits digits;
  for (const Piece& piece : pieces_) {
    const auto expected = piece.is_field ? field(data, piece.text, digits) : std::string_view(piece.text);
    if (!expected || !subject.starts_with(*expected)) return false;
    subject.remove_prefix(expected->size());
  }
  return subject.empty();
}

std::string SubjectTemplate::make(ByteView data) const {
  Digits digits;
  std::string out;
  for (const Piece& piece : pieces_)
    out += piece.is_field ? field(data, piece.text, digits).value_or(std::string_view()) : std::string_view(piece.text);
  return out;
}

Error SubjectTemplate::wrong(ByteView data) const {
  const std::string expected = make(data);
  return {ErrorCode::schema_violation,
          {{"pointer", "/subject"},
           {"reason_vi", "trích yếu của loại văn bản này phải đúng là \"" + expected + "\""},
           {"reason_en", "the subject of this type must be exactly \"" + expected + "\""}}};
}

}  // namespace hub::registry
