// What may be asked for at the HTTP interface, and which role permits it: one table.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/broker/users.hpp"

namespace hub::access {

enum class Permission : std::uint8_t {
  open,           // of everybody, signed in or not
  session,        // of whoever has signed in: their own session
  status,         // how the hub is: readiness, figures, queues
  documents,      // documents and deliveries; a viewer's are those of its party
  metadata,       // what is told of all documents together: flows
  configuration,  // agreements, and the use of their clauses
  reports,        // reports on documents and their use, and the audit of who did what
  evidence,       // what the tree's leaves are made of
  actions,        // to carry signed orders to the hub
  bodies,         // to carry a signed wish to read a body; each reading is a record
  users,          // users, and invitations to set a password
  names,          // labels of parties and types, titles of agreements
  overreach,      // of a party: unused permissions, fields without need, who read or repeated its documents; a viewer's own
};
std::string_view name_of(Permission permission);
std::optional<Permission> permission_named(std::string_view name);

class Permissions {
 public:
  constexpr Permissions() = default;
  constexpr Permissions(std::initializer_list<Permission> permissions) {
    for (const Permission one : permissions) add(one);
  }
  constexpr void add(Permission one) { bits_ = static_cast<std::uint16_t>(bits_ | 1u << static_cast<unsigned>(one)); }
  constexpr bool has(Permission one) const {
    return one == Permission::open || (bits_ >> static_cast<unsigned>(one) & 1u) != 0;
  }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr Permissions operator&(Permissions other) const { return Permissions(bits_ & other.bits_); }
  constexpr Permissions operator|(Permissions other) const { return Permissions(bits_ | other.bits_); }
  friend constexpr bool operator==(Permissions, Permissions) = default;

 private:
  constexpr explicit Permissions(int bits) : bits_(static_cast<std::uint16_t>(bits)) {}
  std::uint16_t bits_ = 0;
};

// What the machine's own token (data/keys/api-token) permits: all but users and sessions.
constexpr Permissions kMachinePermissions{Permission::status,   Permission::documents, Permission::metadata, Permission::configuration,
                                          Permission::reports,  Permission::evidence,  Permission::actions,  Permission::bodies,
                                          Permission::names,    Permission::overreach};

Permissions permissions_of(broker::Role role);
Permissions permissions_of(const broker::User& user);  // of all its roles
std::vector<std::string_view> roles_of(const broker::User& user);

// By name, all but `open`.
std::vector<std::string_view> names_of(Permissions permissions);

// "documents,status": of an API token. token_scope_invalid; `open` and `session` are nothing that a token can have.
Result<Permissions> parse_scope(std::string_view text);
std::string format_scope(Permissions scope);

}  // namespace hub::access
