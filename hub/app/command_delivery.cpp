// delivery retry, stop, replay: an operator's orders, signed; sent to a running hub or printed for somebody to carry.
#include <memory>

#include "hub/app/api_client.hpp"
#include "hub/app/api_option.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/statements.hpp"
#include "hub/broker/orders.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;

struct DeliveryOrderOptions {
  broker::OrderAction action{};
  std::string delivery, reason, key;
  std::string out, countersign;  // files of a replay that another administrator signs too
  std::string journal;      // id, 32 hexadecimal digits
  std::uint64_t after = 0;  // position of the delivery's last record, as it was seen
  ApiAddress api;
};

// The journal and the delivery's last record, as the running hub's ledger has them.
Result<void> look_up_delivery(DeliveryOrderOptions& options) {
  const auto status = ask_api(options.api, "/api/v1/status", {});
  if (!status) return tl::unexpected(status.error());
  const auto trace = ask_api(options.api, "/api/v1/documents/" + percent_encoded(options.delivery), {});
  if (!trace) return tl::unexpected(trace.error());
  if (status->contains("ledger")) options.journal = status->at("ledger").value("journal_id", "");
  for (const Json& delivery : trace->value("deliveries", Json::array()))
    if (delivery.value("id", "") == options.delivery) options.after = delivery.value("last_record", std::uint64_t{0});
  return {};
}

Result<std::string> sign_delivery_order(const DeliveryOrderOptions& options) {
  const auto administrator = read_administrator(options.key);
  if (!administrator) return tl::unexpected(administrator.error());
  if (!options.countersign.empty()) return countersign_file(options.countersign, *administrator);
  const auto basics = statement_basics(options.journal, options.reason, runtime::SystemClock().now());
  if (!basics) return tl::unexpected(basics.error());
  const auto id = wire::parse_delivery_id(options.delivery);
  if (!id || wire::delivery_id(basics->journal, id->key) != options.delivery)
    return tl::unexpected(
        usage(options.delivery +
              " is no delivery of this journal; an id is the name of the file in inbox, as fa656ec0-000000000264-0"));
  return broker::sign_order({options.action, options.delivery, Position(options.after), *basics}, *administrator);
}

int order_delivery(DeliveryOrderOptions options, const Output& output) {
  const bool online = !options.api.url.empty();
  if (options.countersign.empty()) {
    if (options.delivery.empty() || options.reason.empty()) return output.refused(usage("DELIVERY and --reason are needed"));
    if (!online && options.journal.empty())
      return output.refused(usage("either --api and --token-file, or --journal and --after"));
    if (online)
      if (auto found = look_up_delivery(options); !found) return output.refused(found.error());
  }
  const auto statement = sign_delivery_order(options);
  if (!options.out.empty()) return keep_statement(statement, options.out, output);
  return carry_statement(statement, options.api, output);
}

}  // namespace

void add_delivery_orders(CLI::App& delivery, Invocation& invocation) {
  constexpr std::pair<broker::OrderAction, const char*> kOrders[] = {
      {broker::OrderAction::retry, "Try one now that waits for its next attempt or has failed"},
      {broker::OrderAction::stop, "Stop one that has not arrived"},
      {broker::OrderAction::replay, "Deliver one again, if the agreements of now permit it"}};
  for (const auto& [action, what] : kOrders) {
    auto options = std::make_shared<DeliveryOrderOptions>();
    options->action = action;
    auto* command = delivery.add_subcommand(std::string(broker::name_of(action)), what)->fallthrough();
    auto* id = command->add_option("DELIVERY", options->delivery, "Its id: the name of its file in inbox");
    auto* reason = command->add_option("--reason", options->reason, "Why; it is recorded, and told to the sender");
    command->add_option("--key", options->key, "An administrator's secret key file")->required();
    auto* token = command->add_option("--token-file", options->api.token_file, "The file with the API's token");
    auto* api = command->add_option("--api", options->api.url, "A running hub's HTTP address: the order is sent there");
    auto* after = command->add_option("--after", options->after, "Without --api: the delivery's last record");
    auto* journal = command->add_option("--journal", options->journal, "Without --api: the journal's id");
    add_ca_option(*command, options->api);
    api->needs(token)->excludes(after)->excludes(journal);
    journal->needs(after);
    if (action == broker::OrderAction::replay) {
      auto* out = command->add_option("--out", options->out, "Write the signed order to a file instead, for a second administrator");
      command->add_option("--countersign", options->countersign, "The file with another administrator's order, to be signed too")
          ->excludes(id)->excludes(reason)->excludes(after)->excludes(journal)->excludes(out);
    }
    command->callback([options, &invocation] {
      invocation.run = [options](const Output& output) { return order_delivery(*options, output); };
    });
  }
}

}  // namespace hub::app
