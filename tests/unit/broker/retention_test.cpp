#include "hub/broker/retention.hpp"

#include <catch2/catch.hpp>

#include "hub/registry/limits.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;

std::uint32_t months_of(CoreBench& bench) {
  bench.decide(test::Note{.number = 1});
  HUB_CHECK(bench.decided.accepted);
  return retention_months(bench.state.configuration, bench.decided);
}

void set_on_type(CoreBench& bench, int months) {
  bench.decide(test::Note{.number = 1});
  bench.change(registry::ItemKind::type, std::string(bench.decided.type),
               [&](nlohmann::json& type) { type["retention_months"] = months; });
}
void set_on_agreement(CoreBench& bench, int months) {
  bench.decide(test::Note{.number = 1});
  const std::string agreement(bench.decided.outcomes[0].row.agreement);
  bench.change(registry::ItemKind::agreement, agreement,
               [&](nlohmann::json& value) { value["retention_months"] = months; });
}

}  // namespace

TEST_CASE("a document is kept as long as its agreement says, else its type, else the default") {
  CoreBench bench;
  bench.decide(test::Note{.number = 1});
  bench.change(registry::ItemKind::type, std::string(bench.decided.type),
               [](nlohmann::json& type) { type.erase("retention_months"); });
  CHECK(months_of(bench) == registry::kRetentionMonthsDefault);
  set_on_type(bench, 24);
  CHECK(months_of(bench) == 24);
  set_on_agreement(bench, 6);
  CHECK(months_of(bench) == 6);
}

}  // namespace hub::broker
