// A message type as people read it, in both languages.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "hub/agreements/type_file.hpp"

namespace hub::app {

// "none", or "up to 20, 4 GiB".
std::string attachments_text(const registry::AttachmentPolicy& policy);
nlohmann::ordered_json attachments_json(const registry::AttachmentPolicy& policy);

// What the type is, and its fields as a table in the order of the file.
std::string type_text(const agreements::TypeFile& file);

}  // namespace hub::app
