// document read: a body, shown to an administrator by a running hub, which records it.
#include <memory>

#include "hub/app/api_option.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/files.hpp"
#include "hub/app/statements.hpp"
#include "hub/broker/readings.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;

struct ReadingOptions {
  std::string what, reason, key, out;
  ApiAddress api;
};

// Signed, about the document as the running hub's ledger has it, by the hub's clock.
Result<std::string> sign_request(const ReadingOptions& options) {
  const auto administrator = read_administrator(options.key);
  if (!administrator) return tl::unexpected(administrator.error());
  const auto status = ask_api(options.api, "/api/v1/status", {});
  if (!status) return tl::unexpected(status.error());
  const auto trace = ask_api(options.api, "/api/v1/documents/" + percent_encoded(options.what), {});
  if (!trace) return tl::unexpected(trace.error());
  const auto time = parse_rfc3339(status->value(Json::json_pointer("/live/time"), std::string()));
  const auto basics = statement_basics(status->value(Json::json_pointer("/live/journal/id"), std::string()), options.reason,
                                       time.value_or(UnixMicros()));
  if (!basics) return tl::unexpected(basics.error());
  const std::uint64_t position = trace->value(Json::json_pointer("/document/position"), std::uint64_t{0});
  return broker::sign_reading({Position(position), *basics}, *administrator);
}

int read_body(const ReadingOptions& options, const Output& output) {
  const auto request = sign_request(options);
  if (!request) return output.refused(request.error());
  const auto answer = tell_api(options.api, "/api/v1/readings", *request);
  if (!answer) return output.refused(answer.error());
  const std::string document = answer->value("document", Json()).dump(2);
  const std::string recorded = "recorded at position " + answer->value("position", Json()).dump();
  if (options.out.empty()) return output.done(document + "\n" + recorded, *answer);
  if (auto written = write_file(options.out, document + "\n"); !written) return output.refused(written.error());
  return output.done("written to " + options.out + ", " + recorded,
                     {{"file", options.out}, {"position", answer->value("position", Json())}});
}

}  // namespace

void add_reading_command(CLI::App& document, Invocation& invocation) {
  auto options = std::make_shared<ReadingOptions>();
  auto* command =
      document.add_subcommand("read", "A document's body; that it was read, by whom and why, is recorded")->fallthrough();
  command->add_option("what", options->what, "A document's id or position, or a delivery's id")->required();
  command->add_option("--reason", options->reason, "Why; it is recorded")->required();
  command->add_option("--key", options->key, "An administrator's secret key file")->required();
  command->add_option("--out", options->out, "A file for the document; else it is printed");
  command->add_option("--api", options->api.url, "The running hub's HTTP address")->required();
  command->add_option("--token-file", options->api.token_file, "The file with the API's token")->required();
  add_ca_option(*command, options->api);
  command->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return read_body(*options, output); };
  });
}

}  // namespace hub::app
