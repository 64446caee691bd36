#include "hub/agreements/bilateral.hpp"

#include "tests/unit/agreements/samples.hpp"

using namespace hub;
using namespace hub::agreements;
using Json = nlohmann::json;

namespace {

// What the project ships: one text with nine partners.
std::vector<Agreement> shipped() {
  Json value;
  std::ifstream file(HUB_SOURCE_DIR "/deploy/agreements/thai-nguyen-bnc.yaml", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto marks = registry::parse_yaml_strict(text, "f.yaml", value);
  REQUIRE(marks);
  std::vector<Agreement> out;
  for (const Json& one : bilateral_agreements(value)) {
    auto read = read_agreement(one, *marks);
    if (!read) FAIL(refusal_of(read.error()));
    out.push_back(std::move(*read));
  }
  CHECK(clauses_without_member(value).empty());
  return out;
}

std::vector<std::string> clauses(const Agreement& agreement) {
  std::vector<std::string> out;
  for (const Clause& clause : agreement.clauses) out.push_back(clause.id);
  return out;
}

}  // namespace

TEST_CASE("one text gives each partner an agreement of two parties, with the clauses that name it alone") {
  const auto agreements = shipped();
  REQUIRE(agreements.size() == 9);
  for (const Agreement& one : agreements) CHECK(one.parties.size() == 2);
  CHECK(agreements[0].id == "thai-nguyen/bnc/mttq");
  CHECK(agreements[4].id == "thai-nguyen/bnc/toa-an");
  using List = std::vector<std::string>;
  CHECK(clauses(agreements[4]) == List{"ket-qua-xet-xu", "tai-lieu-gui-noi-chinh", "tai-lieu-gui-don-vi",
                                       "bieu-hien-tieu-cuc-gui-noi-chinh", "bieu-hien-tieu-cuc-gui-don-vi",
                                       "danh-gia-gui-noi-chinh", "danh-gia-gui-don-vi"});
  CHECK(agreements[4].addressees.empty());
  for (const Clause& clause : agreements[4].clauses)
    for (const auto* side : {&clause.from, &clause.to}) CHECK(side->size() == 1);
}

TEST_CASE("the newspaper's agreement keeps the competent bodies as addressees, and the inspectorate's has none") {
  const auto agreements = shipped();
  CHECK(agreements[7].id == "thai-nguyen/bnc/bao");
  CHECK(agreements[7].addressees.size() == 4);
  CHECK(clauses(agreements[7])[0] == "chuyen-don");
  CHECK(agreements[5].id == "thai-nguyen/bnc/thanh-tra");
  CHECK(agreements[5].addressees.empty());
}

TEST_CASE("a text that is not bilateral stands for itself") {
  const Json value = {{"agreement", "x/y"}};
  CHECK(bilateral_agreements(value) == std::vector<Json>{value});
}

TEST_CASE("a clause of a bilateral text that names no member is told") {
  const Json value = Json::parse(R"({"parties": {"a": "a.x", "b": "b.x"}, "addressees": {"t": "t.x"},
    "groups": {"g": ["b"]}, "bilateral": {"party": "a", "with_each": "g"},
    "clauses": [{"permit": {"from": "g", "to": "a"}}, {"permit": {"from": "a", "to": "t"}}]})");
  CHECK(clauses_without_member(value) == std::vector<std::size_t>{1});
}
