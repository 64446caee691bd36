#include "adapters/edxml/base64_decoder.hpp"

namespace hub::edxml {
namespace {

constexpr std::uint8_t kBlank = 64, kPadding = 65, kBad = 66;

constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> out{};
  for (auto& value : out) value = kBad;
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    out[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  for (const char blank : {' ', '\t', '\r', '\n'}) out[static_cast<unsigned char>(blank)] = kBlank;
  out['='] = kPadding;
  return out;
}

constexpr std::array<std::uint8_t, 256> kTable = make_table();

}  // namespace

bool Base64Decoder::add(std::string_view text, Buffer& out) {
  for (const char c : text) {
    const std::uint8_t value = kTable[static_cast<unsigned char>(c)];
    if (value == kBlank) continue;
    if (value == kBad) return false;
    if (value == kPadding ? count_ < 2 : padding_ > 0) return false;
    if (value == kPadding) ++padding_;
    group_ = group_ << 6 | (value == kPadding ? 0U : value);
    if (++count_ < 4) continue;
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(group_ >> 16), static_cast<std::uint8_t>(group_ >> 8),
                                  static_cast<std::uint8_t>(group_)};
    out.insert(out.end(), bytes, bytes + (3 - padding_));
    group_ = 0;
    count_ = 0;
  }
  return true;
}

}  // namespace hub::edxml
