#include "hub/registry/schema_diff.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "hub/base/check.hpp"
#include "hub/registry/schema_annotations.hpp"
#include "hub/registry/schema_compiler.hpp"
#include "hub/registry/schema_reasons.hpp"
#include "hub/registry/schema_values.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::registry {
namespace {

using Json = nlohmann::json;

// One part of a schema. It stands by itself, since the subset has no references.
struct Part {
  explicit Part(const Json& json) : source(json) {
    auto compiled = compile_schema(json, "part", Keywords::all);
    HUB_CHECK(compiled.has_value());  // it is part of a schema that compiled
    program = std::move(*compiled);
  }
  const Node& node() const { return program->nodes[program->root]; }
  bool accepts(const Json& value) const { return evaluate(*program, Json::to_msgpack(value), nullptr); }

  bool lists_values() const { return !node().any_value; }
  // Of the values that it lists, those that its other keywords permit.
  std::vector<Json> values() const {
    std::vector<Json> out;
    const auto add = [&](const Json& value) {
      if (accepts(value)) out.push_back(value);
    };
    if (source.contains("const")) {
      add(source["const"]);
    } else if (source.contains("enum")) {
      for (const Json& value : source["enum"]) add(value);
    }
    return out;
  }

  bool requires_field(std::string_view name) const {
    const auto names = source.find("required");
    return names != source.end() && std::find(names->begin(), names->end(), name) != names->end();
  }
  Json keyword(const char* name, Json otherwise) const {
    return source.is_object() ? source.value(name, std::move(otherwise)) : otherwise;
  }
  // The schema of a field, described or not.
  Json field(const std::string& name) const {
    const Json described = keyword("properties", Json::object());
    return described.contains(name) ? described[name] : keyword("additionalProperties", true);
  }
  void add_names(std::set<std::string>& names) const {
    const Json described = keyword("properties", Json::object());
    for (const auto& [name, unused] : described.items()) names.insert(name);
    for (const Json& name : keyword("required", Json::array())) names.insert(name.get<std::string>());
  }

  const Json& source;
  std::unique_ptr<const SchemaProgram> program;
};

std::string list(const std::vector<Json>& values) {
  std::string out;
  for (const Json& value : values) out.append(out.empty() ? "" : ", ").append(value.dump());
  return out;
}

class Differ {
 public:
  std::vector<SchemaChange> out;

  void compare(const Json& before, const Json& after, const std::string& at) {
    if (before == after) return;
    wording(before, after, at);
    const Part a(before), b(after);
    if (a.lists_values() || b.lists_values()) return values(a, b, at);
    const std::uint16_t common = a.node().types & b.node().types;
    if (a.node().types != b.node().types)
      change(at, types(a.node()), types(b.node()), (a.node().types & ~common) != 0, (b.node().types & ~common) != 0);
    if ((common & (kInteger | kFraction)) != 0) {
      lower(at, a.node().minimum, b.node().minimum, reason_minimum);
      upper(at, a.node().maximum, b.node().maximum, reason_maximum);
    }
    if ((common & (kString | kBinary)) != 0) lengths(a.node(), b.node(), at);
    if ((common & kString) != 0) forms(a.node(), b.node(), at);
    if ((common & kArray) != 0) {
      lower(at, from(a.node().items_min), from(b.node().items_min), reason_items_min);
      upper(at, up_to(a.node().items_max), up_to(b.node().items_max), reason_items_max);
      compare(a.keyword("items", true), b.keyword("items", true), child_pointer(at, "*"));
    }
    if ((common & kObject) != 0) fields(a, b, at);
  }

 private:
  void add(const std::string& at, Reason words, bool senders, bool recipients) {
    out.push_back({at.empty() ? "/" : at, std::move(words.vietnamese), std::move(words.english), senders, recipients});
  }

  void change(const std::string& at, const std::optional<Reason>& before, const std::optional<Reason>& after,
              bool senders, bool recipients) {
    const Reason free{"không giới hạn", "unrestricted"};
    const Reason was = before.value_or(free), is = after.value_or(free);
    add(at, {"trước: " + was.vietnamese + "; nay: " + is.vietnamese, "before: " + was.english + "; now: " + is.english},
        senders, recipients);
  }

  // What only people read. The id names the version: it always differs.
  void wording(const Json& before, const Json& after, const std::string& at) {
    if (!before.is_object() || !after.is_object()) return;
    std::set<std::string> names;
    for (const Json* side : {&before, &after})
      for (const auto& [keyword, unused] : side->items())
        if (is_annotation(keyword) && keyword != "$id" && keyword != "$schema") names.insert(keyword);
    std::string changed;
    for (const std::string& name : names)
      if (before.value(name, Json()) != after.value(name, Json()))
        changed.append(changed.empty() ? "" : ", ").append(name);
    if (!changed.empty())
      add(at, {"lời văn thay đổi (" + changed + ")", "wording changed (" + changed + ")"}, false, false);
  }

  static std::optional<Reason> types(const Node& node) {
    if (node.types == kAnyType) return std::nullopt;
    if (node.types == 0) return Reason{"không được có", "not permitted"};
    return reason_type(node.types);
  }

  // One side or both list their values.
  void values(const Part& a, const Part& b, const std::string& at) {
    std::vector<Json> removed = a.values(), added = b.values();
    std::erase_if(removed, [&](const Json& value) { return b.accepts(value); });
    std::erase_if(added, [&](const Json& value) { return a.accepts(value); });
    const bool senders = a.lists_values() ? !removed.empty() : a.node().types != 0;
    const bool recipients = b.lists_values() ? !added.empty() : b.node().types != 0;
    if (!senders && !recipients) return;
    if (!a.lists_values() || !b.lists_values()) {
      const auto words = [](const Part& part) {
        return part.lists_values() ? reason_values(part.node()) : types(part.node());
      };
      return change(at, words(a), words(b), senders, recipients);
    }
    Reason words;
    if (senders) words = {"bỏ giá trị " + list(removed), "value removed: " + list(removed)};
    if (senders && recipients) words = {words.vietnamese + "; ", words.english + "; "};
    if (recipients)
      words = {words.vietnamese + "thêm giá trị " + list(added), words.english + "value added: " + list(added)};
    add(at, std::move(words), senders, recipients);
  }

  static std::optional<std::uint32_t> from(std::uint32_t bound) {
    return bound == 0 ? std::nullopt : std::optional(bound);
  }
  static std::optional<std::uint32_t> up_to(std::uint32_t bound) {
    return bound == UINT32_MAX ? std::nullopt : std::optional(bound);
  }

  template <class Bound>
  void lower(const std::string& at, std::optional<Bound> before, std::optional<Bound> after, Reason (*words)(Bound)) {
    const bool raised = after && (!before || *after > *before), lowered = before && (!after || *after < *before);
    bound(at, before, after, words, raised, lowered);
  }
  template <class Bound>
  void upper(const std::string& at, std::optional<Bound> before, std::optional<Bound> after, Reason (*words)(Bound)) {
    const bool lowered = after && (!before || *after < *before), raised = before && (!after || *after > *before);
    bound(at, before, after, words, lowered, raised);
  }
  template <class Bound>
  void bound(const std::string& at, std::optional<Bound> before, std::optional<Bound> after, Reason (*words)(Bound),
             bool narrower, bool wider) {
    const auto said = [&](std::optional<Bound> value) { return value ? std::optional(words(*value)) : std::nullopt; };
    if (narrower || wider) change(at, said(before), said(after), narrower, wider);
  }

  void lengths(const Node& a, const Node& b, const std::string& at) {
    lower(at, from(a.length_min), from(b.length_min), reason_length_min);
    upper(at, up_to(a.length_max), up_to(b.length_max), reason_length_max);
  }

  void forms(const Node& a, const Node& b, const std::string& at) {
    const auto format = [](const Node& node) {
      return node.format == Format::none ? std::nullopt : std::optional(reason_format(node.format));
    };
    if (a.format != b.format) change(at, format(a), format(b), b.format != Format::none, a.format != Format::none);
    const auto pattern = [](const Node& node) {
      return node.pattern ? std::optional(reason_pattern(node.pattern->pattern())) : std::nullopt;
    };
    if (!a.pattern || !b.pattern) {
      if (a.pattern || b.pattern) change(at, pattern(a), pattern(b), b.pattern != nullptr, a.pattern != nullptr);
    } else if (a.pattern->pattern() != b.pattern->pattern()) {
      const std::string was = a.pattern->pattern(), is = b.pattern->pattern();
      add(at,
          {"mẫu thay đổi từ " + was + " thành " + is + ", không so sánh được",
           "pattern changed from " + was + " to " + is + "; they can't be compared"},
          true, true);
    }
  }

  void fields(const Part& a, const Part& b, const std::string& at) {
    std::set<std::string> names;
    a.add_names(names);
    b.add_names(names);
    for (const std::string& name : names) field(a, b, name, child_pointer(at, name));
    compare(a.keyword("additionalProperties", true), b.keyword("additionalProperties", true), child_pointer(at, "*"));
  }

  void field(const Part& a, const Part& b, const std::string& name, const std::string& at) {
    const Json before = a.field(name), after = b.field(name);
    const bool was_required = a.requires_field(name), is_required = b.requires_field(name);
    if (before == false && after != false) {
      add(at,
          is_required ? Reason{"thêm trường bắt buộc", "required field added"} : Reason{"thêm trường", "field added"},
          is_required, true);
    } else if (before != false && after == false) {
      add(at, {"bỏ trường", "field removed"}, true, was_required);
    } else {
      compare(before, after, at);
      if (is_required && !was_required) add(at, {"trường trở thành bắt buộc", "field is required now"}, true, false);
      if (was_required && !is_required)
        add(at, {"trường không còn bắt buộc", "field is not required any more"}, false, true);
    }
  }
};

}  // namespace

Result<std::vector<SchemaChange>> diff_schemas(const Json& before, const Json& after) {
  for (const Json* schema : {&before, &after})
    if (auto compiled = compile_schema(*schema, schema == &before ? "old" : "new", Keywords::all); !compiled)
      return tl::unexpected(compiled.error());
  Differ differ;
  differ.compare(before, after, "");
  return std::move(differ.out);
}

std::vector<SchemaChange> diff_types(const Type& before, const Type& after) {
  std::vector<SchemaChange> out;
  const auto text = [](const Type& type) { return type.subject_fixed ? type.subject->text() : std::string(); };
  if (text(before) != text(after)) {
    if (after.subject_fixed) {
      out.push_back({"(subject)", "trích yếu phải đúng là \"" + text(after) + "\"", "the subject must be exactly \"" + text(after) + "\"",
                     true, before.subject_fixed});
    } else {
      out.push_back({"(subject)", "trích yếu không còn cố định", "the subject is fixed no longer", false, true});
    }
  }
  const auto compare = [&](std::uint64_t old_limit, std::uint64_t new_limit, const char* vietnamese, const char* english) {
    if (old_limit != new_limit) out.push_back({"(attachments)", vietnamese, english, new_limit < old_limit, new_limit > old_limit});
  };
  compare(before.attachments.count_max, after.attachments.count_max, "số tệp kèm theo được phép thay đổi",
          "another number of attachments is permitted");
  compare(before.attachments.bytes_max, after.attachments.bytes_max, "dung lượng tệp kèm theo được phép thay đổi",
          "another size of attachments is permitted");
  return out;
}

}  // namespace hub::registry
