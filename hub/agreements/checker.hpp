// Finds the mistakes of an agreement's file before anybody signs it, not just the first, each with its place and what
// to do.
//
// Beside what the reader and the registry refuse (unknown and duplicate keys, anchors, unknown parties and types, dates
// that never meet, pre-trial information to the press): guards that never or always hold, clauses that are never reached,
// parties without an endpoint, words that don't stand in the source. Threads: free functions.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "hub/registry/item.hpp"
#include "hub/registry/registry.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::agreements {

struct Finding {
  bool mistake = true;  // else a note: something that could not be checked, or is worth knowing
  std::string file;
  registry::Mark mark;
  std::string path;     // JSON Pointer in the file
  std::string clause;   // its id, where one is meant
  std::string what, detail, advice;
};

// What an agreement is checked against.
struct CheckContext {
  registry::Registry registry;
  std::map<std::string, nlohmann::json> types;  // files of the types, by id
  bool has_endpoints = false;                   // keys of parties are there, so that endpoints can be asked for
};

// Of the items of a configuration without agreements (load_registry). config_invalid.
Result<CheckContext> check_context(std::span<const registry::Item> items);

// The findings, in the order of the file. not_found, io_failed, file_too_large when the file can't be read.
Result<std::vector<Finding>> check_agreement_file(const std::filesystem::path& file, const CheckContext& context);

}  // namespace hub::agreements
