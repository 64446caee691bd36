// Random documents with our validator's verdict, as JSON lines for ajv.mjs:
//   {"seed": 7}
//   {"id": "random-1", "schema": {…}}             before its first document
//   {"id": "random-1", "document": …, "valid": true}   or null: our compiler refuses the schema
// Half of the documents are for the types in schemas/types (their examples, spoilt, and others), half for random
// schemas.
//   generate_documents [--seed N] [--documents N]
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "hub/registry/schema.hpp"
#include "tests/oracle/random_document.hpp"
#include "tests/oracle/random_schema.hpp"

namespace {

using hub::registry::Schema;
using hub::test::Dice;
using Json = nlohmann::json;

constexpr std::size_t kDocumentsOfRandomSchema = 50;

// ASCII alone: nothing between here and the reader can take U+2028 for the end of a line.
void print(const Json& line) { std::cout << line.dump(-1, ' ', true) << '\n'; }

struct Subject {
  std::string id;
  Json source;
  Json example;  // null: a random schema has none
  std::optional<Schema> schema;
};

Subject subject(std::string id, Json source, Json example) {
  Subject out{std::move(id), std::move(source), std::move(example), std::nullopt};
  if (auto schema = Schema::compile(out.source, out.id)) out.schema = std::move(*schema);
  print({{"id", out.id}, {"schema", out.source}});
  return out;
}

std::vector<Subject> types() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(HUB_SOURCE_DIR "/schemas/types"))
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Subject> out;
  for (const auto& path : paths) {
    std::ifstream file(path);
    const Json type = Json::parse(file);
    out.push_back(subject(path.stem().string(), type.at("schema"), type.at("example")));
  }
  return out;
}

void print_document(Dice& dice, const Subject& of) {
  const bool from_example = !of.example.is_null() && dice.chance(60);
  Json document = from_example ? of.example : hub::test::document_for(dice, of.source);
  for (std::size_t i = dice.below(from_example ? 4 : 2); i > 0; --i) hub::test::mutate(dice, of.source, document);
  Json line = {{"id", of.id}, {"document", document}, {"valid", nullptr}};
  if (of.schema) line["valid"] = of.schema->accepts(Json::to_msgpack(document));
  print(line);
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  std::size_t documents = 100'000;
  CLI::App app("Random documents with our validator's verdict, as JSON lines");
  app.add_option("--seed", seed);
  app.add_option("--documents", documents);
  CLI11_PARSE(app, argc, argv);

  std::ios::sync_with_stdio(false);
  Dice dice(seed);
  print({{"seed", seed}});
  const std::vector<Subject> fixed = types();
  std::size_t schemas = 0;
  for (std::size_t made = 0; made < documents;) {
    const Subject random = subject("random-" + std::to_string(++schemas), hub::test::random_schema(dice), nullptr);
    for (std::size_t i = 0; i < kDocumentsOfRandomSchema && made < documents; ++i) {
      print_document(dice, random);
      if (++made == documents) break;
      print_document(dice, fixed[(made / 2) % fixed.size()]);
      ++made;
    }
  }
  return 0;
}
