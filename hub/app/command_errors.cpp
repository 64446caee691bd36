// errors list: the catalogue, as people read it.
#include "hub/app/commands.hpp"
#include "hub/base/error_catalogue.hpp"

namespace hub::app {
namespace {

int list_errors(const Output& output) {
  std::string text;
  nlohmann::ordered_json value = nlohmann::ordered_json::array();
  for (const CatalogueEntry& entry : error_catalogue()) {
    text.append(entry.code).append(entry.retryable ? "  (retryable)\n  " : "\n  ");
    text.append(entry.vietnamese.title).append("\n  ").append(entry.english.title).append("\n");
    value.push_back({{"code", entry.code},
                     {"retryable", entry.retryable},
                     {"vi", {{"title", entry.vietnamese.title},
                             {"reason", entry.vietnamese.reason},
                             {"action", entry.vietnamese.action}}},
                     {"en", {{"title", entry.english.title},
                             {"reason", entry.english.reason},
                             {"action", entry.english.action}}}});
  }
  text.pop_back();
  return output.done(text, value);
}

}  // namespace

void add_errors_commands(CLI::App& app, Invocation& invocation) {
  auto* errors = app.add_subcommand("errors", "The catalogue of errors")->require_subcommand(1)->fallthrough();
  auto* command = errors->add_subcommand("list", "Every code, in both languages")->fallthrough();
  command->callback([&invocation] { invocation.run = list_errors; });
}

}  // namespace hub::app
