#include "hub/app/ledger_option.hpp"

#include "hub/app/api_option.hpp"
#include "hub/app/output.hpp"
#include "hub/ledger/filter_text.hpp"
#include "hub/sql/address.hpp"

namespace hub::app {

Result<std::string> LedgerOption::address() const {
  if (sql::is_postgres(ledger))
    if (const std::string fault = sql::postgres_fault(ledger); !fault.empty())
      return tl::unexpected(usage("--ledger: " + fault));
  if (!ledger.empty()) return ledger;
  if (!data.empty()) return ledger_path(data);
  return tl::unexpected(usage("give --data, the hub's data folder, or --ledger, the ledger's file or database"));
}

void add_ledger_options(CLI::App& command, LedgerOption& option) {
  command.add_option("--data", option.data, "The hub's data folder; its ledger is ledger.sqlite in it");
  command.add_option("--ledger", option.ledger, "The ledger's file, or the address of its PostgreSQL database: postgresql://HOST/NAME");
  auto* token = command.add_option("--token-file", option.api.token_file, "The file with the API's token");
  command.add_option("--api", option.api.url, "A running hub's HTTP address, http://127.0.0.1:7480")->needs(token);
  add_ca_option(command, option.api);
}

Result<std::unique_ptr<ledger::Queries>> open_ledger(const LedgerOption& option) {
  const auto address = option.address();
  if (!address) return tl::unexpected(address.error());
  return ledger::Queries::open(*address);
}

Result<UnixMicros> parse_bound(const std::string& name, const std::string& text, bool end) {
  if (const auto time = ledger::parse_bound(text, end)) return *time;
  return tl::unexpected(usage(name + " is a date such as 2024-03-12 or a time such as 2024-03-12T08:00:00+07:00"));
}

}  // namespace hub::app
