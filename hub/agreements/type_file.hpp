// One message type's file, strictly: JSON without duplicate keys, in NFC, with a canonical form, and a good type.
#pragma once

#include <filesystem>

#include "hub/registry/item.hpp"
#include "hub/registry/type.hpp"

namespace hub::agreements {

struct TypeFile {
  std::filesystem::path path;
  std::string text;
  registry::Type type;
  registry::Item item;
};

// config_invalid (file, line, column, path, reason), io_failed, file_too_large.
Result<TypeFile> read_type_file(const std::filesystem::path& path);

}  // namespace hub::agreements
