#include "hub/app/hub_settings.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "hub/app/files.hpp"
#include "hub/app/ledger_option.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::app {
namespace {

constexpr std::int64_t kSegmentMibMin = 16, kSegmentMibMax = 4096;  // a segment holds at least one group

}  // namespace

Result<runtime::HubOptions> read_hub_settings(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  nlohmann::json json;
  const auto marks = registry::parse_yaml_strict(*text, path, json);
  if (!marks) return tl::unexpected(marks.error());
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  registry::Fault fault;
  registry::ObjectReader in(json, "", fault);
  runtime::HubOptions options;
  options.data = (folder / in.text("data")).string();
  options.configuration = (folder / in.text("configuration")).string();
  options.listen = in.text("listen");
  options.ledger = in.has("ledger") ? (folder / in.text("ledger")).string() : ledger_path(options.data);
  if (in.has("segment_mib")) {
    const std::int64_t mib = in.integer("segment_mib");
    if (mib < kSegmentMibMin || mib > kSegmentMibMax) in.refuse("segment_mib", "from 16 to 4096");
    options.journal.segment_bytes = static_cast<std::uint64_t>(mib) << 20;
  }
  in.refuse_unknown();
  if (fault.found()) return tl::unexpected(marks->invalid(fault));
  return options;
}

}  // namespace hub::app
