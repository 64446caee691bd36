#include "hub/registry/msgpack_json.hpp"

#include <nlohmann/json.hpp>

namespace hub::registry {
namespace {

using Kind = MsgpackReader::Kind;

nlohmann::ordered_json next(MsgpackReader& in, int depth) {
  switch (in.peek()) {
    case Kind::boolean: return *in.read_bool();
    case Kind::integer: {
      if (const auto value = in.read_uint()) return *value;
      if (const auto value = in.read_int()) return *value;
      break;
    }
    case Kind::floating: {
      if (const auto value = in.read_float()) return *value;
      break;
    }
    case Kind::string: {
      if (const auto value = in.read_string()) return *value;
      break;
    }
    case Kind::binary: {
      if (const auto value = in.read_binary()) return to_base64(*value);
      break;
    }
    case Kind::array: {
      const auto count = depth < MsgpackReader::kDepthMax ? in.read_array() : std::nullopt;
      if (!count) break;
      nlohmann::ordered_json out = nlohmann::ordered_json::array();
      for (std::uint32_t i = 0; i < *count; ++i) out.push_back(next(in, depth + 1));
      return out;
    }
    case Kind::map: {
      const auto count = depth < MsgpackReader::kDepthMax ? in.read_map() : std::nullopt;
      if (!count) break;
      nlohmann::ordered_json out = nlohmann::ordered_json::object();
      for (std::uint32_t i = 0; i < *count; ++i) {
        const auto text = in.read_string();
        const auto raw = text ? std::nullopt : in.read_raw();
        const std::string key = text ? std::string(*text) : to_base64(raw.value_or(ByteView()));
        out[key] = next(in, depth + 1);
      }
      return out;
    }
    case Kind::nil:
    case Kind::extension:
    case Kind::end:
    case Kind::malformed: break;
  }
  in.skip();
  return nullptr;
}

}  // namespace

nlohmann::ordered_json next_as_json(MsgpackReader& in) { return next(in, 0); }

}  // namespace hub::registry
