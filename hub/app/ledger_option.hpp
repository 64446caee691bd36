// --data DIR, --ledger FILE (or the address of a PostgreSQL database) or --api URL, for commands that ask the ledger; and the filters' times.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "hub/app/api_client.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::app {

// Where a hub keeps its ledger unless hub.yaml says another place.
inline std::string ledger_path(const std::string& data) { return data + "/ledger.sqlite"; }

struct LedgerOption {
  std::string data, ledger;
  ApiAddress api;  // of a running hub; asked when its address is given
  bool online() const { return !api.url.empty(); }
  // usage when neither was given, or an address is none.
  Result<std::string> address() const;
};

void add_ledger_options(CLI::App& command, LedgerOption& option);
Result<std::unique_ptr<ledger::Queries>> open_ledger(const LedgerOption& option);

// A date or an RFC 3339 time. Of a date its first moment in Vietnam, or with `end` that of the next day. usage.
Result<UnixMicros> parse_bound(const std::string& name, const std::string& text, bool end);

}  // namespace hub::app
