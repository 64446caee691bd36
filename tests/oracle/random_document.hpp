// Documents for a schema: near to what it asks for, then spoilt in places.
//
// Threads: one, with its dice.
#pragma once

#include <nlohmann/json.hpp>

#include "tests/oracle/dice.hpp"

namespace hub::test {

// What the schema seems to ask for; lengths, sizes and numbers often stand at a bound or one beside it.
nlohmann::json document_for(Dice& dice, const nlohmann::json& schema, int depth = 0);

// One change somewhere: a member dropped, added or renamed, another type, a length or number at a bound or one beside
// it, another character, one list more around it.
void mutate(Dice& dice, const nlohmann::json& schema, nlohmann::json& value);

}  // namespace hub::test
