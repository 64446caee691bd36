// The commands of hubctl, noun by noun. Each adds its own to the parser; the one that was called leaves its exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "hub/app/output.hpp"

namespace hub::app {

struct Invocation {
  Output output;
  std::function<int(const Output&)> run;  // of the command that was named
};

void add_hub_commands(CLI::App& app, Invocation& invocation);
void add_key_commands(CLI::App& app, Invocation& invocation);
void add_config_commands(CLI::App& app, Invocation& invocation);
void add_journal_commands(CLI::App& app, Invocation& invocation);
void add_log_commands(CLI::App& app, Invocation& invocation);
void add_ledger_commands(CLI::App& app, Invocation& invocation);    // ledger, status
void add_document_commands(CLI::App& app, Invocation& invocation);  // document, delivery
void add_schema_commands(CLI::App& app, Invocation& invocation);
void add_agreement_commands(CLI::App& app, Invocation& invocation);
void add_edxml_commands(CLI::App& app, Invocation& invocation);
void add_delivery_orders(CLI::App& delivery, Invocation& invocation);  // beside delivery list
void add_endpoint_commands(CLI::App& app, Invocation& invocation);
void add_reading_command(CLI::App& document, Invocation& invocation);  // beside document list
void add_archive_commands(CLI::App& journal, Invocation& invocation);  // beside journal verify
void add_storage_commands(CLI::App& journal, Invocation& invocation);  // beside journal verify
void add_user_commands(CLI::App& app, Invocation& invocation);
void add_token_commands(CLI::App& app, Invocation& invocation);
void add_top_command(CLI::App& app, Invocation& invocation);
void add_report_commands(CLI::App& app, Invocation& invocation);    // report, audit
void add_errors_commands(CLI::App& app, Invocation& invocation);

}  // namespace hub::app
