#include "hub/registry/object_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hub::registry {
namespace {

const nlohmann::json kNullValue;
const nlohmann::json kNoElements = nlohmann::json::array();
const nlohmann::json kNoMembers = nlohmann::json::object();

}  // namespace

ObjectReader::ObjectReader(const nlohmann::json& value, std::string pointer, Fault& fault)
    : value_(value.is_object() ? value : kNoMembers),
      pointer_(std::move(pointer)),
      is_object_(value.is_object()),
      fault_(fault) {
  if (!is_object_) fault_.set(pointer_, "an object was expected");
}

const nlohmann::json* ObjectReader::find(std::string_view name) {
  read_.emplace_back(name);
  const auto found = value_.find(name);
  return found == value_.end() ? nullptr : &*found;
}

void ObjectReader::refuse(std::string_view name, std::string reason) {
  if (is_object_) fault_.set(pointer_to(name), std::move(reason));
}

bool ObjectReader::has(std::string_view name) const { return value_.contains(name); }

const nlohmann::json& ObjectReader::value(std::string_view name) {
  const auto* found = find(name);
  if (found == nullptr) refuse(name, "\"" + std::string(name) + "\" is missing");
  return found == nullptr ? kNullValue : *found;
}

std::string ObjectReader::text(std::string_view name) {
  const auto& found = value(name);
  if (found.is_string() && !found.get_ref<const std::string&>().empty()) return found.get<std::string>();
  refuse(name, "a text was expected");
  return {};
}

std::string ObjectReader::text_or(std::string_view name, std::string fallback) {
  return has(name) ? text(name) : (find(name), fallback);
}

std::int64_t ObjectReader::integer(std::string_view name) {
  const auto& found = value(name);
  if (found.is_number_integer()) return found.get<std::int64_t>();
  refuse(name, "an integer was expected");
  return 0;
}

bool ObjectReader::boolean(std::string_view name) {
  const auto& found = value(name);
  if (found.is_boolean()) return found.get<bool>();
  refuse(name, "true or false was expected");
  return false;
}

bool ObjectReader::boolean_or(std::string_view name, bool fallback) {
  return has(name) ? boolean(name) : (find(name), fallback);
}

ObjectReader ObjectReader::object(std::string_view name) { return ObjectReader(value(name), pointer_to(name), fault_); }

const nlohmann::json& ObjectReader::array(std::string_view name) {
  const auto* found = find(name);
  if (found == nullptr) return kNoElements;
  if (found->is_array()) return *found;
  refuse(name, "a list was expected");
  return kNoElements;
}

std::vector<std::pair<std::string, std::string>> ObjectReader::texts(std::string_view name) {
  std::vector<std::pair<std::string, std::string>> out;
  ObjectReader inner = object(name);
  for (const auto& [key, unused] : inner.value_.get_ref<const nlohmann::json::object_t&>())
    out.emplace_back(key, inner.text(key));
  return out;
}

void ObjectReader::refuse_unknown() {
  for (const auto& [key, unused] : value_.get_ref<const nlohmann::json::object_t&>())
    if (std::find(read_.begin(), read_.end(), key) == read_.end())
      refuse(key, "\"" + key + "\" is not known here");
}

}  // namespace hub::registry
