#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/schema_program.hpp"
#include "hub/registry/schema_values.hpp"

namespace hub::registry {
namespace {

using Kind = MsgpackReader::Kind;

bool equal_next(MsgpackReader& a, MsgpackReader& b);

bool equal_arrays(MsgpackReader& a, MsgpackReader& b) {
  const auto m = a.read_array(), n = b.read_array();
  if (!m || !n || *m != *n) return false;
  for (std::uint32_t i = 0; i < *m; ++i)
    if (!equal_next(a, b)) return false;
  return true;
}

// The member `key` among the `count` members that `in` (a copy) stands before.
std::optional<MsgpackReader> find_member(MsgpackReader in, std::uint32_t count, std::string_view key) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto name = in.read_string();
    if (!name) return std::nullopt;
    if (*name == key) return in;
    if (!in.skip()) return std::nullopt;
  }
  return std::nullopt;
}

// `a` is the value under test, whose duplicate keys are refused elsewhere; `b` comes from the schema and has none.
bool equal_objects(MsgpackReader& a, MsgpackReader& b) {
  const auto m = a.read_map(), n = b.read_map();
  if (!m || !n || *m != *n) return false;
  for (std::uint32_t i = 0; i < *m; ++i) {
    const auto key = a.read_string();
    if (!key) return false;
    auto member = find_member(b, *n, *key);
    if (!member || !equal_next(a, *member)) return false;
  }
  for (std::uint32_t i = 0; i < *n; ++i)
    if (!b.skip() || !b.skip()) return false;
  return true;
}

bool equal_next(MsgpackReader& a, MsgpackReader& b) {
  const Kind left = a.peek(), right = b.peek();
  if ((left == Kind::integer || left == Kind::floating) && (right == Kind::integer || right == Kind::floating)) {
    const auto x = read_number(a), y = read_number(b);
    return x && y && *x == *y;
  }
  if (left != right) return false;
  switch (left) {
    case Kind::nil: return a.read_nil() && b.read_nil();
    case Kind::boolean: return a.read_bool() == b.read_bool();
    case Kind::string: {
      const auto x = a.read_string(), y = b.read_string();
      return x && y && *x == *y;
    }
    case Kind::binary: {
      const auto x = a.read_binary(), y = b.read_binary();
      return x && y && equal(*x, *y);
    }
    case Kind::array: return equal_arrays(a, b);
    case Kind::map: return equal_objects(a, b);
    default: return false;
  }
}

}  // namespace

std::optional<Number> read_number(MsgpackReader& in) {
  if (in.peek() == MsgpackReader::Kind::floating) {
    const auto value = in.read_float();
    if (!value || !(*value - *value == 0)) return std::nullopt;  // infinite or not a number
    return static_cast<Number>(*value);
  }
  if (const auto value = in.read_uint()) return static_cast<Number>(*value);
  if (const auto value = in.read_int()) return static_cast<Number>(*value);
  return std::nullopt;
}

bool equal_values(ByteView a, ByteView b) {
  MsgpackReader left(a), right(b);
  return equal_next(left, right);
}

}  // namespace hub::registry
