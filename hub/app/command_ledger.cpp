// ledger rebuild, status: offline, from a hub's files.
#include <chrono>

#include "hub/app/commands.hpp"
#include "hub/app/ledger_option.hpp"
#include "hub/app/ledger_text.hpp"
#include "hub/app/progress.hpp"
#include "hub/journal/durable_end.hpp"
#include "hub/journal/walk.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "hub/runtime/real_ports.hpp"
#include "hub/sql/address.hpp"

namespace hub::app {
namespace {

Result<std::unique_ptr<runtime::PosixDisk>> open_journal(const LedgerOption& option) {
  if (option.data.empty()) return tl::unexpected(usage("give --data, the hub's data folder"));
  return runtime::PosixDisk::open(option.data + "/journal");
}

// Where the journal ends: what the hub has told, or all of a journal that no hub has told anything of, as a copy may
// be.
Result<journal::DurableEnd> journal_end(ports::Disk& disk) {
  const auto told = journal::read_durable_end(disk);
  if (!told) return tl::unexpected(told.error());
  if (*told) return **told;
  const auto walked = journal::for_each_record(
      disk, [](const journal::RecordView&, const journal::Place&) -> Result<void> { return {}; });
  if (!walked) return tl::unexpected(walked.error());
  return journal::DurableEnd{walked->journal, walked->end};
}

int rebuild(const LedgerOption& option, const Output& output) {
  const auto address = option.address();
  if (!address) return output.refused(address.error());
  auto disk = open_journal(option);
  if (!disk) return output.refused(disk.error());
  const auto end = journal_end(**disk);
  if (!end) return output.refused(end.error());
  ProgressBar bar("building the ledger");
  const auto begun = std::chrono::steady_clock::now();
  const auto rebuilt = ledger::Ledger::rebuild(*address, **disk, *end, [&](Position at, Position of) {
    bar.show(static_cast<double>(at.value) / static_cast<double>(of.value));
  });
  bar.finish();
  if (!rebuilt) return output.refused(rebuilt.error());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  char took[32];
  std::snprintf(took, sizeof took, "%.1f s", seconds);
  const std::string told = sql::described(*address);
  return output.done(told + ": " + std::to_string(rebuilt->value) + " records in " + took,
                     {{"ledger", told}, {"position", rebuilt->value}, {"seconds", seconds}});
}

int status(const LedgerOption& option, const Output& output) {
  if (option.online()) {
    const auto answer = ask_api(option.api, "/api/v1/status", {});
    if (!answer) return output.refused(answer.error());
    if (!answer->contains("ledger")) return output.refused({ErrorCode::ledger_missing, {{"path", option.api.url}}});
    return output.done(status_text(answer->at("ledger")), answer->at("ledger"));
  }
  auto queries = open_ledger(option);
  if (!queries) return output.refused(queries.error());
  std::optional<Position> durable_end;
  if (!option.data.empty()) {
    auto disk = open_journal(option);
    if (!disk) return output.refused(disk.error());
    const auto end = journal::read_durable_end(**disk);
    if (!end) return output.refused(end.error());
    if (*end) durable_end = (*end)->end;
  }
  const auto status = (*queries)->status(durable_end, runtime::SystemClock().now());
  if (!status) return output.refused(status.error());
  const auto json = ledger::to_json(*status);
  return output.done(status_text(json), json);
}

}  // namespace

void add_ledger_commands(CLI::App& app, Invocation& invocation) {
  const auto option = std::make_shared<LedgerOption>();
  const auto on = [&invocation, option](CLI::App* command, int (*run)(const LedgerOption&, const Output&)) {
    add_ledger_options(*command, *option);
    command->fallthrough();
    command->callback([option, &invocation, run] {
      invocation.run = [option, run](const Output& output) { return run(*option, output); };
    });
  };
  auto* ledger =
      app.add_subcommand("ledger", "The ledger: the journal as tables")->require_subcommand(1)->fallthrough();
  on(ledger->add_subcommand("rebuild", "Build the ledger anew from the journal; hub-ledger must not run meanwhile"),
     rebuild);
  on(app.add_subcommand("status", "How the hub stands: lag, documents, deliveries, endpoints"), status);
}

}  // namespace hub::app
