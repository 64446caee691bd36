// token new, list, revoke: API tokens of programs, in the hub's data folder. A token never permits more than its user's
// roles do at that time.
#include <memory>

#include "hub/access/store.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/hub_settings.hpp"
#include "hub/app/table.hpp"
#include "hub/app/user_list.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

constexpr std::size_t kTokenNameBytesMax = 64;

struct TokenOptions {
  std::string data, user, name, scope, expires;
  std::int64_t id = 0;
};

int make_token(const TokenOptions& options, const Output& output) {
  if (options.name.empty() || options.name.size() > kTokenNameBytesMax)
    return output.refused({ErrorCode::usage, {{"reason", "--name has from 1 to 64 bytes"}}});
  const auto date = parse_date(options.expires);
  const auto time = date ? std::optional(start_of(*date)) : parse_rfc3339(options.expires);
  if (!time) return output.refused({ErrorCode::usage, {{"reason", "--expires is a date as 2027-01-31, or RFC 3339"}}});
  const auto scope = access::parse_scope(options.scope);
  if (!scope) return output.refused(scope.error());
  const auto list = read_users(options.data);
  if (!list) return output.refused(list.error());
  const broker::User* user = list->users.find(options.user);
  if (user == nullptr) return output.refused({ErrorCode::user_unknown, {{"user", options.user}}});
  const auto store = access::Store::open(access_path(options.data));
  if (!store) return output.refused(store.error());
  const auto made =
      (*store)->make_token({options.user, user->since}, options.name, *scope, *time, runtime::SystemClock().now());
  if (!made) return output.refused(made.error());
  return output.done(made->secret, {{"id", made->id},
                                    {"token", made->secret},
                                    {"user", options.user},
                                    {"scope", access::format_scope(*scope)},
                                    {"expires", format_rfc3339(*time)}});
}

int list_tokens(const TokenOptions& options, const Output& output) {
  const auto store = access::Store::open(access_path(options.data));
  if (!store) return output.refused(store.error());
  const auto tokens = (*store)->tokens();
  if (!tokens) return output.refused(tokens.error());
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> lines = {{"id", "user", "name", "scope", "expires"}};
  for (const access::ApiToken& token : *tokens) {
    const std::string scope = access::format_scope(token.scope), expires = format_rfc3339(token.expires);
    rows.push_back({{"id", token.id},
                    {"user", token.account.user},
                    {"name", token.name},
                    {"scope", scope},
                    {"created", format_rfc3339(token.created)},
                    {"expires", expires}});
    lines.push_back({std::to_string(token.id), token.account.user, token.name, scope, expires});
  }
  return output.done(table(lines), {{"tokens", rows}});
}

int revoke_token(const TokenOptions& options, const Output& output) {
  const auto store = access::Store::open(access_path(options.data));
  if (!store) return output.refused(store.error());
  if (auto revoked = (*store)->revoke_token(options.id, runtime::SystemClock().now()); !revoked)
    return output.refused(revoked.error());
  return output.done("revoked: token " + std::to_string(options.id), {{"id", options.id}});
}

}  // namespace

void add_token_commands(CLI::App& app, Invocation& invocation) {
  auto* token = app.add_subcommand("token", "API tokens of programs")->require_subcommand(1)->fallthrough();
  auto options = std::make_shared<TokenOptions>();
  const auto on = [&invocation, options](CLI::App* command, int (*act)(const TokenOptions&, const Output&)) {
    command->fallthrough();
    command->add_option("--data", options->data, "The hub's data folder")->required();
    command->callback([options, &invocation, act] {
      invocation.run = [options, act](const Output& output) { return act(*options, output); };
    });
  };
  auto* make = token->add_subcommand("new", "Make a token and print it; it is shown this once");
  make->add_option("--user", options->user, "Whose it is: it permits no more than this user's roles")->required();
  make->add_option("--name", options->name, "What it is for")->required();
  make->add_option("--scope", options->scope, "Permissions joined by commas, as status,documents")->required();
  make->add_option("--expires", options->expires, "A date or a time, at most a year from now")->required();
  on(make, make_token);
  on(token->add_subcommand("list", "All tokens, without their secrets"), list_tokens);
  auto* revoke = token->add_subcommand("revoke", "Take a token back; it acts on the next request");
  revoke->add_option("ID", options->id, "Its number in `token list`")->required();
  on(revoke, revoke_token);
}

}  // namespace hub::app
