// Documents of a type with fields, under clauses that say which of them they need, for tests of what goes along without
// need: from party-0, under `with-needs` to party-1 and under `without` to party-2.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/broker/documents.hpp"

namespace hub::test {

// Every field is an integer that may be absent.
inline registry::Item matter_type(const std::vector<std::string>& fields) {
  nlohmann::json properties = nlohmann::json::object();
  for (const std::string& field : fields) properties[field] = {{"type", "integer"}};
  const nlohmann::json type = {
      {"type", "matter/1"},
      {"label", {{"vi", "Việc"}, {"en", "Matter"}}},
      {"schema", {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}},
      {"example", nlohmann::json::object()},
      {"counterexample", {{"?", 1}}}};
  return {registry::ItemKind::type, "matter/1", type.dump()};
}

// `needs` null: neither says.
inline void add_matter_clauses(nlohmann::json& agreement, const nlohmann::json& needs) {
  nlohmann::json clause = agreement["clauses"][0];
  clause.update({{"id", "with-needs"}, {"permit", {{"type", "matter"}, {"from", "p0"}, {"to", "p1"}}}});
  if (!needs.is_null()) clause["needs"] = needs;
  agreement["clauses"].push_back(clause);
  clause.erase("needs");
  clause.update({{"id", "without"}, {"permit", {{"type", "matter"}, {"from", "p0"}, {"to", "p2"}}}});
  agreement["clauses"].push_back(clause);
}

inline Buffer matter(std::uint64_t number, const nlohmann::json& data, const std::string& to, UnixMicros time = kStart) {
  registry::DocumentFields fields;
  fields.id = numbered(number);
  fields.source = "party-0";
  fields.type = "matter/1";
  fields.subject = "Việc";
  fields.time = time;
  fields.to = to;
  fields.salt = Bytes<16>{7};
  fields.data = nlohmann::json::to_msgpack(data);
  return registry::write_document(fields);
}

}  // namespace hub::test
