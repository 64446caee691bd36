// What people write as agreements: any text is read to its end or refused with its mistakes, and what has none stands for
// agreements that have none either.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "hub/agreements/agreement.hpp"
#include "hub/agreements/bilateral.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nlohmann::json value;
  const auto marks = hub::registry::parse_yaml_strict(hub::as_text({data, size}), "f.yaml", value);
  if (!marks) return 0;
  hub::registry::Fault fault;
  (void)hub::agreements::read_agreement(value, fault);
  if (fault.found() || value.contains("root_keys")) return 0;  // root keys are no part of files
  for (const nlohmann::json& one : hub::agreements::bilateral_agreements(value)) {
    hub::registry::Fault inner;
    (void)hub::agreements::read_agreement(one, inner);
    // A member may be left without a clause, or its id grow too long; nothing else can go wrong with a part.
    for (const auto& mistake : inner.all())
      if (mistake.pointer != "/clauses" && mistake.pointer != "/agreement") std::abort();
  }
  return 0;
}
