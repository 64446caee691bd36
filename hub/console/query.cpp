#include "hub/console/query.hpp"

#include <algorithm>

#include "hub/base/bytes.hpp"
#include "hub/base/msgpack_reader.hpp"

namespace hub::console {
namespace {

tl::unexpected<Error> invalid_parameter(std::string_view name, std::string reason) {
  return fail(ErrorCode::parameter_invalid, {{"parameter", std::string(name)}, {"reason", std::move(reason)}});
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const auto byte = from_hex(text.substr(i + 1, 2));
      if (!byte || byte->size() != 1) return std::nullopt;
      out.push_back(static_cast<char>(byte->front()));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  if (!is_utf8(out) || std::any_of(out.begin(), out.end(), is_control)) return std::nullopt;
  return out;
}

Result<Parameters> parse_query(std::string_view query, std::span<const std::string_view> known) {
  Parameters out;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals), true);
    if (!name) return invalid_parameter("?", "its name is not UTF-8 text in percent-encoding");
    if (std::find(known.begin(), known.end(), *name) == known.end())
      return invalid_parameter(*name, "there is no such parameter");
    const auto value = equals == pair.npos ? std::nullopt : percent_decoded(pair.substr(equals + 1), true);
    if (!value) return invalid_parameter(*name, "its value is not UTF-8 text in percent-encoding");
    if (!out.emplace(*name, *value).second) return invalid_parameter(*name, "it comes twice");
  }
  return out;
}

}  // namespace hub::console
