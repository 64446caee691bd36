// report deliveries, report overreach; audit list: what was sent and became of it, and what people did. Offline from
// the ledger's file, or of a running hub.
#include <set>

#include "hub/app/commands.hpp"
#include "hub/app/files.hpp"
#include "hub/app/ledger_option.hpp"
#include "hub/app/receipts.hpp"
#include "hub/app/report_text.hpp"
#include "hub/ledger/report_texts.hpp"
#include "hub/reports/delivery_report.hpp"
#include "hub/reports/overreach_report.hpp"

namespace hub::app {
namespace {

using ReportJson = nlohmann::ordered_json;

constexpr std::size_t kReportRowsMax = 500'000;  // of one report; it says where to go on

struct ReportOptions {
  LedgerOption ledger;
  ledger::SendingFilter filter;
  ledger::OverreachQuestion overreach;
  ledger::AuditFilter audit;
  std::string from, until, format, table, receipts;
  std::uint64_t before = 0, document = 0;
};

// A filter's times as they stand at the command line.
template <class Filter>
Result<void> read_period(const ReportOptions& options, Filter& filter) {
  const std::tuple<const char*, const std::string&, std::optional<UnixMicros>&> ends[] = {
      {"--from", options.from, filter.from}, {"--until", options.until, filter.until}};
  for (const auto& [name, text, time] : ends) {
    if (text.empty()) continue;
    const auto read = parse_bound(name, text, /*end=*/std::string_view(name) == "--until");
    if (!read) return tl::unexpected(read.error());
    time = *read;
  }
  return {};
}

// Page after page, so that a report is as long as its period.
Result<reports::DeliveryReport> read_report(const ReportOptions& options, ledger::SendingFilter filter,
                                            ledger::Queries* queries) {
  reports::DeliveryReport out{filter, {}};
  while (out.sendings.rows.size() < kReportRowsMax) {
    if (options.ledger.online()) {
      const auto page = ask_api(options.ledger.api, reports::kDeliveriesPath, ledger::texts_of(filter));
      if (!page) return tl::unexpected(page.error());
      if (auto added = reports::add_page(*page, out.sendings); !added) return tl::unexpected(added.error());
    } else {
      auto page = queries->sendings(filter);
      if (!page) return tl::unexpected(page.error());
      if (!out.sendings.time) {
        out.sendings.position = page->position;
        out.sendings.time = page->time;
      }
      std::move(page->rows.begin(), page->rows.end(), std::back_inserter(out.sendings.rows));
      std::move(page->readings.begin(), page->readings.end(), std::back_inserter(out.sendings.readings));
      out.sendings.next = page->next;
    }
    if (!out.sendings.next) break;
    filter.before = out.sendings.next;
  }
  return out;
}

Result<reports::ReportNames> read_names(const ReportOptions& options, ledger::Queries* queries) {
  if (options.ledger.online()) {
    const auto names = ask_api(options.ledger.api, "/api/v1/names", {});
    if (!names) return tl::unexpected(names.error());
    return reports::names_of(*names);
  }
  const auto names = queries->names();
  if (!names) return tl::unexpected(names.error());
  return reports::names_of(*names);
}

// The receipts of every document of the report, one folder for all; how many.
Result<std::size_t> write_receipts(const ReportOptions& options, const reports::DeliveryReport& report) {
  LedgerOption files = options.ledger;
  files.api = {};
  auto queries = open_ledger(files);
  if (!queries) return tl::unexpected(queries.error());
  auto maker = ReceiptMaker::open(options.ledger.data, **queries);
  if (!maker) return tl::unexpected(maker.error());
  if (auto made = make_folder(options.receipts, 0777); !made) return tl::unexpected(made.error());
  std::set<Position> documents;
  for (const ledger::Sending& sending : report.sendings.rows) documents.insert(sending.position);
  std::size_t count = 0;
  for (const Position document : documents) {
    const auto paths = (*maker)->make(std::to_string(document.value), options.receipts);
    if (!paths) return tl::unexpected(paths.error());
    count += paths->size();
  }
  return count;
}

int print_file(const std::string& bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0 ? kDone : kRefused;
}

int print_report(const ReportOptions& options, const reports::DeliveryReport& report, ledger::Queries* queries,
                 const Output& output) {
  if (options.format == "csv")
    return print_file(options.table == "lines" ? reports::lines_csv(report) : reports::sendings_csv(report));
  if (options.format == "html") {
    const auto names = read_names(options, queries);
    return names ? print_file(reports::report_html(report, *names)) : output.refused(names.error());
  }
  const ReportJson json = reports::report_json(report);
  return Output{output.json || options.format == "json"}.done(delivery_report_text(json), json);
}

int report_deliveries(const ReportOptions& options, const Output& output) {
  ledger::SendingFilter filter = options.filter;
  if (auto read = read_period(options, filter); !read) return output.refused(read.error());
  if (options.before != 0) filter.before = Position(options.before);
  std::unique_ptr<ledger::Queries> queries;
  if (!options.ledger.online()) {
    auto opened = open_ledger(options.ledger);
    if (!opened) return output.refused(opened.error());
    queries = std::move(*opened);
  }
  const auto report = read_report(options, filter, queries.get());
  if (!report) return output.refused(report.error());
  if (!options.receipts.empty()) {
    const auto written = write_receipts(options, *report);
    if (!written) return output.refused(written.error());
    std::fprintf(stderr, "%zu receipts in %s\n", *written, options.receipts.c_str());
  }
  return print_report(options, *report, queries.get(), output);
}

Result<ReportJson> read_overreach(const ReportOptions& options, const ledger::OverreachQuestion& question,
                                  ledger::Queries* queries) {
  if (options.ledger.online()) return ask_api(options.ledger.api, reports::kOverreachPath, ledger::texts_of(question));
  const auto overreach = queries->overreach(question);
  if (!overreach) return tl::unexpected(overreach.error());
  return reports::overreach_json(question, *overreach);
}

int report_overreach(const ReportOptions& options, const Output& output) {
  ledger::OverreachQuestion question = options.overreach;
  if (auto read = read_period(options, question); !read) return output.refused(read.error());
  std::unique_ptr<ledger::Queries> queries;
  if (!options.ledger.online()) {
    auto opened = open_ledger(options.ledger);
    if (!opened) return output.refused(opened.error());
    queries = std::move(*opened);
  }
  const auto report = read_overreach(options, question, queries.get());
  if (!report) return output.refused(report.error());
  if (options.format == "csv")
    return print_file(options.table == "unused" ? reports::unused_csv(*report) : reports::unneeded_csv(*report));
  if (options.format == "html") {
    const auto names = read_names(options, queries.get());
    return names ? print_file(reports::overreach_html(*report, *names)) : output.refused(names.error());
  }
  return Output{output.json || options.format == "json"}.done(overreach_text(*report), *report);
}

int list_audit(const ReportOptions& options, const Output& output) {
  ledger::AuditFilter filter = options.audit;
  if (auto read = read_period(options, filter); !read) return output.refused(read.error());
  if (options.before != 0) filter.before = Position(options.before);
  if (options.document != 0) filter.document = Position(options.document);
  if (options.ledger.online()) {
    const auto answer = ask_api(options.ledger.api, "/api/v1/audit", ledger::texts_of(filter));
    return answer ? output.done(audit_text(*answer), *answer) : output.refused(answer.error());
  }
  auto queries = open_ledger(options.ledger);
  if (!queries) return output.refused(queries.error());
  const auto page = (*queries)->audit(filter);
  if (!page) return output.refused(page.error());
  const ReportJson json = ledger::to_json(*page, "acts");
  return output.done(audit_text(json), json);
}

void add_period(CLI::App& command, ReportOptions& options) {
  add_ledger_options(command, options.ledger);
  command.add_option("--from", options.from, "From this date or time on");
  command.add_option("--until,--to", options.until, "Up to this date, or before this time");
  command.fallthrough();
}

// The first of the tables is meant when none is named.
void add_form(CLI::App& command, ReportOptions& options, const char* about_tables, const std::vector<std::string>& tables) {
  command.add_option("--format", options.format, "csv, json or html for printing; without it, a table")
      ->check(CLI::IsMember({"csv", "json", "html"}));
  options.table = tables.front();
  command.add_option("--table", options.table, about_tables)->check(CLI::IsMember(tables))->capture_default_str();
}

void add_report_deliveries(CLI::App& command, Invocation& invocation) {
  const auto options = std::make_shared<ReportOptions>();
  add_period(command, *options);
  ledger::SendingFilter& filter = options->filter;
  command.add_option("--agreement", filter.agreement, "Under this agreement; -: where none was in question");
  command.add_option("--clause", filter.clause, "Under this clause");
  command.add_option("--party", filter.party, "Sender or recipient");
  command.add_option("--sender", filter.sender, "The sender");
  command.add_option("--recipient", filter.recipient, "Who gets it");
  command.add_option("--outcome", filter.outcome, "accepted, refused, or the code of a refusal");
  command.add_option("--reached", filter.reached, "delivered, answered, replayed, read")
      ->delimiter(',')
      ->check(CLI::IsMember(ledger::sending_marks()));
  command.add_option("--before", options->before, "Documents older than this position: the rest of a report that was cut");
  add_form(command, *options, "Of csv: sendings, one row each, or lines, what is counted of them", {"sendings", "lines"});
  command.add_option("--receipts", options->receipts, "Write the receipts of its documents into this folder; needs --data");
  command.callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return report_deliveries(*options, output); };
  });
}

void add_report_overreach(CLI::App& command, Invocation& invocation) {
  const auto options = std::make_shared<ReportOptions>();
  add_period(command, *options);
  command.add_option("--party", options->overreach.party, "Whose documents and permissions")->required();
  add_form(command, *options, "Of csv: unneeded, the fields, or unused, the permissions", {"unneeded", "unused"});
  command.callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return report_overreach(*options, output); };
  });
}

void add_audit_list(CLI::App& command, Invocation& invocation) {
  const auto options = std::make_shared<ReportOptions>();
  add_period(command, *options);
  ledger::AuditFilter& filter = options->audit;
  command.add_option("--kind", filter.kind, "A kind of act")->check(CLI::IsMember(ledger::audit_kinds()));
  command.add_option("--action", filter.action, "read, retry, stop, replay, erase, hold, release, change, grant, revoke, pause, resume");
  command.add_option("--actor", filter.actor, "Who did it: administrator:KEY-ID");
  command.add_option("--party", filter.party, "About a document that this party sent or that was addressed to it");
  command.add_option("--document", options->document, "About the document at this position");
  command.add_option("--before", options->before, "Older than this position: the next page");
  command.add_option("--limit", filter.limit, "So many rows")->capture_default_str();
  command.callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return list_audit(*options, output); };
  });
}

}  // namespace

void add_report_commands(CLI::App& app, Invocation& invocation) {
  auto* report = app.add_subcommand("report", "Reports of a period, each figure with its records")
                     ->require_subcommand(1)
                     ->fallthrough();
  add_report_deliveries(
      *report->add_subcommand("deliveries", "What was sent and became of it, by agreement, clause and party"), invocation);
  add_report_overreach(
      *report->add_subcommand("overreach", "A party's unused permissions, fields without need, and who read or repeated its documents"),
      invocation);
  auto* audit =
      app.add_subcommand("audit", "What people did at the hub")->require_subcommand(1)->fallthrough();
  add_audit_list(*audit->add_subcommand("list", "Who read a body, gave an order, changed the configuration; newest first"),
                 invocation);
}

}  // namespace hub::app
