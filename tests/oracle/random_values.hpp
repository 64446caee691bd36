// Texts, numbers and whole values that no schema asked for.
//
// Threads: one, with its dice.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/oracle/dice.hpp"

namespace hub::test {

// `length` code points.
std::string random_text(Dice& dice, std::size_t length);
// Of "date", "date-time" or "uuid": about half are right.
std::string random_of_format(Dice& dice, std::string_view format);
// Any JSON value, nested a few levels.
nlohmann::json random_value(Dice& dice, int depth = 0);

}  // namespace hub::test
