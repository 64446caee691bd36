#include "hub/registry/msgpack_pointer.hpp"

#include "hub/base/msgpack_reader.hpp"

namespace hub::registry {
namespace {

// Moves `in` from before a map to before the value of its member `key`.
bool enter(MsgpackReader& in, std::string_view key) {
  const auto count = in.read_map();
  for (std::uint32_t i = 0; count && i < *count; ++i) {
    const auto name = in.read_string();
    if (!name) return false;
    if (*name == key) return true;
    if (!in.skip()) return false;
  }
  return false;
}

}  // namespace

std::optional<std::string_view> text_at(ByteView value, std::string_view pointer) {
  MsgpackReader in(value);
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // the slash
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    if (!enter(in, pointer.substr(0, end))) return std::nullopt;
    pointer.remove_prefix(end);
  }
  return in.read_string();
}

}  // namespace hub::registry
