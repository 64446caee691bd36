#include "hub/sql/address.hpp"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace hub::sql {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

Options parse(const std::string& address) {
  char* message = nullptr;  // it may quote the address
  Options options(PQconninfoParse(address.c_str(), &message));
  PQfreemem(message);
  return options;
}

std::string value_of(const Options& options, std::string_view keyword) {
  for (const auto* option = options.get(); option->keyword != nullptr; ++option)
    if (keyword == option->keyword && option->val != nullptr) return option->val;
  return {};
}

}  // namespace

bool is_postgres(const std::string& address) {
  if (address.starts_with("postgresql://") || address.starts_with("postgres://")) return true;
  const auto end = address.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
  return end != 0 && end != address.npos && address[end] == '=';
}

std::string postgres_fault(const std::string& address) {
  const Options options = parse(address);
  if (!options) return "it is no address that PostgreSQL's library understands";
  for (const auto* secret : {"password", "sslpassword"})
    if (!value_of(options, secret).empty())
      return "a password does not belong here, but in a passfile (PGPASSFILE, or ~/.pgpass)";
  return {};
}

std::string described(const std::string& address) {
  if (!is_postgres(address)) return address;
  // What is not understood as its author meant it may have a secret anywhere.
  if (!postgres_fault(address).empty()) return "postgresql:";
  const Options options = parse(address);
  std::string host = value_of(options, "host"), port = value_of(options, "port"), name = value_of(options, "dbname");
  if (host.empty()) host = value_of(options, "hostaddr");
  if (const std::string service = value_of(options, "service"); name.empty() && !service.empty()) name = "?service=" + service;
  return "postgresql://" + host + (port.empty() ? "" : ":" + port) + "/" + name;
}

}  // namespace hub::sql
