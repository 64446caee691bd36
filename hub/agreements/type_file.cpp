#include "hub/agreements/type_file.hpp"

#include <nlohmann/json.hpp>

#include "hub/agreements/configuration_files.hpp"
#include "hub/registry/json_canonical.hpp"
#include "hub/registry/nfc.hpp"

namespace hub::agreements {

Result<TypeFile> read_type_file(const std::filesystem::path& path) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  nlohmann::json value;
  const auto marks = registry::parse_json_strict(*text, path.string(), value);
  if (!marks) return tl::unexpected(marks.error());
  // Signed text is never changed: what is not in NFC must be written so.
  if (registry::nfc(*text) != *text) return tl::unexpected(marks->invalid({"", "the file is not in NFC"}));
  auto type = registry::read_type(value, *marks);
  if (!type) return tl::unexpected(type.error());
  auto canonical = registry::canonical_json(value);
  if (!canonical)
    return tl::unexpected(marks->invalid({canonical.error().fact("path"), canonical.error().fact("reason")}));
  registry::Item item{registry::ItemKind::type, type->id, std::move(*canonical)};
  return TypeFile{path, std::move(*text), std::move(*type), std::move(item)};
}

}  // namespace hub::agreements
