#include <algorithm>
#include <cmath>

#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/schema_reasons.hpp"
#include "hub/registry/schema_values.hpp"

namespace hub::registry {
namespace {

using Kind = MsgpackReader::Kind;

bool has_format(Format format, std::string_view text) {
  switch (format) {
    case Format::none: return true;
    case Format::date: return parse_date(text).has_value();
    case Format::date_time: return parse_rfc3339(text).has_value();
    case Format::uuid: return parse_uuid(text).has_value();
  }
  return false;
}

class Evaluator {
 public:
  Evaluator(const SchemaProgram& program, ByteView value, Error* error)
      : program_(program), value_(value), in_(value), error_(error) {}

  bool run() {
    if (!check(program_.root, Path{}, 0)) return false;
    return in_.at_end() || fail(Path{}, [] { return reason_malformed(); });
  }

 private:
  // Reasons are put into words only when somebody wants to read them.
  template <class Reason>
  bool fail(const Path& path, Reason reason) {
    if (error_ != nullptr) *error_ = violation(path, reason());
    return false;
  }

  bool check(NodeIndex index, const Path& path, int depth) {
    if (index == kNever) return fail(path, [] { return reason_unknown(); });
    if (depth > kSchemaDepthMax) return fail(path, [] { return reason_depth(); });
    if (index == kAny && program_.guard) return in_.skip() || fail(path, [] { return reason_malformed(); });
    const Node& node = program_.nodes[index];
    const std::size_t start = in_.offset();
    if (!check_kind(node, path, depth)) return false;
    if (node.any_value) return true;
    const ByteView raw = value_.subspan(start, in_.offset() - start);
    const auto same = [&](const Buffer& v) { return equal(raw, v); };
    const auto equals = [&](const Buffer& v) { return equal_values(raw, v); };
    return std::any_of(node.values.begin(), node.values.end(), same) ||
           std::any_of(node.values.begin(), node.values.end(), equals) ||
           fail(path, [&] { return reason_values(node); });
  }

  bool check_kind(const Node& node, const Path& path, int depth) {
    switch (in_.peek()) {
      case Kind::nil: in_.read_nil(); return has_type(node, kNull, path);
      case Kind::boolean: in_.read_bool(); return has_type(node, kBoolean, path);
      case Kind::integer:
      case Kind::floating: return check_number(node, path);
      case Kind::string: return check_string(node, path);
      case Kind::binary: return check_binary(node, path);
      case Kind::array: return has_type(node, kArray, path) && check_array(node, path, depth);
      case Kind::map: return has_type(node, kObject, path) && check_object(node, path, depth);
      case Kind::extension:
      case Kind::end:
      case Kind::malformed: break;
    }
    return fail(path, [] { return reason_malformed(); });
  }

  bool has_type(const Node& node, std::uint16_t type, const Path& path) {
    return (node.types & type) != 0 || fail(path, [&] { return reason_type(node.types); });
  }

  bool check_number(const Node& node, const Path& path) {
    const auto number = read_number(in_);
    if (!number) return fail(path, [] { return reason_malformed(); });
    if (!has_type(node, std::floor(*number) == *number ? kInteger : kFraction, path)) return false;
    if (node.minimum && *number < *node.minimum) return fail(path, [&] { return reason_minimum(*node.minimum); });
    if (node.maximum && *number > *node.maximum) return fail(path, [&] { return reason_maximum(*node.maximum); });
    return true;
  }

  bool check_string(const Node& node, const Path& path) {
    const auto text = in_.read_string();
    if (!text) return fail(path, [] { return reason_malformed(); });
    if (!has_type(node, kString, path)) return false;
    // A text has between a quarter of its bytes and its bytes in code points: most need no counting.
    if (text->size() > node.length_max || text->size() / 4 < node.length_min) {
      const std::size_t length = code_points(*text);
      if (length > node.length_max) return fail(path, [&] { return reason_length_max(node.length_max); });
      if (length < node.length_min) return fail(path, [&] { return reason_length_min(node.length_min); });
    }
    if (!has_format(node.format, *text)) return fail(path, [&] { return reason_format(node.format); });
    if (node.pattern && !node.pattern->Match(re2::StringPiece(text->data(), text->size()), 0, text->size(),
                                             RE2::UNANCHORED, nullptr, 0))
      return fail(path, [&] { return reason_pattern(node.pattern_text); });
    return true;
  }

  bool check_binary(const Node& node, const Path& path) {
    const auto bytes = in_.read_binary();
    if (!bytes) return fail(path, [] { return reason_malformed(); });
    if (!has_type(node, kBinary, path)) return false;
    if (bytes->size() > node.length_max) return fail(path, [&] { return reason_length_max(node.length_max); });
    if (bytes->size() < node.length_min) return fail(path, [&] { return reason_length_min(node.length_min); });
    return true;
  }

  bool check_array(const Node& node, const Path& path, int depth) {
    const auto count = in_.read_array();
    if (!count) return fail(path, [] { return reason_malformed(); });
    if (*count < node.items_min) return fail(path, [&] { return reason_items_min(node.items_min); });
    if (*count > node.items_max) return fail(path, [&] { return reason_items_max(node.items_max); });
    for (std::uint32_t i = 0; i < *count; ++i)
      if (!check(node.items, Path{&path, {}, i}, depth + 1)) return false;
    return true;
  }

  // The property that `key` names; the one after the last found is tried first, as most writers sort their keys.
  static const Property* find(const Node& node, std::string_view key, std::size_t expected) {
    if (expected < node.properties.size() && node.properties[expected].name == key) return &node.properties[expected];
    const auto at = std::lower_bound(node.properties.begin(), node.properties.end(), key,
                                     [](const Property& p, std::string_view k) { return p.name < k; });
    return at == node.properties.end() || at->name != key ? nullptr : &*at;
  }

  bool check_object(const Node& node, const Path& path, int depth) {
    const auto count = in_.read_map();
    if (!count) return fail(path, [] { return reason_malformed(); });
    if (*count > kObjectMembersMax) return fail(path, [] { return reason_members(); });
    std::uint64_t seen = 0;
    std::uint32_t others[kObjectMembersMax];  // offsets of keys that the schema doesn't name
    std::size_t other_count = 0, expected = 0;
    for (std::uint32_t i = 0; i < *count; ++i) {
      const auto offset = static_cast<std::uint32_t>(in_.offset());
      const auto key = in_.read_string();
      if (!key) return fail(path, [] { return reason_key(); });
      const Path member{&path, *key, Path::kNoIndex};
      NodeIndex child = node.additional;
      bool again = false;
      if (const Property* property = find(node, *key, expected)) {
        const auto at = static_cast<std::size_t>(property - node.properties.data());
        again = (seen >> at & 1) != 0;
        seen |= std::uint64_t{1} << at;
        expected = at + 1;
        child = property->node;
      } else if (!program_.guard && child != kNever) {
        again = std::any_of(others, others + other_count, [&](std::uint32_t o) { return key_at(o) == *key; });
        others[other_count++] = offset;
      }
      if (again) return fail(member, [] { return reason_duplicate(); });
      if (!check(child, member, depth + 1)) return false;
    }
    return (node.required & ~seen) == 0 || fail(path, [&] { return reason_missing(node, seen); });
  }

  std::string_view key_at(std::uint32_t offset) const {
    return MsgpackReader(value_.subspan(offset)).read_string().value_or(std::string_view());
  }

  const SchemaProgram& program_;
  ByteView value_;
  MsgpackReader in_;
  Error* error_;
};

}  // namespace

bool evaluate(const SchemaProgram& program, ByteView value, Error* error) {
  return Evaluator(program, value, error).run();
}

}  // namespace hub::registry
