// document list, trace; delivery list: questions to the ledger, offline or to a running hub.
#include "hub/app/commands.hpp"
#include "hub/app/ledger_option.hpp"
#include "hub/app/ledger_text.hpp"

namespace hub::app {
namespace {

// A filter as the command line has it: a time is a text, and 0 of `before` is none.
template <class Filter>
struct ListOptions {
  LedgerOption ledger;
  Filter filter;
  std::string from, until;
  std::uint64_t before = 0;
  bool by_cause = false;

  Result<Filter> read() const {
    Filter out = filter;
    if (!from.empty()) {
      const auto time = parse_bound("--from", from, /*end=*/false);
      if (!time) return tl::unexpected(time.error());
      out.from = *time;
    }
    if (!until.empty()) {
      const auto time = parse_bound("--until", until, /*end=*/true);
      if (!time) return tl::unexpected(time.error());
      out.until = *time;
    }
    if (before != 0) out.before = Position(before);
    return out;
  }
};
using DocumentOptions = ListOptions<ledger::DocumentFilter>;
using DeliveryListOptions = ListOptions<ledger::DeliveryFilter>;

struct TraceOptions {
  LedgerOption ledger;
  std::string what;
};

int list_documents(const DocumentOptions& options, const Output& output) {
  const auto filter = options.read();
  if (!filter) return output.refused(filter.error());
  if (options.ledger.online()) {
    const auto answer = ask_api(options.ledger.api, "/api/v1/documents", ledger::texts_of(*filter));
    return answer ? output.done(documents_text(*answer), *answer) : output.refused(answer.error());
  }
  auto queries = open_ledger(options.ledger);
  if (!queries) return output.refused(queries.error());
  const auto page = (*queries)->documents(*filter);
  if (!page) return output.refused(page.error());
  const auto json = ledger::to_json(*page, "documents");
  return output.done(documents_text(json), json);
}

int list_deliveries(const DeliveryListOptions& options, const Output& output) {
  const auto filter = options.read();
  if (!filter) return output.refused(filter.error());
  if (options.ledger.online()) {
    auto parameters = ledger::texts_of(*filter);
    if (options.by_cause) parameters.emplace_back("by_cause", "true");
    const auto answer = ask_api(options.ledger.api, "/api/v1/deliveries", parameters);
    if (!answer) return output.refused(answer.error());
    return output.done(options.by_cause ? causes_text(*answer) : deliveries_text(*answer), *answer);
  }
  auto queries = open_ledger(options.ledger);
  if (!queries) return output.refused(queries.error());
  if (options.by_cause) {
    const auto causes = (*queries)->deliveries_by_cause(*filter);
    if (!causes) return output.refused(causes.error());
    nlohmann::ordered_json json = {{"causes", nlohmann::ordered_json::array()}};
    for (const ledger::CauseCount& cause : *causes) json["causes"].push_back(ledger::to_json(cause));
    return output.done(causes_text(json), json);
  }
  const auto page = (*queries)->deliveries(*filter);
  if (!page) return output.refused(page.error());
  const auto json = ledger::to_json(*page, "deliveries");
  return output.done(deliveries_text(json), json);
}

int trace(const TraceOptions& options, const Output& output) {
  if (options.ledger.online()) {
    const auto answer = ask_api(options.ledger.api, "/api/v1/documents/" + percent_encoded(options.what), {});
    return answer ? output.done(trace_text(*answer), *answer) : output.refused(answer.error());
  }
  auto queries = open_ledger(options.ledger);
  if (!queries) return output.refused(queries.error());
  const auto trace = (*queries)->trace(options.what);
  if (!trace) return output.refused(trace.error());
  const auto json = ledger::to_json(*trace);
  return output.done(trace_text(json), json);
}

// What both lists have.
template <class Filter>
void add_list_options(CLI::App& command, ListOptions<Filter>& options) {
  add_ledger_options(command, options.ledger);
  Filter& filter = options.filter;
  command.add_option("--party", filter.party, "Sender or recipient");
  command.add_option("--sender", filter.sender, "The sender");
  command.add_option("--recipient", filter.recipient, "A recipient");
  command.add_option("--type", filter.type, "The type; without a version: any version");
  command.add_option("--state", filter.state, "pending, delivered, refused, …: of a delivery");
  command.add_option("--from", options.from, "From this date or time on");
  command.add_option("--until", options.until, "Up to this date, or before this time");
  command.add_option("--before", options.before, "Older than this position: the next page");
  command.add_option("--limit", filter.limit, "So many rows")->capture_default_str();
  command.fallthrough();
}

void add_document_list(CLI::App& command, Invocation& invocation) {
  const auto options = std::make_shared<DocumentOptions>();
  add_list_options(command, *options);
  ledger::DocumentFilter& filter = options->filter;
  command.add_option("--agreement", filter.agreement, "An outcome names this agreement");
  command.add_option("--clause", filter.clause, "An outcome names this clause");
  command.add_option("--unneeded", filter.unneeded, "A clause let this field through without need");
  command.add_option("--code", filter.code, "Refused with this code");
  command.add_option("--text", filter.text, "Words of subject or number, with or without diacritics");
  command.add_option("--case", filter.case_reference, "A number that the case goes by, such as 15/2022/VA-VKS");
  command.add_option("--conversation", filter.conversation, "The id of a conversation");
  command.add_option("--urgency", filter.urgency, "0 to 4");
  const auto accepted = command.add_flag_callback(
      "--accepted", [&filter] { filter.accepted = true; }, "Accepted ones");
  command
      .add_flag_callback(
          "--refused", [&filter] { filter.accepted = false; }, "Refused ones")
      ->excludes(accepted);
  command.add_flag_callback(
      "--late", [&filter] { filter.late = true; }, "Not come to a recipient within 15 minutes");
  command.callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return list_documents(*options, output); };
  });
}

void add_delivery_list(CLI::App& command, Invocation& invocation) {
  const auto options = std::make_shared<DeliveryListOptions>();
  add_list_options(command, *options);
  command.add_option("--endpoint", options->filter.endpoint, "To this endpoint");
  command.add_option("--cause", options->filter.cause, "Failed with this code");
  command.add_flag("--by-cause", options->by_cause, "How many there are for each cause of failure");
  command.callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return list_deliveries(*options, output); };
  });
}

}  // namespace

void add_document_commands(CLI::App& app, Invocation& invocation) {
  auto* document =
      app.add_subcommand("document", "Documents, as the ledger has them")->require_subcommand(1)->fallthrough();
  add_document_list(*document->add_subcommand("list", "Documents, newest first"), invocation);
  const auto options = std::make_shared<TraceOptions>();
  auto* trace_command = document->add_subcommand("trace", "A document's whole history")->fallthrough();
  trace_command->add_option("what", options->what, "A document's id or position, or a delivery's id")->required();
  add_ledger_options(*trace_command, options->ledger);
  trace_command->callback(
      [options, &invocation] { invocation.run = [options](const Output& output) { return trace(*options, output); }; });
  add_reading_command(*document, invocation);
  auto* delivery =
      app.add_subcommand("delivery", "Deliveries, as the ledger has them; and orders about them")->require_subcommand(1)->fallthrough();
  add_delivery_list(*delivery->add_subcommand("list", "Deliveries, newest first"), invocation);
  add_delivery_orders(*delivery, invocation);
}

}  // namespace hub::app
