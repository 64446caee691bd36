#include "hub/app/configuration_source.hpp"

#include "hub/app/configuration_option.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/journal/walk.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {
namespace {

// The items that a journal's records registered, in their order.
Result<std::vector<registry::Item>> items_of_journal(const std::string& data) {
  auto disk = runtime::PosixDisk::open(data + "/journal");
  if (!disk) return tl::unexpected(disk.error());
  std::vector<registry::Item> items;
  const auto walked =
      journal::for_each_record(**disk, [&](const journal::RecordView& view, const journal::Place&) -> Result<void> {
        if (view.kind != static_cast<std::uint8_t>(broker::RecordKind::configuration_changed)) return {};
        const auto record = broker::decode({}, view.kind, view.metadata, view.body_digest);
        if (!record) return tl::unexpected(record.error());
        const auto& changed = std::get<broker::ConfigurationChanged>(*record);
        items.push_back({changed.item, changed.id, changed.canonical});
        return {};
      });
  if (!walked) return tl::unexpected(walked.error());
  return items;
}

}  // namespace

void add_configuration_source(CLI::App& command, ConfigurationSource& source) {
  add_configuration_option(command, source.folder);
  command.add_option("--data", source.data,
                     "A hub's data folder: what it has in force, by its journal, instead of files");
}

Result<agreements::Configuration> read_configuration(const ConfigurationSource& source) {
  const auto items =
      source.data.empty() ? agreements::load_configuration(source.folder) : items_of_journal(source.data);
  if (!items) return tl::unexpected(items.error());
  return agreements::build_configuration(*items);
}

}  // namespace hub::app
