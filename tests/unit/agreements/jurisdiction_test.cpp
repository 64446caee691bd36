#include "hub/agreements/jurisdiction.hpp"

#include "tests/unit/agreements/samples.hpp"

using namespace hub;
using namespace hub::agreements;

namespace {

struct Province {
  registry::Registry registry;
  std::vector<std::string> ids;

  Province() {
    add("tinh", "province", "t", "agency");
    add("huyen-a", "district", "t/a", "agency");
    add("huyen-b", "district", "t/b", "agency");
    add("xa", "commune", "t/a/x", "agency");
    add("bao", "district", "t/c", "press");
    add("doan", "district", "", "agency");
  }
  void add(const char* id, const char* level, const char* place, const char* kind) {
    const registry::PartyDescription party{id, "Tên", "Name", level, kind, place, std::nullopt, {}};
    REQUIRE(registry.apply({registry::ItemKind::party, id, registry::canonical_party(party)}));
    ids.emplace_back(id);
  }
  std::string competent(const char* place, const char* level) const {
    const auto found = Jurisdiction(registry, ids).competent(place, level);
    return found ? registry.party_at(*found).id : "nobody";
  }
};

}  // namespace

TEST_CASE("the competent party has the document's level, and its place or one around it") {
  const Province p;
  CHECK(p.competent("t/a/x", "commune") == "xa");
  CHECK(p.competent("t/a/x", "district") == "huyen-a");
  CHECK(p.competent("t/a", "district") == "huyen-a");
  CHECK(p.competent("t/b/y", "district") == "huyen-b");
  CHECK(p.competent("t/b/y", "province") == "tinh");
}

TEST_CASE("nobody is competent outside its place or level, nor the press, nor a party without a place") {
  const Province p;
  CHECK(p.competent("t/b/y", "commune") == "nobody");
  CHECK(p.competent("t/ab", "district") == "nobody");  // t/a is no part of that name
  CHECK(p.competent("u/a", "district") == "nobody");
  CHECK(p.competent("t/a", "central") == "nobody");
  CHECK(p.competent("t/a", "county") == "nobody");
  CHECK(p.competent("t/c", "district") == "nobody");
}

TEST_CASE("a party stands above the levels below its own in its place") {
  const Province p;
  const Jurisdiction j(p.registry, p.ids);
  CHECK(j.is_above(*p.registry.party("tinh"), "t/a", "district"));
  CHECK(j.is_above(*p.registry.party("huyen-a"), "t/a/x", "commune"));
  CHECK_FALSE(j.is_above(*p.registry.party("huyen-b"), "t/a/x", "commune"));  // another district's
  CHECK_FALSE(j.is_above(*p.registry.party("tinh"), "u/a", "district"));
  CHECK_FALSE(j.is_above(*p.registry.party("huyen-a"), "t/a", "district"));
  CHECK_FALSE(j.is_above(*p.registry.party("xa"), "t/a/x", "district"));
  CHECK_FALSE(j.is_above(*p.registry.party("bao"), "t/c", "commune"));
}
