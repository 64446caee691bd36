#include "hub/broker/users.hpp"

#include <algorithm>
#include <utility>

#include "hub/base/check.hpp"

namespace hub::broker {
namespace {

constexpr std::pair<Role, std::string_view> kRoleNames[] = {{Role::operations, "operator"},
                                                            {Role::compliance, "compliance"},
                                                            {Role::administrator, "administrator"},
                                                            {Role::viewer, "viewer"}};
constexpr std::uint8_t role_bit(Role role) { return static_cast<std::uint8_t>(1u << static_cast<unsigned>(role)); }

bool can_be(const User& user) {
  std::uint8_t known = 0;
  for (const auto& [role, name] : kRoleNames) known |= role_bit(role);
  const bool views = user.has(Role::viewer);
  return user.roles != 0 && (user.roles & ~known) == 0 && views == !user.party.empty() &&
         (!views || user.roles == role_bit(Role::viewer));
}

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string_view name_of(Role role) {
  for (const auto& [known, name] : kRoleNames)
    if (known == role) return name;
  return {};
}

std::optional<Role> role_named(std::string_view name) {
  for (const auto& [role, known] : kRoleNames)
    if (known == name) return role;
  return std::nullopt;
}

bool is_user_name(std::string_view text) {
  if (text.empty() || text.size() > kUserNameBytesMax) return false;
  if (!is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_lower_or_digit(c) || c == '.' || c == '-'; });
}

const User* Users::find(std::string_view name) const {
  const auto found = users_.find(name);
  return found == users_.end() ? nullptr : &found->second;
}

void Users::grant(const std::string& name, Role role, const std::string& party, Position record) {
  const auto [entry, is_new] = users_.try_emplace(name);
  User& user = entry->second;
  HUB_CHECK(!user.has(role) && users_.size() <= kUsersMax);
  if (is_new) user.since = record;
  user.roles |= role_bit(role);
  user.party = party;
  HUB_CHECK(can_be(user));
  last_change_ = record;
}

void Users::revoke(const std::string& name, Role role, Position record) {
  const auto entry = users_.find(name);
  HUB_CHECK(entry != users_.end() && entry->second.has(role));
  entry->second.roles &= static_cast<std::uint8_t>(~role_bit(role));
  if (entry->second.roles == 0) users_.erase(entry);
  last_change_ = record;
}

bool Users::restore(const std::string& name, User user) {
  if (!is_user_name(name) || !can_be(user) || users_.size() >= kUsersMax) return false;
  return users_.emplace(name, std::move(user)).second;
}

}  // namespace hub::broker
