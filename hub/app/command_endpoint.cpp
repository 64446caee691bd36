// endpoint pause, resume: hold deliveries to an endpoint back, and let them go on. Signed; sent to a running hub or printed.
#include <algorithm>
#include <memory>

#include "hub/app/api_option.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/statements.hpp"
#include "hub/broker/endpoint_orders.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

using EndpointJson = nlohmann::ordered_json;

struct EndpointOptions {
  broker::EndpointAction action{};
  std::string endpoint, reason, key, journal;
  std::uint64_t after = 0;
  ApiAddress api;
};

// The journal and the endpoint's last order, as the running hub has them.
Result<void> look_up_endpoint(EndpointOptions& options) {
  const auto status = ask_api(options.api, "/api/v1/status", {});
  if (!status) return tl::unexpected(status.error());
  const EndpointJson& live = status->at("live");
  options.journal = live.at("journal").value("id", "");
  const EndpointJson& all = live.at("endpoints");
  const auto found = std::find_if(all.begin(), all.end(), [&](const EndpointJson& one) {
    return one.value("endpoint", "") == options.endpoint;
  });
  if (found == all.end()) return broker::invalid_order("the endpoint " + options.endpoint + " is not registered");
  options.after = found->value("last_order", std::uint64_t{0});
  return {};
}

Result<std::string> sign_endpoint_statement(const EndpointOptions& options) {
  const auto basics = statement_basics(options.journal, options.reason, runtime::SystemClock().now());
  if (!basics) return tl::unexpected(basics.error());
  const auto administrator = read_administrator(options.key);
  if (!administrator) return tl::unexpected(administrator.error());
  return broker::sign_endpoint_order({options.action, options.endpoint, Position(options.after), *basics}, *administrator);
}

int order_endpoint(EndpointOptions options, const Output& output) {
  const bool online = !options.api.url.empty();
  if (!online && options.journal.empty())
    return output.refused(usage("either --api and --token-file, or --journal and --after"));
  if (online)
    if (auto found = look_up_endpoint(options); !found) return output.refused(found.error());
  return carry_statement(sign_endpoint_statement(options), options.api, output);
}

}  // namespace

void add_endpoint_commands(CLI::App& app, Invocation& invocation) {
  auto* endpoint =
      app.add_subcommand("endpoint", "Hold deliveries to an endpoint back")->require_subcommand(1)->fallthrough();
  constexpr std::pair<broker::EndpointAction, const char*> kOrders[] = {
      {broker::EndpointAction::pause, "Send it no more deliveries; what is on its way arrives"},
      {broker::EndpointAction::resume, "Send it deliveries again, those that waited first"}};
  for (const auto& [action, what] : kOrders) {
    auto options = std::make_shared<EndpointOptions>();
    options->action = action;
    auto* command = endpoint->add_subcommand(std::string(broker::name_of(action)), what)->fallthrough();
    command->add_option("ENDPOINT", options->endpoint, "Its id, as vks.huyen/folder")->required();
    command->add_option("--reason", options->reason, "Why; it is recorded")->required();
    command->add_option("--key", options->key, "An administrator's secret key file")->required();
    auto* token = command->add_option("--token-file", options->api.token_file, "The file with the API's token");
    auto* api = command->add_option("--api", options->api.url, "A running hub's HTTP address: the order is sent there");
    auto* after = command->add_option("--after", options->after, "Without --api: last_order of the endpoint, as `hubctl status` has it");
    auto* journal = command->add_option("--journal", options->journal, "Without --api: the journal's id");
    add_ca_option(*command, options->api);
    api->needs(token)->excludes(after)->excludes(journal);
    journal->needs(after);
    command->callback([options, &invocation] {
      invocation.run = [options](const Output& output) { return order_endpoint(*options, output); };
    });
  }
}

}  // namespace hub::app
