#include "hub/agreements/guard_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "hub/registry/schema.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::agreements {
namespace {

using Json = nlohmann::json;
using registry::child_pointer;
using Holds = GuardReport::Holds;

enum Kinds : unsigned {
  kNull = 1,
  kBoolean = 2,
  kInteger = 4,
  kFraction = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
  kAll = 127
};

unsigned kind_named(const Json& name) {
  if (name == "null") return kNull;
  if (name == "boolean") return kBoolean;
  if (name == "integer") return kInteger;
  if (name == "number") return kInteger | kFraction;
  if (name == "string") return kString;
  if (name == "array") return kArray;
  return kObject;
}

// The kinds of values that the keyword `type` of a schema leaves.
unsigned kinds_of(const Json& schema) {
  if (!schema.is_object() || !schema.contains("type")) return kAll;
  if (!schema["type"].is_array()) return kind_named(schema["type"]);
  unsigned out = 0;
  for (const Json& name : schema["type"]) out |= kind_named(name);
  return out;
}

std::string names_of(unsigned kinds) {
  struct Name {
    unsigned kinds;
    const char* text;
  };
  static constexpr Name kNames[] = {
      {kNull, "null"},          {kBoolean, "true or false"}, {kInteger | kFraction, "a number"},
      {kInteger, "an integer"}, {kString, "a text"},         {kArray, "a list"},
      {kObject, "an object"}};
  std::string out;
  for (const Name& name : kNames) {
    if ((kinds & name.kinds) != name.kinds) continue;
    kinds &= ~name.kinds;
    out.append(out.empty() ? "" : " or ").append(name.text);
  }
  return out;
}

bool accepts(const Json& schema, const Json& value) {
  const auto compiled = registry::Schema::compile(schema, "guard analysis");
  return compiled && compiled->accepts(Json::to_msgpack(value));
}

// The values that enum and const leave; nothing when they leave all.
std::optional<std::vector<Json>> listed(const Json& schema) {
  if (!schema.is_object()) return std::nullopt;
  if (schema.contains("const")) return std::vector<Json>{schema["const"]};
  if (schema.contains("enum")) return schema["enum"].get<std::vector<Json>>();
  return std::nullopt;
}

std::string print(const std::vector<Json>& values) {
  std::string out;
  for (const Json& value : values) out.append(out.empty() ? "" : ", ").append(value.dump());
  return values.size() == 1 ? out : "one of " + out;
}

double number_or(const Json& schema, const char* keyword, double fallback) {
  return schema.is_object() && schema.contains(keyword) ? schema[keyword].get<double>() : fallback;
}

bool requires_member(const Json& schema, const std::string& name) {
  if (!schema.is_object() || !schema.contains("required")) return false;
  return std::find(schema["required"].begin(), schema["required"].end(), name) != schema["required"].end();
}

// A schema's part for a member; null: a closed schema that doesn't name it.
Json member_schema(const Json& schema, const std::string& name) {
  if (!schema.is_object()) return true;
  if (schema.contains("properties") && schema["properties"].contains(name)) return schema["properties"][name];
  if (schema.contains("additionalProperties") && schema["additionalProperties"] == false) return nullptr;
  return true;
}

// Some value that a schema lets through; nothing when it takes more than its keywords to find one.
std::optional<Json> sample(const Json& schema) {
  if (!schema.is_object()) return Json(true);
  if (const auto values = listed(schema)) return values->empty() ? std::nullopt : std::optional<Json>(values->front());
  const unsigned kinds = kinds_of(schema);
  if (kinds & kString) {
    if (schema.contains("pattern") || schema.contains("contentEncoding")) return std::nullopt;
    if (schema.value("format", "") == "date") return Json("2024-03-12");
    if (schema.value("format", "") == "date-time") return Json("2024-03-12T08:00:00+07:00");
    if (schema.value("format", "") == "uuid") return Json("00000000-0000-4000-8000-000000000000");
    return Json(std::string(std::max<std::size_t>(schema.value("minLength", 1u), 1), 'x'));
  }
  if (kinds & kInteger)
    return Json(static_cast<std::int64_t>(
        std::ceil(number_or(schema, "minimum", std::min(0.0, number_or(schema, "maximum", 0))))));
  if (kinds & kBoolean) return Json(true);
  if (kinds & kArray) {
    Json out = Json::array();
    while (out.size() < schema.value("minItems", 0u)) {
      auto item = sample(schema.value("items", Json(true)));
      if (!item) return std::nullopt;
      out.push_back(std::move(*item));
    }
    return out;
  }
  if ((kinds & kObject) == 0) return Json(nullptr);
  Json out = Json::object();
  for (const Json& name : schema.value("required", Json::array())) {
    auto member = sample(member_schema(schema, name.get<std::string>()));
    if (!member) return std::nullopt;
    out[name.get<std::string>()] = std::move(*member);
  }
  return out;
}

// Looks for a value that a schema and a guard let through, changing a known one where the guard asks for something
// else.
class Search {
 public:
  std::string pointer, reason;  // why there is none, when that is certain
  bool never() const { return !reason.empty(); }

  std::optional<Json> run(const Json& schema, const Json& guard, std::optional<Json> known, const std::string& at) {
    if (schema.is_null()) return none(at, "is no field of the type");
    if (guard == false) return none(at, "is let through by no value");
    if (!guard.is_object()) return known ? known : sample(schema);
    if (listed(schema) || listed(guard)) return from_list(schema, guard, known, at);
    const unsigned kinds = kinds_of(schema) & kinds_of(guard);
    if (kinds == 0)
      return none(at,
                  "is " + names_of(kinds_of(schema)) + " in the type, the guard asks for " + names_of(kinds_of(guard)));
    if (kinds & (kString | kBoolean | kNull)) return known && accepts(guard, *known) ? known : sample(schema);
    if (kinds & kObject) return object(schema, guard, known ? *known : Json(), at);
    if (kinds & kArray) return array(schema, guard, known ? *known : Json(), at);
    return number(schema, guard, known, kinds, at);
  }

 private:
  std::optional<Json> none(const std::string& at, std::string why) {
    if (reason.empty()) {
      pointer = at;
      reason = std::move(why);
    }
    return std::nullopt;
  }

  std::optional<Json> from_list(const Json& schema, const Json& guard, const std::optional<Json>& known,
                                const std::string& at) {
    if (known && accepts(schema, *known) && accepts(guard, *known)) return known;
    const auto in_type = listed(schema), asked = listed(guard);
    for (const Json& value : in_type ? *in_type : *asked)
      if (accepts(schema, value) && accepts(guard, value)) return value;
    if (in_type && asked)
      return none(at, "is " + print(*in_type) + " in the type, the guard asks for " + print(*asked));
    if (asked) return none(at, "is never " + print(*asked) + " in the type, as the guard asks");
    return none(at, "is " + print(*in_type) + " in the type, of which the guard lets none through");
  }

  std::optional<Json> number(const Json& schema, const Json& guard, const std::optional<Json>& known, unsigned kinds,
                             const std::string& at) {
    double low = std::max(number_or(schema, "minimum", -HUGE_VAL), number_or(guard, "minimum", -HUGE_VAL));
    double high = std::min(number_or(schema, "maximum", HUGE_VAL), number_or(guard, "maximum", HUGE_VAL));
    if ((kinds & kFraction) == 0) low = std::ceil(low), high = std::floor(high);
    if (low > high) return none(at, "has a range in the type that the guard's range does not meet");
    if (known && known->is_number() && *known >= low && *known <= high) return known;
    const double value = std::isfinite(low) ? low : std::isfinite(high) ? high : 0;
    return (kinds & kFraction) != 0 ? Json(value) : Json(static_cast<std::int64_t>(value));
  }

  std::optional<Json> array(const Json& schema, const Json& guard, Json known, const std::string& at) {
    const double low = std::max(number_or(schema, "minItems", 0), number_or(guard, "minItems", 0));
    const double high = std::min(number_or(schema, "maxItems", HUGE_VAL), number_or(guard, "maxItems", HUGE_VAL));
    if (low > high) return none(at, "has a number of items in the type that the guard's does not meet");
    Json out = known.is_array() ? std::move(known) : Json::array();
    while (static_cast<double>(out.size()) > high) out.erase(out.size() - 1);
    while (static_cast<double>(out.size()) < low) {
      auto item = sample(schema.is_object() && schema.contains("items") ? schema["items"] : Json(true));
      if (!item) return std::nullopt;
      out.push_back(std::move(*item));
    }
    return out;
  }

  std::optional<Json> object(const Json& schema, const Json& guard, Json known, const std::string& at) {
    Json out = known.is_object() ? std::move(known) : sample(schema).value_or(Json::object());
    Json asked = guard.contains("properties") ? guard["properties"] : Json::object();
    for (const Json& name : guard.value("required", Json::array())) asked.emplace(name.get<std::string>(), true);
    for (const auto& [name, member] : asked.items()) {
      const bool needed = requires_member(schema, name) || requires_member(guard, name);
      const std::optional<Json> before = out.contains(name) ? std::optional<Json>(out[name]) : std::nullopt;
      if (!needed && !before) continue;  // absent: what is asked of it does not matter
      Search inner;
      auto value = inner.run(member_schema(schema, name), member, before, child_pointer(at, name));
      if (value) {
        out[name] = std::move(*value);
      } else if (!needed) {
        out.erase(name);
      } else {
        return inner.never() ? none(inner.pointer, inner.reason) : std::nullopt;
      }
    }
    return out;
  }
};

// Whether every value that the schema lets through is one that the guard lets through.
bool is_implied(const Json& schema, const Json& guard) {
  if (guard == true || schema.is_null()) return true;  // null: the member never comes
  if (!guard.is_object() || !schema.is_object()) return false;
  if (const auto values = listed(schema))
    return std::all_of(values->begin(), values->end(),
                       [&](const Json& v) { return !accepts(schema, v) || accepts(guard, v); });
  if (listed(guard)) return false;
  const unsigned kinds = kinds_of(schema);
  if ((kinds & ~kinds_of(guard)) != 0) return false;
  if ((kinds & (kInteger | kFraction)) &&
      (number_or(schema, "minimum", -HUGE_VAL) < number_or(guard, "minimum", -HUGE_VAL) ||
       number_or(schema, "maximum", HUGE_VAL) > number_or(guard, "maximum", HUGE_VAL)))
    return false;
  if ((kinds & kArray) && (number_or(schema, "minItems", 0) < number_or(guard, "minItems", 0) ||
                           number_or(schema, "maxItems", HUGE_VAL) > number_or(guard, "maxItems", HUGE_VAL)))
    return false;
  if ((kinds & kObject) == 0) return true;
  for (const Json& name : guard.value("required", Json::array()))
    if (!requires_member(schema, name.get<std::string>())) return false;
  const Json properties = guard.value("properties", Json::object());
  return std::all_of(properties.items().begin(), properties.items().end(), [&](const auto& member) {
    return is_implied(member_schema(schema, member.key()), member.value());
  });
}

// Members that the guard names and the type can't have, at any depth.
void find_unknown(const Json& schema, const Json& guard, const std::string& at, std::vector<std::string>& out) {
  if (!guard.is_object()) return;
  Json asked = guard.value("properties", Json::object());
  for (const Json& name : guard.value("required", Json::array())) asked.emplace(name.get<std::string>(), true);
  for (const auto& [name, member] : asked.items()) {
    const Json part = member_schema(schema, name);
    if (part.is_null()) {
      out.push_back(child_pointer(at, name));
    } else {
      find_unknown(part, member, child_pointer(at, name), out);
    }
  }
}

Json document_schema(const Json& type) {
  const Json text = {{"type", "string"}, {"minLength", 1}}, time = {{"type", "string"}, {"format", "date-time"}},
             uuid = {{"type", "string"}, {"format", "uuid"}};
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", {"specversion", "id", "source", "type", "subject", "time", "to", "data"}},
          {"properties",
           {{"specversion", {{"const", "1.0"}}},
            {"id", uuid},
            {"source", text},
            {"type", {{"const", type["type"]}}},
            {"subject", {{"type", "string"}, {"minLength", 1}, {"maxLength", 500}}},
            {"time", time},
            {"to", text},
            {"conversation", uuid},
            {"urgency", {{"type", "integer"}, {"minimum", 0}, {"maximum", 4}}},
            {"deliverat", time},
            {"docnumber", {{"type", "string"}, {"minLength", 1}, {"maxLength", 64}}},
            {"datacontenttype", {{"const", "application/json"}}},
            {"data", type["schema"]}}}};
}

}  // namespace

GuardReport analyse_guard(const Json& guard, const Json& type) {
  const Json schema = document_schema(type);
  Json known = *sample({{"type", "object"}, {"required", Json::array()}});
  for (const auto& [name, member] : schema["properties"].items())
    if (name != "data" && requires_member(schema, name)) known[name] = *sample(member);
  known["data"] = type["example"];
  Search search;
  const auto found = search.run(schema, guard, known, "");
  GuardReport out;
  find_unknown(schema, guard, "", out.unknown);
  if (!found) {
    if (!search.never()) return out;
    out.holds = Holds::never;
    out.pointer = search.pointer.empty() ? "/" : search.pointer;
    out.reason = search.reason;
    return out;
  }
  if (!accepts(schema, *found) || !accepts(guard, *found)) return out;
  out.holds = is_implied(schema, guard) ? Holds::always : Holds::sometimes;
  out.example = *found;
  return out;
}

}  // namespace hub::agreements
