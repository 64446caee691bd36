// delivery retry, stop, replay: an operator's orders, signed.
#include <memory>

#include "hub/app/commands.hpp"
#include "hub/app/order_statement.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

struct DeliveryOptions {
  OrderRequest request;
  std::string key;
};

int print_order(const DeliveryOptions& options, const Output& output) {
  OrderRequest request = options.request;
  request.time = runtime::SystemClock().now();
  const auto statement = order_statement(request, options.key);
  if (!statement) return output.refused(statement.error());
  return output.done(*statement, nlohmann::ordered_json::parse(*statement));
}

}  // namespace

void add_delivery_commands(CLI::App& app, Invocation& invocation) {
  auto* delivery = app.add_subcommand("delivery", "Orders about deliveries")->require_subcommand(1)->fallthrough();
  constexpr std::pair<broker::OrderAction, const char*> kOrders[] = {
      {broker::OrderAction::retry, "Try one now that waits for its next attempt or has failed"},
      {broker::OrderAction::stop, "Stop one that has not arrived"},
      {broker::OrderAction::replay, "Deliver one again, if the agreements of now permit it"}};
  for (const auto& [action, what] : kOrders) {
    auto options = std::make_shared<DeliveryOptions>();
    options->request.action = action;
    auto* command = delivery->add_subcommand(std::string(broker::name_of(action)), what)->fallthrough();
    command->add_option("DELIVERY", options->request.delivery, "Its id: the name of its file in inbox")->required();
    command->add_option("--reason", options->request.reason, "Why; it is recorded, and told to the sender")->required();
    command->add_option("--key", options->key, "An administrator's secret key file")->required();
    command->add_option("--journal", options->request.journal, "The journal's id")->required();
    command->add_option("--after", options->request.after, "Position of the delivery's last record")->required();
    command->callback([options, &invocation] {
      invocation.run = [options](const Output& output) { return print_order(*options, output); };
    });
  }
}

}  // namespace hub::app
