#include "hub/registry/schema.hpp"

#include <algorithm>

#include "hub/registry/schema_compiler.hpp"
#include "hub/registry/schema_values.hpp"

namespace hub::registry {

Schema::Schema(std::unique_ptr<const SchemaProgram> program) : program_(std::move(program)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema> Schema::compile(const nlohmann::json& schema, std::string name, Keywords keywords) {
  auto program = compile_schema(schema, std::move(name), keywords);
  if (!program) return tl::unexpected(program.error());
  return Schema(std::move(*program));
}

Result<void> Schema::validate(ByteView value) const {
  Error error;
  if (!evaluate(*program_, value, &error)) return tl::unexpected(std::move(error));
  return {};
}

bool Schema::accepts(ByteView value) const { return evaluate(*program_, value, nullptr); }

bool Schema::closed() const {
  const auto open = [](const Node& node) {
    if (!node.any_value) return false;  // only what the schema itself spells out
    if ((node.types & kObject) != 0 && node.additional != kNever) return true;
    if ((node.types & kArray) != 0 && node.items == kAny) return true;
    return std::any_of(node.properties.begin(), node.properties.end(),
                       [](const Property& p) { return p.node == kAny; });
  };
  return program_->root > kNever && std::none_of(program_->nodes.begin() + 2, program_->nodes.end(), open);
}

}  // namespace hub::registry
