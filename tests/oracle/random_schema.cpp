#include "tests/oracle/random_schema.hpp"

#include <utility>

#include "tests/oracle/random_values.hpp"
#include "tests/oracle/samples.hpp"

namespace hub::test {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kTypes[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
constexpr std::string_view kFormats[] = {"date", "date-time", "uuid"};

class Maker {
 public:
  Maker(Dice& dice, int depth) : dice_(dice), depth_(depth) {}

  Json make() {
    if (depth_ > 0 && dice_.chance(8)) return dice_.chance(80);
    const std::size_t kind = dice_.below(depth_ < 3 ? 9 : 5);
    if (kind <= 1) text();
    if (kind == 2 || kind == 3) number();
    if (kind == 4) values();
    if (kind == 5 || kind == 6) list();
    if (kind >= 7) object();
    if (dice_.chance(10)) foreign();
    type();
    if (dice_.chance(10)) annotations();
    return std::move(schema_);
  }

 private:
  void text() {
    schema_["type"] = "string";
    if (dice_.chance(40)) bounds("minLength", "maxLength", 6);
    if (dice_.chance(30)) schema_["format"] = dice_.pick(kFormats);
    if (dice_.chance(40)) schema_["pattern"] = dice_.pick(patterns()).pattern;
    if (dice_.chance(1)) schema_["pattern"] = dice_.pick(kRefusedPatterns);
  }

  void number() {
    schema_["type"] = dice_.chance(50) ? "integer" : "number";
    if (dice_.chance(60)) schema_["minimum"] = dice_.pick(numbers());
    if (dice_.chance(60)) schema_["maximum"] = dice_.pick(numbers());
    if (dice_.chance(80) && schema_.contains("minimum") && schema_.contains("maximum") &&
        schema_["minimum"].get<double>() > schema_["maximum"].get<double>())
      std::swap(schema_["minimum"], schema_["maximum"]);
  }

  void values() {
    if (dice_.chance(40)) schema_["const"] = random_value(dice_);
    if (dice_.chance(70) || !schema_.contains("const")) {
      Json list = Json::array();
      for (std::size_t i = 1 + dice_.below(4); i > 0; --i) list.push_back(random_value(dice_));
      if (schema_.contains("const") && dice_.chance(70)) list.push_back(schema_["const"]);
      schema_["enum"] = std::move(list);
    }
  }

  void list() {
    schema_["type"] = "array";
    if (dice_.chance(80)) schema_["items"] = random_schema(dice_, depth_ + 1);
    if (dice_.chance(60)) bounds("minItems", "maxItems", 4);
  }

  void object() {
    schema_["type"] = "object";
    Json required = Json::array();
    for (const std::string_view name : kNames) {
      if (!dice_.chance(25)) continue;
      if (dice_.chance(90)) schema_["properties"][std::string(name)] = random_schema(dice_, depth_ + 1);
      // ajv takes "" for the name of nothing that is missing.
      if (dice_.chance(40) && !name.empty()) required.push_back(name);
    }
    if (!required.empty() || dice_.chance(10)) schema_["required"] = std::move(required);
    if (dice_.chance(60))
      schema_["additionalProperties"] = false;
    else if (dice_.chance(50))
      schema_["additionalProperties"] = random_schema(dice_, depth_ + 1);
  }

  // Keywords of other types, which say nothing about this one.
  void foreign() {
    if (dice_.chance(50)) schema_["minimum"] = dice_.pick(numbers());
    if (dice_.chance(50)) schema_["maxLength"] = dice_.below(5);
    if (dice_.chance(50)) schema_["minItems"] = dice_.below(3);
    if (dice_.chance(50)) schema_["required"] = Json::array({"a"});
  }

  void type() {
    if (dice_.chance(15)) schema_.erase("type");
    if (!schema_.contains("type") || !dice_.chance(15)) return;
    const std::string other(dice_.pick(kTypes));
    if (schema_["type"] != other) schema_["type"] = Json::array({schema_["type"], other});
  }

  void annotations() {
    schema_["title"] = "Tiêu đề / Title";
    schema_["description"] = "…";
    schema_["$comment"] = "";
    schema_["default"] = random_value(dice_);
    schema_["examples"] = Json::array({random_value(dice_)});
  }

  void bounds(const char* low, const char* high, std::size_t most) {
    const std::size_t least = dice_.below(most);
    // 2.0 is an integer to JSON Schema.
    if (dice_.chance(70)) schema_[low] = dice_.chance(10) ? Json(static_cast<double>(least)) : Json(least);
    if (dice_.chance(70)) schema_[high] = least + dice_.below(most);
  }

  Dice& dice_;
  int depth_;
  Json schema_ = Json::object();
};

}  // namespace

Json random_schema(Dice& dice, int depth) { return Maker(dice, depth).make(); }

}  // namespace hub::test
