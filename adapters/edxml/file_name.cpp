#include "adapters/edxml/file_name.hpp"

#include <algorithm>

#include "adapters/edxml/limits.hpp"

namespace hub::edxml {
namespace {

std::string lower_ascii(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// Where the ending begins; the name's size when it has none.
std::size_t ending_at(std::string_view name) {
  constexpr std::size_t kEndingMax = 12;
  const std::size_t dot = name.rfind('.');
  return dot == name.npos || dot == 0 || name.size() - dot > kEndingMax ? name.size() : dot;
}

// Signs that are not seen, or turn the order of what is seen: U+0080–9F, U+200B–F, U+202A–E, U+2060–9, U+FEFF.
std::size_t hidden_sign(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) <= 0x9f) return 2;
  if (byte(0) == 0xe2 && byte(1) == 0x80 &&
      ((byte(2) >= 0x8b && byte(2) <= 0x8f) || (byte(2) >= 0xaa && byte(2) <= 0xae)))
    return 3;
  if (byte(0) == 0xe2 && byte(1) == 0x81 && byte(2) >= 0xa0 && byte(2) <= 0xa9) return 3;
  return byte(0) == 0xef && byte(1) == 0xbb && byte(2) == 0xbf ? 3 : 0;
}

std::string without_odd_signs(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    if (const std::size_t hidden = hidden_sign(name.substr(i))) {
      i += hidden;
      continue;
    }
    const char c = name[i++];
    const bool odd = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ||
                     std::string_view("<>:\"|?*").find(c) != std::string_view::npos;
    out += odd ? '_' : c;
  }
  while (!out.empty() && (out.front() == '.' || out.front() == ' ' || out.front() == '-')) out.erase(0, 1);
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  return out;
}

std::string shortened(const std::string& name) {
  if (name.size() <= kFileNameBytesMax) return name;
  const std::string ending = name.substr(ending_at(name));
  std::size_t keep = kFileNameBytesMax - ending.size();
  while (keep > 0 && (static_cast<unsigned char>(name[keep]) & 0xc0) == 0x80) --keep;
  return name.substr(0, keep) + ending;
}

}  // namespace

std::optional<std::string> safe_file_name(std::string_view name) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size() && name[i] != '/' && name[i] != '\\') continue;
    if (name.substr(begin, i - begin) == "..") return std::nullopt;
    if (i < name.size()) begin = i + 1;
  }
  std::string out = shortened(without_odd_signs(name.substr(begin)));
  if (out.empty()) return std::nullopt;
  return out;
}

bool is_zip_name(std::string_view name) { return lower_ascii(std::string(name)).ends_with(".zip"); }

std::string free_name(const std::string& name, std::set<std::string>& taken) {
  std::string candidate = name;
  const std::size_t ending = ending_at(name);
  for (int i = 2; !taken.insert(lower_ascii(candidate)).second; ++i)
    candidate = name.substr(0, ending) + "-" + std::to_string(i) + name.substr(ending);
  return candidate;
}

}  // namespace hub::edxml
