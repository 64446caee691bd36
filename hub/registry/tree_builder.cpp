#include "hub/registry/tree_builder.hpp"

#include "hub/registry/limits.hpp"

namespace hub::registry {

bool TreeBuilder::refuse(Mark mark, std::string reason) {
  const std::string where = open_.empty() ? "" : open_.back().pointer;
  if (!error_) {
    error_ = Error{ErrorCode::config_invalid,
                   {{"file", marks_.file()},
                    {"line", std::to_string(mark.line)},
                    {"column", std::to_string(mark.column)},
                    {"path", where.empty() ? "/" : where},
                    {"reason", std::move(reason)}}};
  }
  return false;
}

nlohmann::json* TreeBuilder::place(nlohmann::json what, Mark mark, std::string& pointer) {
  nlohmann::json* out = &root_;
  if (open_.empty()) {
    root_ = std::move(what);
  } else if (Open& parent = open_.back(); parent.value->is_array()) {
    pointer = child_pointer(parent.pointer, parent.value->size());
    parent.value->push_back(std::move(what));
    out = &parent.value->back();
  } else {
    pointer = child_pointer(parent.pointer, parent.key);
    parent.has_key = false;
    out = &(*parent.value)[parent.key];
    *out = std::move(what);
  }
  marks_.add(pointer, mark);
  return out;
}

bool TreeBuilder::value(nlohmann::json scalar, Mark mark) {
  if (failed()) return false;
  std::string pointer;
  place(std::move(scalar), mark, pointer);
  return true;
}

bool TreeBuilder::begin(nlohmann::json container, Mark mark) {
  if (failed()) return false;
  if (open_.size() >= static_cast<std::size_t>(kConfigurationDepthMax))
    return refuse(mark, "nested deeper than " + std::to_string(kConfigurationDepthMax));
  std::string pointer;
  // Pointers into the tree stay good: a container is complete before its parent grows.
  nlohmann::json* at = place(std::move(container), mark, pointer);
  open_.push_back({at, std::move(pointer), {}});
  return true;
}

bool TreeBuilder::key(std::string name, Mark mark) {
  if (failed()) return false;
  Open& object = open_.back();
  if (object.value->contains(name)) return refuse(mark, "key \"" + name + "\" stands here twice");
  object.key = std::move(name);
  object.has_key = true;
  return true;
}

bool TreeBuilder::end() {
  if (failed()) return false;
  open_.pop_back();
  return true;
}

Mark Marks::find(std::string_view pointer) const {
  while (true) {
    if (const auto found = marks_.find(pointer); found != marks_.end()) return found->second;
    const std::size_t slash = pointer.rfind('/');
    if (slash == pointer.npos) return {};
    pointer = pointer.substr(0, slash);
  }
}

Error Marks::invalid(const Mistake& mistake) const {
  const Mark mark = find(mistake.pointer);
  return Error{ErrorCode::config_invalid,
               {{"file", file_},
                {"line", std::to_string(mark.line)},
                {"column", std::to_string(mark.column)},
                {"path", mistake.pointer.empty() ? "/" : mistake.pointer},
                {"reason", mistake.reason}}};
}

std::string child_pointer(std::string_view pointer, std::string_view key) {
  std::string out(pointer);
  out.push_back('/');
  for (const char c : key) {
    if (c == '~') {
      out.append("~0");
    } else if (c == '/') {
      out.append("~1");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string child_pointer(std::string_view pointer, std::size_t index) {
  return child_pointer(pointer, std::to_string(index));
}

std::string pointer_in(const Error& error, std::string_view fact) {
  std::string told = error.fact(fact);
  return told == "/" ? std::string() : told;
}

}  // namespace hub::registry
