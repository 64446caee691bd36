// From JSON to a program. Internal to the schema's files.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "hub/base/result.hpp"
#include "hub/registry/schema.hpp"
#include "hub/registry/schema_program.hpp"

namespace hub::registry {

Result<std::unique_ptr<const SchemaProgram>> compile_schema(const nlohmann::json& schema, std::string name,
                                                            Keywords keywords);

}  // namespace hub::registry
