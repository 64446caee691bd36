// Evaluation of a compiled schema. Internal to the schema's files.
#pragma once

#include <optional>

#include "hub/base/msgpack_reader.hpp"
#include "hub/base/result.hpp"
#include "hub/registry/schema_program.hpp"

namespace hub::registry {

// An integer or a finite float; passes over it.
std::optional<Number> read_number(MsgpackReader& in);

// Whether the program lets the value through; when it doesn't and `error` is given, it says why.
bool evaluate(const SchemaProgram& program, ByteView value, Error* error);

}  // namespace hub::registry
