// Reads the members of a JSON object of configuration, strictly: a missing, mistyped or unknown member becomes a mistake
// in the fault. Reads go on with empty values, so that a caller checks once, at the end, and all mistakes are found.
// Borrows the JSON value and the fault.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hub/registry/strict_parse.hpp"

namespace hub::registry {

class ObjectReader {
 public:
  ObjectReader(const nlohmann::json& value, std::string pointer, Fault& fault);

  bool has(std::string_view name) const;
  const nlohmann::json& value(std::string_view name);  // required; of any kind
  std::string text(std::string_view name);             // required, not empty
  std::string text_or(std::string_view name, std::string fallback);
  std::int64_t integer(std::string_view name);
  bool boolean(std::string_view name);
  bool boolean_or(std::string_view name, bool fallback);
  ObjectReader object(std::string_view name);
  const nlohmann::json& array(std::string_view name);  // an empty array when it is absent
  // Names and texts of an object whose names are free; in the order of their bytes.
  std::vector<std::pair<std::string, std::string>> texts(std::string_view name);
  // The object's members that were not read are unknown. Call last.
  void refuse_unknown();

  void refuse(std::string_view name, std::string reason);
  bool failed() const { return fault_.found(); }
  const std::string& pointer() const { return pointer_; }
  std::string pointer_to(std::string_view name) const { return child_pointer(pointer_, name); }

 private:
  const nlohmann::json* find(std::string_view name);

  const nlohmann::json& value_;
  std::string pointer_;
  bool is_object_;  // when it isn't, that is the mistake, and nothing is said of its members
  Fault& fault_;
  std::vector<std::string> read_;
};

}  // namespace hub::registry
