// Which names somebody may have meant who wrote another one. Threads: a free function.
#pragma once

#include <set>
#include <string>

namespace hub::agreements {

// The three of `known` that are least changed from `name`, by single characters, the nearest first, joined by commas.
std::string similar_names(const std::string& name, const std::set<std::string>& known);

}  // namespace hub::agreements
