#include "hub/console/users.hpp"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "hub/access/password.hpp"
#include "hub/access/secret.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/console/console.hpp"
#include "hub/console/cookie.hpp"
#include "hub/console/token.hpp"
#include "hub/registry/object_reader.hpp"
#include "hub/runtime/engine.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::console {
namespace {

using access::Account;

constexpr std::chrono::seconds kSessionAge{access::kSessionMicros / kMicrosPerSecond};

UnixMicros time_now() { return runtime::SystemClock().now(); }

Response refused_as(const Error& error) {
  switch (error.code) {
    case ErrorCode::request_malformed:
    case ErrorCode::password_unfit:
    case ErrorCode::user_name_invalid: return error_response(400, error);
    case ErrorCode::invitation_unknown:
    case ErrorCode::user_unknown: return error_response(404, error);
    case ErrorCode::first_user_exists: return error_response(409, error);
    case ErrorCode::sign_in_busy: return error_response(503, error);
    default: return error_response(500, error);
  }
}

struct Fields {
  std::string user, password, token;
};

// A JSON object with these texts; request_malformed. No text of it is repeated: there are secrets among them.
Result<Fields> read_fields(const std::string& body, bool has_token) {
  nlohmann::json json;
  if (!registry::parse_json_strict(body, "body", json))
    return fail(ErrorCode::request_malformed, {{"reason", "the body is no JSON object"}});
  registry::Fault fault;
  registry::ObjectReader in(json, "", fault);
  Fields out;
  out.password = in.text("password");
  if (has_token) out.token = in.text("token");
  if (!has_token || in.has("user")) out.user = in.text("user");
  in.refuse_unknown();
  if (fault.found())
    return fail(ErrorCode::request_malformed, {{"reason", fault.first().pointer + ": " + fault.first().reason}});
  return out;
}

std::string session_cookie(std::string_view secret, std::chrono::seconds age, bool is_secure) {
  return cookie_field({kSessionCookie, secret, "/", "Strict", age, is_secure});
}

nlohmann::ordered_json user_json(std::string_view name, const broker::User& user) {
  nlohmann::ordered_json out = {{"user", name}, {"since", user.since.value}, {"roles", access::roles_of(user)}};
  if (!user.party.empty()) out["party"] = user.party;
  return out;
}

Error sign_in_refused() {
  return {ErrorCode::sign_in_refused, {{"limit", std::to_string(access::kWrongPasswordsMax)},
                                       {"minutes", std::to_string(access::kLockMicros / access::kMicrosPerMinute)}}};
}

Error sign_in_busy() {
  return {ErrorCode::sign_in_busy, {{"limit", std::to_string(access::kPasswordsWaitingMax)}}};
}

}  // namespace

std::string invitation_link(const std::string& address, const std::string& secret) {
  return address + "/#/invitation?token=" + secret;
}

// What a new password is for.
struct Users::NewPassword {
  std::string token;
  Account account;
  bool is_first = false;  // of the first user, whose role has no record yet
};

Users::Users(HttpServer& server, Recording& recording, std::unique_ptr<access::Store> store,
             std::shared_ptr<const runtime::PublishedUsers> users, std::string token, std::string address)
    : server_(server),
      recording_(recording),
      store_(std::move(store)),
      users_(std::move(users)),
      token_(std::move(token)),
      address_(std::move(address)),
      is_secure_(address_.starts_with("https://")) {}

std::optional<Account> Users::account(const std::string& user) const {
  const auto users = users_->now();
  const broker::User* known = users->find(user);
  return known == nullptr ? std::nullopt : std::optional(Account{user, known->since});
}

std::optional<Caller> Users::caller_of(const Account& account, const broker::Users& users) const {
  const broker::User* user = users.find(account.user);
  if (user == nullptr || user->since != account.since) return std::nullopt;
  Caller out;
  out.permissions = access::permissions_of(*user);
  out.user = account.user;
  for (const std::string_view role : access::roles_of(*user)) out.roles.emplace_back(role);
  if (!user->party.empty()) out.party = user->party;
  return out;
}

Result<std::optional<Caller>> Users::identify(const Request& request) {
  if (!request.authorization.empty()) return bearer(request.authorization);
  const std::string secret = cookie_value(request.cookie, kSessionCookie);
  if (secret.empty()) return std::nullopt;
  return cookie(secret, !request.is_repeated);
}

Result<std::optional<Caller>> Users::bearer(std::string_view authorization) {
  if (carries_token(authorization, token_)) {
    Caller machine;
    machine.permissions = access::kMachinePermissions;
    return machine;
  }
  const auto token = store_->token(authorization.substr(authorization.find(' ') + 1), time_now());
  if (!token) return tl::unexpected(token.error());
  if (!*token || !carries_token(authorization, authorization.substr(authorization.find(' ') + 1))) return std::nullopt;
  auto caller = caller_of((*token)->account, *users_->now());
  if (caller) caller->permissions = caller->permissions & (*token)->scope;
  return caller;
}

Result<std::optional<Caller>> Users::cookie(const std::string& secret, bool is_used) {
  const auto session = store_->session(secret, time_now(), is_used);
  if (!session) return tl::unexpected(session.error());
  if (!*session) return std::nullopt;
  auto caller = caller_of((*session)->account, *users_->now());
  if (!caller) return std::nullopt;
  caller->session = secret;
  caller->expires = (*session)->expires;
  return caller;
}

void Users::sign_in(const Request& request, const Reply& reply) {
  const auto fields = read_fields(request.body, /*has_token=*/false);
  if (!fields) return reply(refused_as(fields.error()));
  const auto known = account(fields->user);
  std::optional<std::string> hash;
  if (known) {
    auto found = store_->password_hash(*known);
    if (!found) return reply(refused_as(found.error()));
    hash = std::move(*found);
  }
  auto password = access::fit_password(fields->password);
  if (!password) hash.reset();  // it is nobody's, and takes as long as any other
  const bool posted =
      worker_.check(hash, password ? std::move(*password) : "", [this, user = fields->user, known, reply](bool right) {
        server_.post([this, user, known, right, reply] {
          const auto taken = take_sign_in(user, known, right);
          if (!taken) return reply(refused_as(taken.error()));
          reply(taken->value_or(error_response(401, sign_in_refused())));
        });
      });
  if (!posted) reply(refused_as(sign_in_busy()));
}

Result<std::optional<Response>> Users::take_sign_in(const std::string& user, const std::optional<Account>& account,
                                                    bool right) {
  const UnixMicros now = time_now();
  bool entered = false;
  if (account) {
    const auto taken = store_->take_attempt(*account, right, now);
    if (!taken) return tl::unexpected(taken.error());
    entered = *taken;
  }
  auto caller = entered ? caller_of(*account, *users_->now()) : std::nullopt;
  if (!caller) {  // a name that is no user's is not repeated: people type passwords there too
    const auto is_news = store_->log_failure("sign-in-failed", account ? user : "", now);
    if (!is_news) return tl::unexpected(is_news.error());
    if (*is_news) spdlog::warn("sign-in failed: {}", account ? user : "a name that is no user's");
    return std::nullopt;
  }
  const auto secret = store_->begin_session(*account, now);
  if (!secret) return tl::unexpected(secret.error());
  spdlog::info("signed in: {}", user);
  caller->session = *secret;
  caller->expires = UnixMicros(now.value + access::kSessionIdleMicros);
  Response response = session(*caller);
  response.headers.emplace_back("Set-Cookie", session_cookie(*secret, kSessionAge, is_secure_));
  return response;
}

Result<std::string> Users::enter(const std::string& user, bool is_secure) {
  const auto known = account(user);
  if (!known) return fail(ErrorCode::sign_on_user_unknown, {{"user", user}});
  const auto secret = store_->begin_session(*known, time_now(), "sign-on");
  if (!secret) return tl::unexpected(secret.error());
  spdlog::info("signed on: {}", user);
  return session_cookie(*secret, kSessionAge, is_secure || is_secure_);
}

// Counted by its code, so that what anybody can bring about hides nothing else.
Result<void> Users::log_refused_sign_on(const Error& error) {
  const auto is_news = store_->log_failure(code_text(error.code), "", time_now());
  if (!is_news) return tl::unexpected(is_news.error());
  if (*is_news) spdlog::warn("sign-on refused: {}", describe(error, Language::english));
  return {};
}

Response Users::session(const Caller& caller) const {
  nlohmann::ordered_json out = {{"user", caller.user}, {"roles", caller.roles}};
  if (caller.party) out["party"] = *caller.party;
  out["permissions"] = access::names_of(caller.permissions);
  out["csrf"] = access::csrf_token(caller.session);
  out["expires"] = format_rfc3339(caller.expires);
  return json_response(out);
}

Response Users::sign_out(const Caller& caller) {
  if (auto ended = store_->end_session(caller.session, time_now()); !ended) return refused_as(ended.error());
  spdlog::info("signed out: {}", caller.user);
  Response response = json_response({{"ok", true}});
  response.headers.emplace_back("Set-Cookie", session_cookie("", std::chrono::seconds(0), is_secure_));
  return response;
}

void Users::accept_invitation(const Request& request, const Reply& reply) {
  const auto fields = read_fields(request.body, /*has_token=*/true);
  if (!fields) return reply(refused_as(fields.error()));
  const auto invitation = store_->invitation(fields->token, time_now());
  if (!invitation) return reply(refused_as(invitation.error()));
  if (!*invitation) {
    if (auto logged = store_->log_failure("invitation-unknown", "", time_now()); !logged)
      return reply(refused_as(logged.error()));
    return reply(refused_as({ErrorCode::invitation_unknown, {}}));
  }
  NewPassword given{fields->token, (*invitation)->account};
  const auto current = account(given.account.user);
  if (given.account.since.value == 0) {  // of the first start; after a crash the record may be there already
    given.is_first = !current;
    given.account = current.value_or(Account{fields->user, {}});
    if (given.is_first && users_->now()->last_change().value != 0)
      return reply(refused_as({ErrorCode::first_user_exists, {}}));
    if (!broker::is_user_name(given.account.user))
      return reply(refused_as({ErrorCode::user_name_invalid, {{"user", given.account.user}}}));
  } else if (current != given.account) {
    return reply(refused_as({ErrorCode::invitation_unknown, {}}));
  }
  auto password = access::fit_password(fields->password);
  if (!password) return reply(refused_as(password.error()));
  const bool posted = worker_.hash(std::move(*password), [this, given, reply](Result<std::string> hash) {
    server_.post([this, given, reply, hash = std::move(hash)] {
      if (!hash) return reply(refused_as(hash.error()));
      if (given.is_first) return record_first_user(given, *hash, reply);
      reply(set_password(given, *hash));
    });
  });
  if (!posted) reply(refused_as(sign_in_busy()));
}

// The link is bound to the name before there is a record: should the hub end in between, the same link sets the password.
void Users::record_first_user(const NewPassword& given, const std::string& hash, const Reply& reply) {
  if (auto named = store_->name_invitation(given.token, given.account.user); !named)
    return reply(refused_as(named.error()));
  recording_.record(
      [user = given.account.user](runtime::Engine& engine) -> Recorded {
        const auto position = engine.on_first_user(user);
        if (!position) return tl::unexpected(position.error());
        return nlohmann::ordered_json(position->value);
      },
      [this, given, hash, reply](const std::optional<Recorded>& recorded) {
        if (!recorded)
          return reply(error_response(503, {ErrorCode::hub_silent, {{"limit", std::to_string(kEngineMillisMax)}}}));
        if (!*recorded) {
          if (auto gone = store_->withdraw_invitation(given.token); !gone) return reply(refused_as(gone.error()));
          return reply(refused_as(recorded->error()));
        }
        NewPassword now = given;
        now.account.since = Position((*recorded)->get<std::uint64_t>());
        reply(set_password(now, hash));
      });
}

Response Users::set_password(const NewPassword& given, const std::string& hash) {
  const auto set = store_->set_password(given.token, given.account, hash, time_now());
  if (!set) return refused_as(set.error());
  spdlog::info("password set by invitation: {}", given.account.user);
  return json_response({{"user", given.account.user}});
}

Response Users::list() const {
  const auto users = users_->now();
  nlohmann::ordered_json out = {{"last_change", users->last_change().value}, {"users", nlohmann::ordered_json::array()}};
  for (const auto& [name, user] : users->all()) out["users"].push_back(user_json(name, user));
  return json_response(out);
}

Response Users::invite(const Caller& caller, const std::string& user) {
  const auto known = account(user);
  if (!known) return refused_as({ErrorCode::user_unknown, {{"user", user}}});
  const UnixMicros now = time_now();
  const auto secret = store_->invite(*known, caller.user, now);
  if (!secret) return refused_as(secret.error());
  spdlog::info("invited by {}: {}", caller.user, user);
  return json_response({{"user", user},
                        {"link", invitation_link(address_, *secret)},
                        {"expires", format_rfc3339(UnixMicros(now.value + access::kInvitationMicros))}});
}

}  // namespace hub::console
