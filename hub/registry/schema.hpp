// A message type's schema: a closed subset of JSON Schema 2020-12, compiled once, evaluated over MessagePack bytes in
// place. A valid value costs no allocation of ours (RE2 grows its own cache on a pattern's first uses).
//
// Threads: immutable after compile; any number of threads may validate at once. The value's bytes are only borrowed.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

namespace hub::registry {

struct SchemaProgram;

// Which keywords a schema may use. A guard of an agreement may use properties, required, const, enum, type, minimum,
// maximum and minItems, so that a checker can say whether it can ever hold.
enum class Keywords { all, guard };

class Schema {
 public:
  // schema_invalid (type: the name given, pointer, reason): an unknown keyword, a wrong shape, a pattern that RE2
  // refuses.
  static Result<Schema> compile(const nlohmann::json& schema, std::string name, Keywords keywords = Keywords::all);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  // One MessagePack value and nothing after it. schema_violation with pointer, reason_vi, reason_en.
  Result<void> validate(ByteView value) const;
  bool accepts(ByteView value) const;

  // Whether every object that it lets through has only fields that it names.
  bool closed() const;

 private:
  explicit Schema(std::unique_ptr<const SchemaProgram> program);

  std::unique_ptr<const SchemaProgram> program_;
};

}  // namespace hub::registry
