// The official JSON Schema suite, for every keyword of our subset.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "hub/registry/schema.hpp"

using hub::registry::Schema;
using Json = nlohmann::json;

namespace {

constexpr const char* kFiles[] = {"additionalProperties",
                                  "boolean_schema",
                                  "const",
                                  "default",
                                  "enum",
                                  "items",
                                  "maxItems",
                                  "maxLength",
                                  "maximum",
                                  "minItems",
                                  "minLength",
                                  "minimum",
                                  "pattern",
                                  "properties",
                                  "required",
                                  "type",
                                  "optional/format/date",
                                  "optional/format/date-time",
                                  "optional/format/uuid"};

// Where we are stricter than the suite on purpose: one spelling of a UUID and of a time, no leap seconds, microseconds.
const std::set<std::string> kStricter = {
    "optional/format/date-time: a valid date-time with a leap second, UTC",
    "optional/format/date-time: a valid date-time with a leap second, with minus offset",
    "optional/format/date-time: case-insensitive T and Z",
    "optional/format/date-time: a second fraction of fifteen nines is valid",
    "optional/format/uuid: all upper-case",
    "optional/format/uuid: mixed case",
};

struct Tally {
  std::size_t agree = 0, stricter = 0, outside = 0, all = 0;
};

void run_group(const std::string& file, const Json& group, Tally& tally) {
  const auto schema = Schema::compile(group["schema"], file);
  tally.all += group["tests"].size();
  if (!schema) {
    // Only for a keyword, format or pattern syntax outside the subset; the compiler says which.
    const std::string& reason = schema.error().facts[2].value;
    INFO(file << ": " << group["description"] << ": " << reason);
    CHECK(reason.find("supported") != std::string::npos);
    tally.outside += group["tests"].size();
    return;
  }
  for (const Json& test : group["tests"]) {
    const hub::Buffer value = Json::to_msgpack(test["data"]);
    const std::string name = file + ": " + test["description"].get<std::string>();
    INFO(name << " in " << group["description"]);
    const bool valid = schema->accepts(value);
    CHECK(valid == schema->validate(value).has_value());
    if (kStricter.contains(name) && !valid) {
      ++tally.stricter;
    } else {
      CHECK(valid == test["valid"].get<bool>());
      ++tally.agree;
    }
  }
}

}  // namespace

TEST_CASE("the schema validator agrees with the official suite on every keyword that it supports") {
  const std::string folder = HUB_SOURCE_DIR "/../shared/vectors/json-schema/tests/draft2020-12/";
  Tally total;
  for (const char* name : kFiles) {
    std::ifstream file(folder + name + ".json");
    if (!file) {
      WARN("skipped: the public vectors (../shared/vectors/json-schema) are not there");
      return;
    }
    for (const Json& group : Json::parse(file)) run_group(name, group, total);
  }
  WARN(total.agree << " of " << total.all << " cases agree, " << total.stricter << " are stricter on purpose, "
                   << total.outside << " use keywords outside the subset");
  CHECK(total.agree > 300);
}
