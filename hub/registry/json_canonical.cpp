#include "hub/registry/json_canonical.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/registry/strict_parse.hpp"

namespace hub::registry {
namespace {

constexpr std::int64_t kIntegerMax = (std::int64_t{1} << 53) - 1;
constexpr char kHex[] = "0123456789abcdef";

void write_text(std::string_view text, std::string& out) {
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\b': out.append("\\b"); break;
      case '\t': out.append("\\t"); break;
      case '\n': out.append("\\n"); break;
      case '\f': out.append("\\f"); break;
      case '\r': out.append("\\r"); break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out.append("\\u00").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

bool is_safe(const nlohmann::json& number) {
  if (number.is_number_unsigned()) return number.get<std::uint64_t>() <= static_cast<std::uint64_t>(kIntegerMax);
  const auto value = number.get<std::int64_t>();
  return value >= -kIntegerMax && value <= kIntegerMax;
}

Error not_canonical(const std::string& pointer, const char* reason) {
  return Error{ErrorCode::config_invalid, {{"path", pointer.empty() ? "/" : pointer}, {"reason", reason}}};
}

Result<void> write_value(const nlohmann::json& value, const std::string& pointer, std::string& out) {
  if (value.is_object()) {
    std::vector<const std::string*> keys;
    for (const auto& member : value.get_ref<const nlohmann::json::object_t&>()) keys.push_back(&member.first);
    std::sort(keys.begin(), keys.end(), [](const auto* a, const auto* b) { return utf16_less(*a, *b); });
    out.push_back('{');
    for (const std::string* key : keys) {
      if (key != keys.front()) out.push_back(',');
      write_text(*key, out);
      out.push_back(':');
      if (auto written = write_value(value.at(*key), child_pointer(pointer, *key), out); !written) return written;
    }
    out.push_back('}');
  } else if (value.is_array()) {
    out.push_back('[');
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out.push_back(',');
      if (auto written = write_value(value[i], child_pointer(pointer, i), out); !written) return written;
    }
    out.push_back(']');
  } else if (value.is_string()) {
    write_text(value.get_ref<const std::string&>(), out);
  } else if (value.is_number_integer()) {
    if (!is_safe(value)) return tl::unexpected(not_canonical(pointer, "an integer must be below 2^53"));
    out.append(value.dump());
  } else if (value.is_boolean() || value.is_null()) {
    out.append(value.dump());
  } else {
    return tl::unexpected(not_canonical(pointer, "only integers can be signed, not fractions"));
  }
  return {};
}

}  // namespace

bool utf16_less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto p = static_cast<unsigned char>(*x), q = static_cast<unsigned char>(*y);
  // UTF-8 orders by code point. UTF-16 differs in one thing: supplementary characters (lead byte 0xf0 and up) are
  // surrogates, which stand before U+E000 to U+FFFF (lead bytes 0xee, 0xef).
  const bool p_supplementary = p >= 0xf0, q_supplementary = q >= 0xf0;
  if (p_supplementary != q_supplementary && p >= 0xee && q >= 0xee) return p_supplementary;
  return p < q;
}

Result<std::string> canonical_json(const nlohmann::json& value) {
  std::string out;
  if (auto written = write_value(value, "", out); !written) return tl::unexpected(written.error());
  return out;
}

}  // namespace hub::registry
