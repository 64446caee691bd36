// A folder of configuration as items in canonical form, checked as a whole:
//
//   types/*.json        one message type a file (type_file.hpp)
//   parties/*.yaml      a list of parties: {id, name {vi, en}, level, kind, place?}
//   keys/*.yaml         a list, made at deployment: {party, root_key, endpoints [{id, curve_key, enabled?, accepts?}]}
//   credentials/*.json  one credential a file (registry/credentials.hpp)
//   agreements/*.yaml   one agreement a file, or one text for several (agreement.hpp, bilateral.hpp)
//
// Folders may be absent. Items come in the order in which the registry can take them (types, parties, certificates,
// revocations, agreements), each kind by id: the same files give the same items everywhere. Threads: free functions.
#pragma once

#include <filesystem>
#include <vector>

#include "hub/agreements/decision_table.hpp"
#include "hub/registry/item.hpp"

namespace hub::agreements {

// config_invalid (file, line, column, path, reason) for the first mistake; io_failed, not_found, file_too_large.
Result<std::vector<registry::Item>> load_configuration(const std::filesystem::path& folder);
// The same without agreements: what agreements are checked against.
Result<std::vector<registry::Item>> load_registry(const std::filesystem::path& folder);

// The state that items give: what the broker does with records, for checks and tools. A later agreement item with the
// same id replaces the earlier.
struct Configuration {
  registry::Registry registry;
  DecisionTable table;
};
Result<Configuration> build_configuration(std::span<const registry::Item> items);

}  // namespace hub::agreements
