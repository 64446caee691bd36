// delivery retry, stop, replay: an operator's orders, signed; sent to a running hub or printed for somebody to carry.
#include <memory>

#include "hub/app/api_client.hpp"
#include "hub/app/api_option.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/order_statement.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;

struct DeliveryOrderOptions {
  OrderRequest request;
  std::string key;
  ApiAddress api;
};

// The journal and the delivery's last record, as the running hub's ledger has them.
Result<void> look_up(const DeliveryOrderOptions& options, OrderRequest& request) {
  const auto status = ask_api(options.api, "/api/v1/status", {});
  if (!status) return tl::unexpected(status.error());
  const auto trace = ask_api(options.api, "/api/v1/documents/" + percent_encoded(request.delivery), {});
  if (!trace) return tl::unexpected(trace.error());
  if (status->contains("ledger")) request.journal = status->at("ledger").value("journal_id", "");
  for (const Json& delivery : trace->value("deliveries", Json::array()))
    if (delivery.value("id", "") == request.delivery) request.after = delivery.value("last_record", std::uint64_t{0});
  return {};
}

int send_order(const DeliveryOrderOptions& options, OrderRequest request, const Output& output) {
  if (auto found = look_up(options, request); !found) return output.refused(found.error());
  const auto statement = order_statement(request, options.key);
  if (!statement) return output.refused(statement.error());
  const auto answer = tell_api(options.api, "/api/v1/orders", *statement);
  if (!answer) return output.refused(answer.error());
  return output.done("ordered, at position " + answer->value("position", Json()).dump(), *answer);
}

int order_delivery(const DeliveryOrderOptions& options, const Output& output) {
  OrderRequest request = options.request;
  request.time = runtime::SystemClock().now();
  if (!options.api.url.empty()) return send_order(options, std::move(request), output);
  if (request.journal.empty())
    return output.refused(usage("either --api and --token-file, or --journal and --after"));
  const auto statement = order_statement(request, options.key);
  if (!statement) return output.refused(statement.error());
  return output.done(*statement, Json::parse(*statement));
}

}  // namespace

void add_delivery_orders(CLI::App& delivery, Invocation& invocation) {
  constexpr std::pair<broker::OrderAction, const char*> kOrders[] = {
      {broker::OrderAction::retry, "Try one now that waits for its next attempt or has failed"},
      {broker::OrderAction::stop, "Stop one that has not arrived"},
      {broker::OrderAction::replay, "Deliver one again, if the agreements of now permit it"}};
  for (const auto& [action, what] : kOrders) {
    auto options = std::make_shared<DeliveryOrderOptions>();
    options->request.action = action;
    auto* command = delivery.add_subcommand(std::string(broker::name_of(action)), what)->fallthrough();
    command->add_option("DELIVERY", options->request.delivery, "Its id: the name of its file in inbox")->required();
    command->add_option("--reason", options->request.reason, "Why; it is recorded, and told to the sender")->required();
    command->add_option("--key", options->key, "An administrator's secret key file")->required();
    auto* token = command->add_option("--token-file", options->api.token_file, "The file with the API's token");
    auto* api = command->add_option("--api", options->api.url, "A running hub's HTTP address: the order is sent there");
    auto* after = command->add_option("--after", options->request.after, "Without --api: the delivery's last record");
    auto* journal = command->add_option("--journal", options->request.journal, "Without --api: the journal's id");
    add_ca_option(*command, options->api);
    api->needs(token)->excludes(after)->excludes(journal);
    journal->needs(after);
    command->callback([options, &invocation] {
      invocation.run = [options](const Output& output) { return order_delivery(*options, output); };
    });
  }
}

}  // namespace hub::app
