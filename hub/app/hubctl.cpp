// hubctl NOUN VERB: what administrators, operators and auditors do at the command line.
#include "hub/app/commands.hpp"
#include "hub/crypto/keys.hpp"

int main(int argc, char** argv) {
  hub::crypto::initialise();
  CLI::App app{"Administration of a coordination hub: keys, configuration, message types, journal, ledger"};
  app.set_version_flag("--version", HUB_VERSION);
  app.require_subcommand(1);
  hub::app::Invocation invocation;
  app.add_flag("--json", invocation.output.json, "Print one JSON value, for programs");
  app.fallthrough();  // --json may stand anywhere
  hub::app::add_hub_commands(app, invocation);
  hub::app::add_key_commands(app, invocation);
  hub::app::add_config_commands(app, invocation);
  hub::app::add_journal_commands(app, invocation);
  hub::app::add_log_commands(app, invocation);
  hub::app::add_ledger_commands(app, invocation);
  hub::app::add_document_commands(app, invocation);
  hub::app::add_endpoint_commands(app, invocation);
  hub::app::add_top_command(app, invocation);
  hub::app::add_report_commands(app, invocation);
  hub::app::add_schema_commands(app, invocation);
  hub::app::add_agreement_commands(app, invocation);
  hub::app::add_edxml_commands(app, invocation);
  hub::app::add_user_commands(app, invocation);
  hub::app::add_token_commands(app, invocation);
  hub::app::add_errors_commands(app, invocation);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? hub::app::kDone : hub::app::kUsage;
  }
  return invocation.run(invocation.output);
}
