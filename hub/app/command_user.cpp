// user list, grant, revoke, invite: who may use the HTTP interface. What is granted and revoked is an administrator's
// signed statement, for a running hub; an invitation needs the hub's data folder alone.
#include <memory>

#include "hub/access/store.hpp"
#include "hub/app/api_option.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/hub_settings.hpp"
#include "hub/app/statements.hpp"
#include "hub/app/table.hpp"
#include "hub/app/user_list.hpp"
#include "hub/broker/roles.hpp"
#include "hub/console/users.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

using UserJson = nlohmann::ordered_json;

struct UserOptions {
  broker::RoleAction action{};
  std::string data, name, role, party, reason, key;
  std::string address = "http://127.0.0.1:7480";
  ApiAddress api;
};

int list_users(const UserOptions& options, const Output& output) {
  const auto list = read_users(options.data);
  if (!list) return output.refused(list.error());
  UserJson rows = UserJson::array();
  std::vector<std::vector<std::string>> lines = {{"user", "roles"}};
  for (const auto& [name, user] : list->users.all()) {
    UserJson row = {{"user", name}, {"since", user.since.value}, {"roles", access::roles_of(user)}};
    std::string roles;
    for (const std::string_view role : access::roles_of(user)) roles.append(roles.empty() ? "" : ", ").append(role);
    if (!user.party.empty()) {
      row["party"] = user.party;
      roles += " of " + user.party;
    }
    lines.push_back({name, roles});
    rows.push_back(std::move(row));
  }
  return output.done(table(lines), {{"last_change", list->users.last_change().value}, {"users", rows}});
}

Result<std::string> sign_role(const UserOptions& options) {
  const auto role = broker::role_named(options.role);
  if (!role) return fail(ErrorCode::usage, {{"reason", "--role is operator, compliance, administrator or viewer"}});
  const auto list = read_users(options.data);
  if (!list) return tl::unexpected(list.error());
  const auto basics = statement_basics(to_hex(list->journal), options.reason, runtime::SystemClock().now());
  if (!basics) return tl::unexpected(basics.error());
  const auto administrator = read_administrator(options.key);
  if (!administrator) return tl::unexpected(administrator.error());
  return broker::sign_role_order(
      {options.action, options.name, *role, options.party, list->users.last_change(), *basics}, *administrator);
}

int change_role(const UserOptions& options, const Output& output) {
  return carry_statement(sign_role(options), options.api, output);
}

int invite_user(const UserOptions& options, const Output& output) {
  const auto list = read_users(options.data);
  if (!list) return output.refused(list.error());
  const broker::User* user = list->users.find(options.name);
  if (user == nullptr) return output.refused({ErrorCode::user_unknown, {{"user", options.name}}});
  const auto store = access::Store::open(access_path(options.data));
  if (!store) return output.refused(store.error());
  const UnixMicros now = runtime::SystemClock().now();
  const auto secret = (*store)->invite({options.name, user->since}, "hubctl", now);
  if (!secret) return output.refused(secret.error());
  const std::string link = console::invitation_link(options.address, *secret);
  const std::string expires = format_rfc3339(UnixMicros(now.value + access::kInvitationMicros));
  return output.done(link, {{"user", options.name}, {"link", link}, {"expires", expires}});
}

}  // namespace

void add_user_commands(CLI::App& app, Invocation& invocation) {
  auto* user = app.add_subcommand("user", "Users of the HTTP interface, and their roles")->require_subcommand(1)->fallthrough();
  const auto on = [&invocation](CLI::App* command, std::shared_ptr<UserOptions> options,
                                int (*act)(const UserOptions&, const Output&)) {
    command->fallthrough();
    command->add_option("--data", options->data, "The hub's data folder")->required();
    command->callback([options, &invocation, act] {
      invocation.run = [options, act](const Output& output) { return act(*options, output); };
    });
  };
  on(user->add_subcommand("list", "Who has which role, by the journal"), std::make_shared<UserOptions>(), list_users);
  constexpr std::pair<broker::RoleAction, const char*> kChanges[] = {
      {broker::RoleAction::grant, "Give a user a role; a name that has none yet becomes a user"},
      {broker::RoleAction::revoke, "Take a role back; it acts on the next request"}};
  for (const auto& [action, what] : kChanges) {
    auto options = std::make_shared<UserOptions>();
    options->action = action;
    auto* command = user->add_subcommand(std::string(broker::name_of(action)), what);
    command->add_option("NAME", options->name, "The account's name, as van-thu.ubnd")->required();
    command->add_option("--role", options->role, "operator, compliance, administrator or viewer")->required();
    if (action == broker::RoleAction::grant)
      command->add_option("--party", options->party, "Of a viewer: the party whose documents it sees");
    command->add_option("--reason", options->reason, "Why; it is recorded")->required();
    command->add_option("--key", options->key, "An administrator's secret key file")->required();
    auto* token = command->add_option("--token-file", options->api.token_file, "The file with the API's token");
    command->add_option("--api", options->api.url, "The running hub's HTTP address; without it the statement is printed")
        ->needs(token);
    add_ca_option(*command, options->api);
    on(command, options, change_role);
  }
  auto invited = std::make_shared<UserOptions>();
  auto* invite = user->add_subcommand("invite", "Print a link, good for once and a day, by which a user sets a password");
  invite->add_option("NAME", invited->name, "The account's name")->required();
  invite->add_option("--address", invited->address, "What the link begins with: where the user's browser reaches the hub");
  on(invite, invited, invite_user);
}

}  // namespace hub::app
