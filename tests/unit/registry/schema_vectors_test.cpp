// The official JSON Schema suite, for every keyword of our subset. Left out: `content`, since contentEncoding makes a
// value binary here, and the optional files that are about other keywords alone.
#include <catch2/catch.hpp>
#include <cstdio>
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
                                  "format",
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
                                  "optional/bignum",
                                  "optional/ecmascript-regex",
                                  "optional/float-overflow",
                                  "optional/no-schema",
                                  "optional/non-bmp-regex",
                                  "optional/format/date",
                                  "optional/format/date-time",
                                  "optional/format/uuid"};

// Where we are stricter than the suite on purpose: formats are asserted; a UUID and a time have one spelling, a time no
// leap second and at most microseconds.
const std::set<std::string> kStricter = {
    "format: invalid date string is only an annotation by default",
    "format: invalid date-time string is only an annotation by default",
    "format: invalid uuid string is only an annotation by default",
    "optional/format/date-time: a valid date-time with a leap second, UTC",
    "optional/format/date-time: a valid date-time with a leap second, with minus offset",
    "optional/format/date-time: case-insensitive T and Z",
    "optional/format/date-time: a second fraction of fifteen nines is valid",
    "optional/format/uuid: all upper-case",
    "optional/format/uuid: mixed case",
};

struct Tally {
  std::string name;
  std::size_t all = 0, agree = 0, stricter = 0, outside = 0;

  void add(const Tally& other) {
    all += other.all;
    agree += other.agree;
    stricter += other.stricter;
    outside += other.outside;
  }
};

void run_group(const Json& group, Tally& tally) {
  const auto schema = Schema::compile(group["schema"], tally.name);
  tally.all += group["tests"].size();
  if (!schema) {
    // Only for a keyword, format or pattern syntax outside the subset; the compiler says which.
    const std::string& reason = schema.error().facts[2].value;
    INFO(tally.name << ": " << group["description"] << ": " << reason);
    CHECK(reason.find("supported") != std::string::npos);
    tally.outside += group["tests"].size();
    return;
  }
  for (const Json& test : group["tests"]) {
    const hub::Buffer value = Json::to_msgpack(test["data"]);
    const std::string name = tally.name + ": " + test["description"].get<std::string>();
    INFO(name << " in " << group["description"]);
    const bool valid = schema->accepts(value);
    CHECK(valid == schema->validate(value).has_value());
    if (kStricter.contains(name) && !valid) {
      ++tally.stricter;
    } else {
      CHECK(valid == test["valid"].get<bool>());
      if (valid == test["valid"].get<bool>()) ++tally.agree;
    }
  }
}

void print(const Tally& tally) {
  std::printf("%-28s %4zu cases, %4zu agree, %2zu stricter on purpose, %3zu outside the subset\n", tally.name.c_str(),
              tally.all, tally.agree, tally.stricter, tally.outside);
}

}  // namespace

TEST_CASE("the schema validator agrees with the official suite on every keyword that it supports") {
  const std::string folder = HUB_SOURCE_DIR "/../shared/vectors/json-schema/tests/draft2020-12/";
  Tally total{"total"};
  for (const char* name : kFiles) {
    std::ifstream file(folder + name + ".json");
    if (!file) {
      WARN("skipped: the public vectors (../shared/vectors/json-schema) are not there");
      return;
    }
    Tally tally{name};
    for (const Json& group : Json::parse(file)) run_group(group, tally);
    print(tally);
    total.add(tally);
  }
  print(total);
  CHECK(total.agree + total.stricter + total.outside == total.all);
  CHECK(total.agree > 500);
}
