// What a diff says of two schemas, held against generated documents: where it says that senders aren't broken, whatever
// the old schema lets through the new one lets through too, and the other way round for recipients.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "hub/registry/schema.hpp"
#include "hub/registry/schema_diff.hpp"

using namespace hub;
using namespace hub::registry;
using Json = nlohmann::json;

namespace {

// Few names, values and bounds, so that schemas and documents meet.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  bool chance(std::size_t of) { return below(of) == 0; }

  Json schema(int depth) {
    switch (below(depth > 0 ? 7 : 5)) {
      case 0:
        return bounded({{"type", chance(3) ? "number" : "integer"}}, "minimum", "maximum");
      case 1:
        return bounded({{"type", "string"}}, "minLength", "maxLength");
      case 2:
        return {{"enum", some_values()}};
      case 3:
        return form();
      case 4:
        return {{"type", {"string", "null", "integer"}}};
      case 5:
        return bounded({{"type", "array"}, {"items", schema(depth - 1)}}, "minItems", "maxItems");
      default:
        return object(depth);
    }
  }

  Json object(int depth) {
    Json fields = Json::object(), required = Json::array();
    for (const char* name : {"a", "b", "c"}) {
      if (chance(3)) continue;
      fields[name] = schema(depth - 1);
      if (chance(2)) required.push_back(name);
    }
    Json out = {{"type", "object"}, {"properties", fields}, {"required", required}};
    if (!chance(4)) out["additionalProperties"] = false;
    return out;
  }

  // One part of the schema, somewhere, made anew.
  void change(Json& schema, int depth) {
    if (schema.contains("properties") && !chance(3)) {
      const char* name = chance(2) ? "a" : "b";
      Json& fields = schema["properties"];
      if (fields.contains(name) && !chance(4)) return change(fields[name], depth - 1);
      if (fields.contains(name)) {
        fields.erase(name);
        erase_name(schema["required"], name);
      } else {
        fields[name] = this->schema(depth - 1);
      }
    } else if (schema.contains("required") && chance(2)) {
      const char* name = chance(2) ? "a" : "b";
      if (!erase_name(schema["required"], name)) schema["required"].push_back(name);
    } else if (schema.contains("items") && !chance(3)) {
      change(schema["items"], depth - 1);
    } else if (schema.contains("enum")) {
      schema["enum"] = some_values();
    } else {
      turn(schema, depth);
    }
  }

  // Values at the bounds and around them.
  Json value(int depth) {
    switch (below(depth > 0 ? 8 : 6)) {
      case 0:
        return static_cast<int>(below(5));
      case 1:
        return 0.5 * static_cast<double>(below(7));
      case 2:
        return nullptr;
      case 3:
        return std::string(below(4), 'x');
      case 4:
        return chance(2) ? "2024-03-12" : "xy";
      case 5:
        return some_values()[0];
      case 6: {
        Json out = Json::array();
        for (std::size_t i = below(4); i > 0; --i) out.push_back(value(depth - 1));
        return out;
      }
      default:
        return Json::object();
    }
  }
  // Most values of the kind that the schema asks for, so that enough documents are let through.
  Json document(const Json& schema, int depth) {
    if (chance(12)) return value(depth);
    if (schema.contains("enum")) return schema["enum"][below(schema["enum"].size())];
    if (schema.contains("items")) {
      Json out = Json::array();
      for (std::size_t i = below(4); i > 0; --i) out.push_back(document(schema["items"], depth - 1));
      return out;
    }
    if (schema.contains("properties")) {
      Json out = Json::object();
      for (const auto& [name, field] : schema["properties"].items())
        if (!chance(4)) out[name] = document(field, depth - 1);
      if (chance(6)) out["z"] = value(0);
      return out;
    }
    return value(0);
  }

 private:
  Json bounded(Json out, const char* lower, const char* upper) {
    if (chance(2)) out[lower] = below(3);
    if (chance(2)) out[upper] = 1 + below(3);
    return out;
  }
  Json form() {
    if (chance(2)) return {{"type", "string"}, {"format", "date"}};
    return {{"type", "string"}, {"pattern", chance(2) ? "^x" : "y$"}};
  }
  Json some_values() {
    Json out = Json::array();
    for (const Json& value : {Json("x"), Json("xy"), Json(1), Json(2.5), Json(nullptr), Json::array({1})})
      if (chance(2)) out.push_back(value);
    if (out.empty()) out.push_back("x");
    return out;
  }
  // Another bound, or something else in its place.
  void turn(Json& schema, int depth) {
    for (const char* keyword : {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}) {
      if (!schema.contains(keyword) || chance(3)) continue;
      if (chance(3)) {
        schema.erase(keyword);
      } else {
        schema[keyword] = below(4);
      }
      return;
    }
    schema = schema.contains("properties") ? object(depth) : this->schema(depth);
  }
  static bool erase_name(Json& names, const char* name) {
    for (auto at = names.begin(); at != names.end(); ++at)
      if (*at == name) return names.erase(at), true;
    return false;
  }

  std::mt19937_64 random_;
};

bool breaks(const std::vector<SchemaChange>& changes, bool SchemaChange::*whom) {
  return std::any_of(changes.begin(), changes.end(), [&](const SchemaChange& change) { return change.*whom; });
}

}  // namespace

TEST_CASE("no generated document breaks whom the diff says nothing breaks for, and many show what it says breaks") {
  constexpr int kPairs = 10'000, kDocuments = 60, kDepth = 3;
  Generator generator(20240312);
  int safe = 0, unsafe = 0, shown = 0;  // directions, by what the diff says; and those that a document shows
  int checked = 0;                     // documents that one schema let through where the diff says safe
  for (int pair = 0; pair < kPairs; ++pair) {
    const Json before = generator.object(kDepth);
    Json after = before;
    for (std::size_t i = generator.below(2); i < 2; ++i) generator.change(after, kDepth);
    const auto changes = diff_schemas(before, after);
    REQUIRE(changes);
    const auto old_one = Schema::compile(before, "old"), new_one = Schema::compile(after, "new");
    REQUIRE((old_one && new_one));
    const bool senders = breaks(*changes, &SchemaChange::breaks_senders);
    const bool recipients = breaks(*changes, &SchemaChange::breaks_recipients);
    bool senders_shown = false, recipients_shown = false;
    for (int i = 0; i < kDocuments; ++i) {
      const Json document = generator.document(generator.chance(2) ? before : after, kDepth);
      const Buffer bytes = Json::to_msgpack(document);
      const bool by_old = old_one->accepts(bytes), by_new = new_one->accepts(bytes);
      senders_shown |= by_old && !by_new;
      recipients_shown |= by_new && !by_old;
      checked += (by_old && !senders) || (by_new && !recipients);
      if ((by_old && !by_new && !senders) || (by_new && !by_old && !recipients))
        FAIL(before.dump() << "\n" << after.dump() << "\n" << document.dump());
    }
    safe += !senders + !recipients;
    unsafe += senders + recipients;
    shown += (senders && senders_shown) + (recipients && recipients_shown);
  }
  WARN(safe << " directions said to be safe, " << checked << " documents held against them; " << unsafe
            << " said to break, " << shown << " shown by a document");
  CHECK(safe > 1000);
  CHECK(checked > 20'000);
  CHECK(shown * 2 > unsafe);
}
