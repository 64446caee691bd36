// Schemas of the whole subset that the hub supports, contentEncoding aside (its values are no JSON).
//
// Threads: one, with its dice.
#pragma once

#include <nlohmann/json.hpp>

#include "tests/oracle/dice.hpp"

namespace hub::test {

nlohmann::json random_schema(Dice& dice, int depth = 0);

}  // namespace hub::test
