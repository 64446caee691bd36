#include "hub/access/permission.hpp"

#include <algorithm>
#include <utility>

namespace hub::access {
namespace {

constexpr std::pair<Permission, std::string_view> kPermissionNames[] = {
    {Permission::open, "open"},         {Permission::session, "session"},
    {Permission::status, "status"},     {Permission::documents, "documents"},
    {Permission::metadata, "metadata"}, {Permission::configuration, "configuration"},
    {Permission::reports, "reports"},   {Permission::evidence, "evidence"}, {Permission::actions, "actions"},
    {Permission::bodies, "bodies"},     {Permission::users, "users"}, {Permission::names, "names"},
    {Permission::overreach, "overreach"}};

constexpr std::pair<broker::Role, Permissions> kRolePermissions[] = {
    {broker::Role::operations,
     {Permission::session, Permission::status, Permission::documents, Permission::metadata, Permission::configuration,
      Permission::actions, Permission::names}},
    {broker::Role::compliance,
     {Permission::session, Permission::status, Permission::documents, Permission::metadata, Permission::configuration,
      Permission::reports, Permission::evidence, Permission::names, Permission::overreach}},
    {broker::Role::administrator,
     {Permission::session, Permission::status, Permission::configuration, Permission::actions, Permission::bodies,
      Permission::users, Permission::names}},
    {broker::Role::viewer, {Permission::session, Permission::documents, Permission::names, Permission::overreach}},
};

}  // namespace

std::string_view name_of(Permission permission) {
  for (const auto& [known, name] : kPermissionNames)
    if (known == permission) return name;
  return {};
}

std::optional<Permission> permission_named(std::string_view name) {
  for (const auto& [permission, known] : kPermissionNames)
    if (known == name) return permission;
  return std::nullopt;
}

Permissions permissions_of(broker::Role role) {
  for (const auto& [known, permissions] : kRolePermissions)
    if (known == role) return permissions;
  return {};
}

Permissions permissions_of(const broker::User& user) {
  Permissions out;
  for (const auto& [role, permissions] : kRolePermissions)
    if (user.has(role)) out = out | permissions;
  return out;
}

std::vector<std::string_view> roles_of(const broker::User& user) {
  std::vector<std::string_view> out;
  for (const auto& [role, permissions] : kRolePermissions)
    if (user.has(role)) out.push_back(broker::name_of(role));
  return out;
}

Result<Permissions> parse_scope(std::string_view text) {
  Permissions out;
  for (std::string_view rest = text;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view name = rest.substr(0, comma);
    const auto permission = permission_named(name);
    if (!permission || *permission == Permission::open || *permission == Permission::session)
      return fail(ErrorCode::token_scope_invalid, {{"scope", std::string(name)}});
    out.add(*permission);
    if (comma == rest.size()) return out;
    rest.remove_prefix(comma + 1);
  }
}

std::vector<std::string_view> names_of(Permissions permissions) {
  std::vector<std::string_view> out;
  for (const auto& [permission, name] : kPermissionNames)
    if (permission != Permission::open && permissions.has(permission)) out.push_back(name);
  return out;
}

std::string format_scope(Permissions scope) {
  std::string out;
  for (const std::string_view name : names_of(scope)) out.append(out.empty() ? "" : ",").append(name);
  return out;
}

}  // namespace hub::access
