// journal keys, erase, hold, release: what bodies are encrypted with, and administrators' orders about it.
#include <cstdio>
#include <memory>

#include "hub/app/api_option.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/statements.hpp"
#include "hub/app/storage_key_list.hpp"
#include "hub/broker/storage_orders.hpp"
#include "hub/registry/limits.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;
using broker::StorageAction;

struct StorageOptions {
  StorageAction action{};
  std::string data, month, reason, administrator, countersign, out;
  std::uint32_t months = 0;
  ApiAddress api;
};

std::string_view state_of(const broker::StorageKey& key) {
  return key.destroyed ? "destroyed" : key.held ? "held" : "in-use";
}

int keys(const StorageOptions& options, const Output& output) {
  const auto list = read_storage_keys(options.data);
  if (!list) return output.refused(list.error());
  Json rows = Json::array();
  std::string text = "key  kept  accepted  until       documents  state";
  for (const broker::StorageKey& key : list->keys.all()) {
    const StorageKeyList::Usage& used = list->usage[key.id];
    const std::string until = format_date(local_date(broker::retention_end(key)));
    rows.push_back({{"key", key.id},
                    {"class", key.months},
                    {"month", format_month(key.month)},
                    {"kept_until", until},
                    {"documents", used.documents},
                    {"bytes", used.bytes},
                    {"state", state_of(key)},
                    {"position", key.last_record.value}});
    char line[128];
    std::snprintf(line, sizeof line, "\n%3u  %4u  %-8s  %-10s  %9llu  %s", key.id, key.months,
                  format_month(key.month).c_str(), until.c_str(), static_cast<unsigned long long>(used.documents),
                  std::string(state_of(key)).c_str());
    text += line;
  }
  return output.done(text, {{"journal_id", to_hex(list->journal)}, {"keys", rows}});
}

// The order with a first signature, about the key as the journal has it now.
Result<std::string> begin_order(const StorageOptions& options, const crypto::SigningKey& administrator) {
  const auto month = parse_month(options.month);
  if (!month) return tl::unexpected(usage("--month is a month as 2024-03"));
  const auto list = read_storage_keys(options.data);
  if (!list) return tl::unexpected(list.error());
  const broker::StorageKey* key = list->keys.find(options.months, *month);
  if (key == nullptr)
    return fail(ErrorCode::storage_key_unknown,
                {{"months", std::to_string(options.months)}, {"month", format_month(*month)}});
  const auto basics = statement_basics(to_hex(list->journal), options.reason, runtime::SystemClock().now());
  if (!basics) return tl::unexpected(basics.error());
  return broker::sign_storage_order({options.action, options.months, *month, key->last_record, *basics}, administrator);
}

Result<std::string> make_order(const StorageOptions& options) {
  const auto administrator = read_administrator(options.administrator);
  if (!administrator) return tl::unexpected(administrator.error());
  if (options.countersign.empty()) return begin_order(options, *administrator);
  return countersign_file(options.countersign, *administrator);
}

int order_storage(const StorageOptions& options, const Output& output) {
  if (options.countersign.empty() && (options.data.empty() || options.months == 0 || options.month.empty()))
    return output.refused(usage("--data, --class, --month and --reason, or --countersign"));
  if (options.api.url.empty() && !options.out.empty()) return keep_statement(make_order(options), options.out, output);
  return carry_statement(make_order(options), options.api, output);
}

}  // namespace

void add_storage_commands(CLI::App& journal, Invocation& invocation) {
  auto listed = std::make_shared<StorageOptions>();
  auto* list =
      journal.add_subcommand("keys", "The storage keys: what is kept, how long, and what is erased")->fallthrough();
  list->add_option("--data", listed->data, "The hub's data folder")->required();
  list->callback(
      [listed, &invocation] { invocation.run = [listed](const Output& output) { return keys(*listed, output); }; });
  constexpr std::pair<StorageAction, const char*> kOrders[] = {
      {StorageAction::erase,
       "Destroy a storage key, and with it what is encrypted with it: signed by two administrators"},
      {StorageAction::hold, "Keep what is under a storage key, whatever its retention"},
      {StorageAction::release, "End a hold"}};
  for (const auto& [action, what] : kOrders) {
    auto options = std::make_shared<StorageOptions>();
    options->action = action;
    auto* command = journal.add_subcommand(std::string(broker::name_of(action)), what)->fallthrough();
    command->add_option("--data", options->data, "The hub's data folder");
    command->add_option("--class", options->months, "The retention class: how many months it is kept")
        ->check(CLI::Range(std::int64_t{1}, registry::kRetentionMonthsMax));
    command->add_option("--month", options->month, "The month of acceptance, as 2024-03");
    command->add_option("--reason", options->reason, "Why; it is recorded");
    command->add_option("--administrator", options->administrator, "An administrator's secret key file")->required();
    command->add_option("--out", options->out, "A file for the signed order; else it is printed");
    if (action == StorageAction::erase)
      command->add_option("--countersign", options->countersign, "The file with another administrator's order");
    auto* token = command->add_option("--token-file", options->api.token_file, "The file with the API's token");
    command->add_option("--api", options->api.url, "A running hub's HTTP address: the order is sent there")
        ->needs(token);
    add_ca_option(*command, options->api);
    command->callback([options, &invocation] {
      invocation.run = [options](const Output& output) { return order_storage(*options, output); };
    });
  }
}

}  // namespace hub::app
