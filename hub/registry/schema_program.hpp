// What a schema is compiled to: a flat table of nodes that name each other by index. Internal to the schema's files.
#pragma once

#include <re2/re2.h>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/base/bytes.hpp"

namespace hub::registry {

enum TypeBit : std::uint16_t {
  kNull = 1,
  kBoolean = 2,
  kInteger = 4,  // a number without a fraction, however it is encoded
  kFraction = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
  kBinary = 128,  // a string with contentEncoding base64 in JSON
  kAnyType = 255,
};

enum class Format : std::uint8_t { none, date, date_time, uuid };

using NodeIndex = std::uint32_t;
constexpr NodeIndex kAny = 0;    // the schema `true`
constexpr NodeIndex kNever = 1;  // the schema `false`

struct Property {
  std::string name;
  NodeIndex node = kAny;
  bool required = false;
};

// long double holds every 64-bit integer and every double exactly (x86-64, and AArch64's 128 bits).
using Number = long double;

struct Node {
  std::uint16_t types = kAnyType;
  Format format = Format::none;
  std::optional<Number> minimum, maximum;
  std::uint32_t length_min = 0, length_max = std::numeric_limits<std::uint32_t>::max();  // code points; bytes of binary
  std::uint32_t items_min = 0, items_max = std::numeric_limits<std::uint32_t>::max();
  NodeIndex items = kAny;
  NodeIndex additional = kAny;
  std::vector<Property> properties;  // sorted by name; at most kSchemaPropertiesMax, a bit each in `required`
  std::uint64_t required = 0;
  std::unique_ptr<RE2> pattern;
  std::string pattern_text;  // as the schema says it
  std::vector<Buffer> values;  // enum or const, as MessagePack; one of them, unless `any_value`
  bool any_value = true;
};

struct SchemaProgram {
  std::string name;
  std::vector<Node> nodes;  // [0] is kAny, [1] kNever
  NodeIndex root = kAny;
  bool guard = false;  // what it sees has passed its type's schema: members that it doesn't name are passed over
};

// JSON Schema's equality of two MessagePack values: 1 equals 1.0, the order of members does not count.
bool equal_values(ByteView a, ByteView b);

}  // namespace hub::registry
