// Whether a file is a document that the hub would take as one of a type: the fields, and a fixed subject. Who may send
// it to whom is for the agreements to say.
#pragma once

#include <string>

#include "hub/registry/type.hpp"

namespace hub::app {

struct ValidFile {
  std::string subject;  // what the type makes of the data; empty when it says nothing
};

// A whole notice as agencies drop it, or its `data` alone. file_not_json, schema_violation (pointer, reason_vi,
// reason_en, and file, line, column), io_failed, file_too_large. As in the hub's refusals, the pointer is into the
// data, except for the attributes around it ("/subject").
Result<ValidFile> validate_file(const registry::Type& type, const std::string& path);

}  // namespace hub::app
