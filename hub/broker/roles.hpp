// Handing out a role, and taking it back: a statement of the kind "role", signed by one administrator
// (signed_statement.hpp), that says beside the basics
//
//   "action": "grant" | "revoke", "user": name, "role": name, "party": id (of a viewer alone),
//   "after": position of the journal's last record about roles; 0: there is none
//
// `after` makes a statement good for once: one that was carried to the hub before can't bring a role back.
//
// Threads: free functions.
#pragma once

#include "hub/broker/signed_statement.hpp"
#include "hub/broker/state.hpp"

namespace hub::broker {

constexpr std::string_view kRoleKind = "role";
constexpr std::string_view kFirstStart = "hub:first-start";  // the actor of the one record that no administrator signed

struct RoleOrder {
  RoleAction action{};
  std::string user;
  Role role{};
  std::string party;  // empty: none
  Position after;
  StatementBasics basics;
};

std::string_view name_of(RoleAction action);

std::string sign_role_order(const RoleOrder& order, const crypto::SigningKey& administrator);

// The refusals of read_statement; order_invalid (another journal, a party that is not registered), role_order_stale,
// role_unchanged, viewer_role_alone, users_too_many.
Result<RoleChanged> decide_role(const State& state, const Bytes<16>& journal_id, std::string_view text);

// The first user, an administrator; nobody signs it, so it is possible only while the journal has no record about roles.
// first_user_exists; user_name_invalid.
Result<RoleChanged> decide_first_user(const State& state, const std::string& name);

}  // namespace hub::broker
