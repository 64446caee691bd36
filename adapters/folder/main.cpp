// hub-adapter: connects an agency's system to the hub. One subcommand a kind of system.
#include <signal.h>
#include <sys/signalfd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "adapters/folder/folder_adapter.hpp"
#include "hub/base/error_catalogue.hpp"

namespace {

constexpr int kDone = 0, kRefused = 1, kUsage = 2;

int report(const hub::Error& error) {
  for (const auto language : {hub::Language::vietnamese, hub::Language::english})
    std::fprintf(stderr, "%s\n", hub::describe(error, language).c_str());
  return kRefused;
}

int run_folder(const std::string& config_path) {
  // Blocked before any thread exists, so that the loop reads them like everything else.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const int stop = ::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  const auto config = hub::folder::read_config(config_path);
  if (!config) return report(config.error());
  if (const auto started = hub::log::start("hub-adapter", config->log); !started) return report(started.error());
  const auto adapter = hub::folder::FolderAdapter::open(*config);
  if (!adapter) return report(adapter.error());
  if (const auto ended = (*adapter)->run(stop); !ended) return report(ended.error());
  return kDone;
}

}  // namespace

int main(int argc, char** argv) try {
  (void)hub::log::start("hub-adapter", {});  // until its settings are read
  hub::crypto::initialise();
  CLI::App app("Connects an agency's system to the hub", "hub-adapter");
  app.set_version_flag("--version", HUB_VERSION);
  app.require_subcommand(1);
  CLI::App* folder = app.add_subcommand("folder", "Files in an outbox folder to the hub, and deliveries into an inbox");
  std::string config;
  folder->add_option("--config", config, "adapter.yaml")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return run_folder(config);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return kRefused;
}
