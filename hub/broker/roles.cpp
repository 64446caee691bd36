#include "hub/broker/roles.hpp"

#include <nlohmann/json.hpp>

namespace hub::broker {
namespace {

std::optional<RoleAction> role_action(std::string_view name) {
  for (const RoleAction action : {RoleAction::grant, RoleAction::revoke})
    if (name_of(action) == name) return action;
  return std::nullopt;
}

// What an order says beside the basics; one signature is enough.
SignatureCount read_role_fields(registry::ObjectReader& in, RoleOrder& out) {
  const auto action = role_action(in.text("action"));
  if (!action) in.refuse("action", "must be grant or revoke");
  out.action = action.value_or(RoleAction::revoke);
  out.user = in.text("user");
  if (!is_user_name(out.user)) in.refuse("user", "lower case letters, digits, dots and hyphens, at most 64");
  const auto role = role_named(in.text("role"));
  if (!role) in.refuse("role", "must be operator, compliance, administrator or viewer");
  out.role = role.value_or(Role::viewer);
  if (in.has("party")) out.party = in.text("party");
  const bool needs_party = out.role == Role::viewer && out.action == RoleAction::grant;
  if (needs_party == out.party.empty()) in.refuse("party", "a viewer is of one party, and nobody else is");
  const std::int64_t after = in.integer("after");
  if (after < 0) in.refuse("after", "a position was expected");
  out.after = Position(static_cast<std::uint64_t>(after));
  return {};
}

std::optional<Error> refuse_grant(const State& state, const RoleOrder& order, const User* user) {
  if (!order.party.empty() && !state.configuration.registry.party(order.party))
    return Error{ErrorCode::order_invalid, {{"reason", "the party " + order.party + " is not registered"}}};
  if (user != nullptr && (order.role == Role::viewer || user->has(Role::viewer)))
    return Error{ErrorCode::viewer_role_alone, {{"user", order.user}}};
  if (user == nullptr && state.users.size() >= kUsersMax)
    return Error{ErrorCode::users_too_many, {{"limit", std::to_string(kUsersMax)}}};
  return std::nullopt;
}

}  // namespace

std::string_view name_of(RoleAction action) { return action == RoleAction::grant ? "grant" : "revoke"; }

std::string sign_role_order(const RoleOrder& order, const crypto::SigningKey& administrator) {
  nlohmann::json more = {{"action", name_of(order.action)},
                         {"user", order.user},
                         {"role", name_of(order.role)},
                         {"after", order.after.value}};
  if (!order.party.empty()) more["party"] = order.party;
  return sign_statement(kRoleKind, order.basics, std::move(more), administrator);
}

Result<RoleChanged> decide_role(const State& state, const Bytes<16>& journal_id, std::string_view text) {
  RoleOrder order;
  const auto statement =
      read_statement(kRoleKind, text, state.created.administrators,
                     [&](registry::ObjectReader& in) { return read_role_fields(in, order); });
  if (!statement) return tl::unexpected(statement.error());
  if (statement->basics.journal != journal_id) return invalid_order("it is about another journal");
  if (order.after != state.users.last_change())
    return fail(ErrorCode::role_order_stale, {{"actual", std::to_string(state.users.last_change().value)},
                                              {"limit", std::to_string(order.after.value)}});
  const User* user = state.users.find(order.user);
  const bool is_grant = order.action == RoleAction::grant;
  if ((user != nullptr && user->has(order.role)) == is_grant)
    return fail(ErrorCode::role_unchanged, {{"user", order.user}, {"role", std::string(name_of(order.role))}});
  if (is_grant)
    if (auto refusal = refuse_grant(state, order, user)) return tl::unexpected(std::move(*refusal));
  const StatementSignature& by = statement->signatures.front();
  return RoleChanged{order.action,           order.user,      order.role,  order.party, by.actor(),
                     statement->basics.reason, statement->text, by.signature};
}

Result<RoleChanged> decide_first_user(const State& state, const std::string& name) {
  if (state.users.last_change().value != 0) return fail(ErrorCode::first_user_exists);
  if (!is_user_name(name)) return fail(ErrorCode::user_name_invalid, {{"user", name}});
  return RoleChanged{RoleAction::grant, name, Role::administrator, {}, std::string(kFirstStart), "first start", {}, {}};
}

}  // namespace hub::broker
