// Fields that a clause lets through and does not need: named in the record, and nothing else.
#include <catch2/catch.hpp>
#include <random>

#include "hub/broker/record_codec.hpp"
#include "tests/unit/broker/core_bench.hpp"
#include "tests/unit/broker/matters.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;
using Json = nlohmann::json;
using Named = std::vector<std::pair<std::string, std::vector<std::uint8_t>>>;

struct NeedsBench : CoreBench {
  NeedsBench(const std::vector<std::string>& fields, const Json& needs, std::uint32_t parties = 4)
      : CoreBench(1, parties) {
    const registry::Item type = test::matter_type(fields);
    apply(ConfigurationChanged{type.kind, type.id, type.canonical, "administrator:test"});
    change(registry::ItemKind::agreement, "sim/notes",
           [&](Json& agreement) { test::add_matter_clauses(agreement, needs); });
  }
  Buffer matter(const Json& data, const std::string& to) { return test::matter(++number, data, to); }
  Named send(const Json& data, const std::string& to) {
    CHECK_FALSE(decide(matter(data, to)));
    return named(decided);
  }
  static Named named(const DocumentDecided& record) {
    Named out;
    for (const Unneeded& one : record.unneeded) out.emplace_back(one.name, one.outcomes);
    return out;
  }
  std::uint64_t number = 0;
};

const std::vector<std::string> kFields = {"court", "judge", "result"};

}  // namespace

TEST_CASE("a field that the clause does not need is named, with the outcomes that it was let through for") {
  NeedsBench bench(kFields, {"result"});
  CHECK(bench.send({{"court", 1}, {"judge", 2}, {"result", 3}}, "party-2,party-1") == Named{{"court", {1}}, {"judge", {1}}});
  CHECK(bench.send({{"court", 1}}, "party-1") == Named{{"court", {0}}});
  CHECK(bench.send({{"result", 3}}, "party-1").empty());
  CHECK(bench.send({}, "party-1").empty());
}

TEST_CASE("where the agreement does not say what is needed, and where nothing was let through, no field is named") {
  NeedsBench bench(kFields, {"result"});
  CHECK(bench.send({{"court", 1}}, "party-2").empty());
  CHECK(bench.send({{"court", 1}}, "party-3").empty());
  CHECK(bench.decided.outcomes[0].row.outcome == "type-not-permitted");
  CHECK(NeedsBench(kFields, nullptr).send({{"court", 1}}, "party-1").empty());
}

TEST_CASE("an accepted document that comes again is no second time when a field was let through") {
  NeedsBench bench(kFields, {"result"});
  const Buffer document = bench.matter({{"court", 1}}, "party-1,nobody");
  REQUIRE_FALSE(bench.decide(document));
  CHECK(NeedsBench::named(bench.decided) == Named{{"court", {0}}});
  const Position position = bench.apply(bench.decided, document.size());
  CHECK(bench.decide(document) == position);
}

TEST_CASE("the fields are read of the record as they were written, and never from a part of it") {
  NeedsBench bench(kFields, {"result"});
  const Named written = bench.send({{"court", 1}, {"judge", 2}}, "party-1,party-2");
  Buffer bytes;
  encode(bench.registry(), Record(bench.decided), bytes);
  const auto kind = static_cast<std::uint8_t>(RecordKind::document_accepted);
  const auto record = decode(bench.registry(), kind, bytes, bench.batch.digests[0]);
  REQUIRE(record);
  CHECK(NeedsBench::named(std::get<DocumentDecided>(*record)) == written);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(decode(bench.registry(), kind, ByteView(bytes).first(size), bench.batch.digests[0]));
  CHECK(field_name(RecordKind::document_accepted, 24) == "unneeded");
  // 24: [["court", [0]], ["judge", [0]]]
  const std::string field("\x18\x92\x92\xa5" "court" "\x91\x00\x92\xa5" "judge" "\x91\x00", 20);
  CHECK(std::string(bytes.end() - 20, bytes.end()) == field);
}

TEST_CASE("what a clause needs changes no outcome of any document") {
  std::mt19937_64 random(20240312);
  const auto some = [&] {
    std::vector<std::string> out;
    for (const std::string& field : kFields)
      if (random() % 2) out.push_back(field);
    return out;
  };
  std::size_t accepted = 0, named = 0;
  for (int world = 0; world < 20; ++world) {
    std::vector<std::string> needs = some();
    if (needs.empty()) needs = {"court"};
    NeedsBench with(kFields, needs), without(kFields, nullptr);
    for (int i = 0; i < 50; ++i) {
      Json data = Json::object();
      for (const std::string& field : some()) data[field] = random() % 3 == 0 ? Json("no number") : Json(i);
      const char* const recipients[] = {"party-1", "party-2", "party-3", "party-1,party-2", "party-2,party-3,party-1"};
      const std::string to = recipients[random() % std::size(recipients)];
      with.send(data, to);
      without.send(data, to);
      CHECK(with.decided.accepted == without.decided.accepted);
      CHECK(with.decided.refusal == without.decided.refusal);
      CHECK(with.decided.row_bytes == without.decided.row_bytes);
      CHECK(without.decided.unneeded.empty());
      accepted += with.decided.accepted ? 1u : 0u;
      named += with.decided.unneeded.empty() ? 0u : 1u;
    }
  }
  CHECK(accepted > 300);
  CHECK(named > 100);
}

TEST_CASE("the record of a document with as many fields and recipients as can be stays within its bound") {
  std::vector<std::string> fields;
  for (std::size_t i = 100; i < 100 + registry::kSchemaPropertiesMax; ++i)
    fields.push_back(std::string(registry::kNameBytesMax - 3, 'f') + std::to_string(i));
  NeedsBench bench(fields, {fields[0]}, 258);
  bench.change(registry::ItemKind::agreement, "sim/notes", [](Json& agreement) {
    agreement["clauses"][1]["permit"]["to"] = "all";
    agreement["clauses"].erase(2);
  });
  Json data = Json::object();
  for (const std::string& field : fields) data[field] = 1;
  std::string to;
  for (std::size_t i = 1; i <= registry::kRecipientsMax; ++i) to += (i == 1 ? "party-" : ",party-") + std::to_string(i);
  const Named found = bench.send(data, to);
  REQUIRE(found.size() == registry::kSchemaPropertiesMax - 1);
  CHECK(found[0].second.size() == registry::kRecipientsMax);
  Buffer metadata;
  encode(bench.registry(), Record(bench.decided), metadata);
  CHECK(metadata.size() <= bound_records(bench.batch).bytes);
  CHECK(decode(bench.registry(), static_cast<std::uint8_t>(RecordKind::document_accepted), metadata, bench.batch.digests[0]));
}

}  // namespace hub::broker
