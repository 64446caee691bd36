// The schema validator beside valijson, the validator that Debian packages: the same schemas and documents, in one run.
//   validator_bench [ROUNDS]
// Ours checks a document's MessagePack bytes, as they come from an agency. valijson gets a JSON value that is parsed
// already, and its patterns compiled: what it would take to read the document is not counted, which favours it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "hub/registry/schema.hpp"

namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

struct Case {
  std::string name;
  Json schema, document;
};

// No format and no pattern, which cost valijson most.
Case plain() {
  return {"plain", Json::parse(R"({"type":"object","additionalProperties":false,
    "required":["report_no","year","quarter","fields","summary"],
    "properties":{
      "report_no":{"type":"string","minLength":1,"maxLength":64},
      "year":{"type":"integer","minimum":2000,"maximum":2100},
      "quarter":{"type":"integer","minimum":1,"maximum":4},
      "fields":{"type":"array","minItems":1,"maxItems":10,"items":{"enum":["economy","culture","security","land"]}},
      "summary":{"type":"string","minLength":1,"maxLength":2000},
      "proposal":{"type":"string","minLength":1,"maxLength":500},
      "urgent":{"type":"boolean"}}})"),
          Json::parse(R"({"report_no":"09/BC-HĐND","year":2024,"quarter":1,"fields":["economy","land"],
    "summary":"Tình hình dư luận xã hội trong quý ổn định; cử tri quan tâm việc đền bù giải phóng mặt bằng ở ba xã.",
    "proposal":"Đề nghị thông tin kịp thời tiến độ bồi thường cho người dân.","urgent":false})")};
}

Case pattern() {
  return {"pattern", Json::parse(R"({"type":"object","additionalProperties":false,"required":["number"],
    "properties":{"number":{"type":"string","pattern":"^[0-9]{2}/[A-Z]{2}-[A-Z]{2,5}$"},
                  "place":{"type":"string","pattern":"^[a-z0-9-]+(/[a-z0-9-]+)*$"}}})"),
          Json::parse(R"({"number":"14/TB-TAND","place":"thai-nguyen/huyen-a/xa-b"})")};
}

Case of_type(const std::string& name) {
  std::ifstream file("schemas/types/" + name + ".json");
  const Json type = Json::parse(file);
  return {name, type.at("schema"), type.at("example")};
}

template <class Validate>
double nanoseconds_each(int count, Validate validate) {
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i)
    if (!validate()) std::abort();
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count() / count;
}

struct Spread {
  std::vector<double> values;

  double at(double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  }
};

// The median ratio of rounds in which both ran, one after the other.
double compare(const Case& one, int rounds) {
  const auto ours = hub::registry::Schema::compile(one.schema, one.name);
  if (!ours) std::abort();
  const hub::Buffer bytes = Json::to_msgpack(one.document);

  valijson::Schema theirs;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(one.schema), theirs);
  valijson::Validator validator;
  const valijson::adapters::NlohmannJsonAdapter value(one.document);

  const auto run_ours = [&] { return ours->validate(bytes).has_value(); };
  const auto run_theirs = [&] { return validator.validate(theirs, value, nullptr); };
  // As many as take some 20 ms, which also warms up.
  const auto enough = [](double each) { return std::max(1, static_cast<int>(20e6 / each)); };
  const int our_count = enough(nanoseconds_each(2000, run_ours));
  const int their_count = enough(nanoseconds_each(20, run_theirs));
  Spread our_time, their_time, ratio;
  for (int i = 0; i < rounds; ++i) {
    our_time.values.push_back(nanoseconds_each(our_count, run_ours));
    their_time.values.push_back(nanoseconds_each(their_count, run_theirs));
    ratio.values.push_back(their_time.values.back() / our_time.values.back());
  }
  std::printf(
      "%-32s %4zu bytes  ours %6.0f ns (%.0f to %.0f)  valijson %8.0f ns (%.0f to %.0f)  %6.1f x (%.1f to %.1f)\n",
      one.name.c_str(), one.document.dump().size(), our_time.at(0.5), our_time.at(0), our_time.at(1),
      their_time.at(0.5), their_time.at(0), their_time.at(1), ratio.at(0.5), ratio.at(0), ratio.at(1));
  return ratio.at(0.5);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
  std::printf("Nanoseconds a document: median (smallest to largest) of %d rounds\n", rounds);
  double least = 1e9;
  for (const Case& one : {plain(), pattern(), of_type("trial-result-report.1"), of_type("pre-trial-notice.1")})
    least = std::min(least, compare(one, rounds));
  std::printf("at least %.1f x as fast as valijson (wanted: 3 x)\n", least);
  return least >= 3 ? 0 : 1;
}
