#include "tests/oracle/random_document.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/oracle/random_values.hpp"
#include "tests/oracle/samples.hpp"

namespace hub::test {
namespace {

using Json = nlohmann::json;

const Json kTrue = true;

const Json& member(const Json& schema, const char* keyword) {
  return schema.is_object() && schema.contains(keyword) ? schema[keyword] : kTrue;
}

// The schema of the member `name`.
const Json& schema_of(const Json& schema, const std::string& name) {
  const Json& properties = member(schema, "properties");
  return properties.is_object() && properties.contains(name) ? properties[name]
                                                             : member(schema, "additionalProperties");
}

// min-1, min, max or max+1 of the two keywords, or a little.
std::size_t size_near(Dice& dice, const Json& schema, const char* low, const char* high) {
  const auto bound = [&](const char* keyword) {
    return schema.is_object() && schema.contains(keyword) ? static_cast<std::size_t>(schema[keyword].get<double>())
                                                          : dice.below(4);
  };
  const std::size_t least = bound(low), most = bound(high);
  switch (dice.below(10)) {
    case 0:
      return least == 0 ? 0 : least - 1;
    case 1:
      return most + 1;
    case 2:
    case 3:
    case 4:
      return least;
    case 5:
      return most;
    default:
      return most <= least ? least : least + dice.below(std::min<std::size_t>(most - least + 1, 40));
  }
}

// The bound, and what lies next to it. Where integers are too large for doubles to hold neighbours, the next double.
Json number_near(Dice& dice, const Json& bound) {
  const double value = bound.get<double>();
  if (dice.chance(40)) return bound;
  if (std::floor(value) == value && std::fabs(value) < 9e15) {
    const auto integer = static_cast<std::int64_t>(value) + (dice.chance(50) ? 1 : -1);
    return dice.chance(30) ? Json(static_cast<double>(integer)) : Json(integer);
  }
  const double next = std::nextafter(value, dice.chance(50) ? 1e308 : -1e308);
  return dice.chance(50) && std::fabs(value) < 1e15 ? Json(std::floor(value)) : Json(next);
}

Json number_for(Dice& dice, const Json& schema, bool integer) {
  Json out = dice.pick(numbers());
  for (const char* keyword : {"minimum", "maximum"})
    if (schema.contains(keyword) && dice.chance(60)) out = number_near(dice, schema[keyword]);
  if (integer && dice.chance(80)) {
    const double whole = std::floor(out.get<double>());
    if (std::fabs(whole) < 9e15) return dice.chance(20) ? Json(whole) : Json(static_cast<std::int64_t>(whole));
  }
  return out;
}

std::string text_for(Dice& dice, const Json& schema) {
  if (schema.contains("format") && dice.chance(90)) return random_of_format(dice, schema["format"].get<std::string>());
  if (schema.contains("pattern") && dice.chance(80))
    for (const Pattern& known : patterns())
      if (known.pattern == schema["pattern"]) return std::string(dice.pick(known.matching));
  return random_text(dice, size_near(dice, schema, "minLength", "maxLength"));
}

Json list_for(Dice& dice, const Json& schema, int depth) {
  Json out = Json::array();
  const std::size_t count = size_near(dice, schema, "minItems", "maxItems");
  while (out.size() < count) out.push_back(document_for(dice, member(schema, "items"), depth + 1));
  return out;
}

Json object_for(Dice& dice, const Json& schema, int depth) {
  Json out = Json::object();
  if (schema.contains("required"))
    for (const Json& name : schema["required"])
      if (dice.chance(97))
        out[name.get<std::string>()] = document_for(dice, schema_of(schema, name.get<std::string>()), depth + 1);
  if (schema.contains("properties"))
    for (const auto& [name, of_member] : schema["properties"].items())
      if (dice.chance(30)) out[name] = document_for(dice, of_member, depth + 1);
  if (dice.chance(member(schema, "additionalProperties") == false ? 3 : 20)) {
    const std::string name(dice.pick(kNames));
    out[name] = document_for(dice, schema_of(schema, name), depth + 1);
  }
  return out;
}

// Code points.
std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> out;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) == 0x80)
      out.back() += c;
    else
      out.emplace_back(1, c);
  }
  return out;
}

void mutate_text(Dice& dice, const Json& schema, Json& value) {
  auto parts = characters(value.get<std::string>());
  switch (dice.below(4)) {
    case 0: {  // to another length, keeping what is there
      const std::size_t length = size_near(dice, schema, "minLength", "maxLength");
      parts.resize(std::min(parts.size(), length));
      while (parts.size() < length) parts.emplace_back(dice.pick(kCharacters));
      break;
    }
    case 1:
      parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(dice.below(parts.size() + 1)),
                   std::string(dice.pick(kCharacters)));
      break;
    case 2:
      if (!parts.empty()) parts[dice.below(parts.size())] = dice.pick(kCharacters);
      break;
    default:
      for (auto& part : parts)
        if (part.size() == 1 && part[0] >= 'a' && part[0] <= 'z') part[0] = static_cast<char>(part[0] - 'a' + 'A');
  }
  std::string out;
  for (const auto& part : parts) out += part;
  value = out;
}

void mutate_number(Dice& dice, const Json& schema, Json& value) {
  const double number = value.get<double>();
  switch (dice.below(4)) {
    case 0:
      value = number;
      break;  // 1 as 1.0
    case 1:
      value = std::fabs(number) < 1e15 ? number + 0.5 : -number;
      break;
    case 2:
      value = dice.pick(numbers());
      break;
    default:
      value = number_for(dice, schema.is_object() ? schema : Json::object(), false);
  }
}

void mutate_list(Dice& dice, const Json& schema, Json& value) {
  const Json& items = member(schema, "items");
  const std::size_t count = size_near(dice, schema, "minItems", "maxItems");
  switch (dice.below(4)) {
    case 0:
      if (!value.empty()) value.erase(dice.below(value.size()));
      break;
    case 1:
      value.push_back(random_value(dice));
      break;
    case 2:
      if (!value.empty()) value.push_back(value[dice.below(value.size())]);
      break;
    default:
      while (value.size() > count) value.erase(value.size() - 1);
      while (value.size() < count) value.push_back(document_for(dice, items, 1));
  }
}

void mutate_object(Dice& dice, const Json& schema, Json& value) {
  const std::string added(dice.pick(kNames));
  if (value.empty() || dice.chance(25)) {
    value[added] = random_value(dice);
    return;
  }
  const std::string name = dice.pick(value.get_ref<const Json::object_t&>()).first;
  const Json old = value[name];
  switch (dice.below(3)) {
    case 0:
      value.erase(name);
      break;
    case 1:
      value.erase(name);
      value[dice.chance(50) ? added : name + "_"] = old;
      break;
    default:
      value[added] = document_for(dice, schema_of(schema, added), 1);
  }
}

}  // namespace

Json document_for(Dice& dice, const Json& schema, int depth) {
  if (!schema.is_object() || depth > 8) return random_value(dice, depth);
  if (schema.contains("const") && dice.chance(95)) return schema["const"];
  if (schema.contains("enum") && dice.chance(95)) return dice.pick(schema["enum"]);
  const Json& stated = member(schema, "type");
  const std::string type = stated.is_array()    ? dice.pick(stated).get<std::string>()
                           : stated.is_string() ? stated.get<std::string>()
                                                : "";
  if (type == "null") return nullptr;
  if (type == "boolean") return dice.chance(50);
  if (type == "integer" || type == "number") return number_for(dice, schema, type == "integer");
  // Where no type is stated, its keywords tell what was meant.
  if (type == "string" || schema.contains("pattern") || schema.contains("format")) return text_for(dice, schema);
  if (type == "array" || schema.contains("items")) return list_for(dice, schema, depth);
  if (type == "object" || schema.contains("properties")) return object_for(dice, schema, depth);
  return random_value(dice, depth);
}

void mutate(Dice& dice, const Json& schema, Json& value) {
  if (value.is_structured() && !value.empty() && dice.chance(70)) {
    if (value.is_array()) return mutate(dice, member(schema, "items"), value[dice.below(value.size())]);
    const std::string name = dice.pick(value.get_ref<const Json::object_t&>()).first;
    return mutate(dice, schema_of(schema, name), value[name]);
  }
  if (dice.chance(10))
    value = random_value(dice);
  else if (dice.chance(5))
    value = Json::array({value});
  else if (value.is_string())
    mutate_text(dice, schema, value);
  else if (value.is_number())
    mutate_number(dice, schema, value);
  else if (value.is_array())
    mutate_list(dice, schema, value);
  else if (value.is_object())
    mutate_object(dice, schema, value);
  else
    value = random_value(dice);
}

}  // namespace hub::test
