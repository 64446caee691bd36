// Who may do what at the hub's HTTP interface, as the journal has it: accounts of an office's staff and their roles. What
// proves that somebody is a user (passwords, sessions) is elsewhere (hub/access) and never enters the journal.
//
// Owned by the state; one thread; deterministic. A copy is a value for other threads.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "hub/base/strong.hpp"

namespace hub::broker {

enum class Role : std::uint8_t {  // never renumbered
  operations = 1,     // "operator", which C++ keeps for itself
  compliance = 2,
  administrator = 3,
  viewer = 4,         // of one party's own documents; whoever has it has no other role
};
std::string_view name_of(Role role);
std::optional<Role> role_named(std::string_view name);

constexpr std::size_t kUsersMax = 1000;
constexpr std::size_t kUserNameBytesMax = 64;

// [a-z0-9]([a-z0-9.-]*[a-z0-9])?, at most kUserNameBytesMax bytes: the name of an account, of no person.
bool is_user_name(std::string_view text);

struct User {
  Position since;         // of the record that made it a user: a name that is handed out again is another account
  std::uint8_t roles = 0; // bit n: the role of number n
  std::string party;      // of a viewer

  bool has(Role role) const { return (roles >> static_cast<unsigned>(role) & 1u) != 0; }
};

class Users {
 public:
  const User* find(std::string_view name) const;  // null: it has no role
  std::size_t size() const { return users_.size(); }
  const std::map<std::string, User, std::less<>>& all() const { return users_; }
  Position last_change() const { return last_change_; }  // of the last role's record; 0: none yet

  void grant(const std::string& name, Role role, const std::string& party, Position record);  // not had
  void revoke(const std::string& name, Role role, Position record);                           // had
  // As they were in another state. False: no state can have them.
  [[nodiscard]] bool restore(const std::string& name, User user);
  void restore_last_change(Position record) { last_change_ = record; }

 private:
  std::map<std::string, User, std::less<>> users_;  // each has a role
  Position last_change_;
};

}  // namespace hub::broker
