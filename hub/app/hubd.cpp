// hubd: the hub. `hubd --config hub.yaml` runs it, `hubd check --config hub.yaml` starts nothing.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "hub/agreements/configuration.hpp"
#include "hub/agreements/manifest.hpp"
#include "hub/app/as_of.hpp"
#include "hub/app/hub_settings.hpp"
#include "hub/app/output.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/console/console.hpp"
#include "hub/crypto/keys.hpp"
#include "hub/evidence/checkpoint_file.hpp"
#include "hub/journal/walk.hpp"
#include "hub/log/log.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace {

// The administrators that record 0 of the journal names.
hub::Result<std::vector<hub::crypto::PublicKey>> read_administrators(const std::string& data) {
  auto disk = hub::runtime::PosixDisk::open(data + "/journal");
  if (!disk) return tl::unexpected(disk.error());
  std::vector<hub::crypto::PublicKey> keys;
  bool found = false;
  const auto walked = hub::journal::for_each_record(
      **disk, [&](const hub::journal::RecordView& view, const hub::journal::Place&) -> hub::Result<void> {
        const auto record = hub::broker::decode({}, view.kind, view.metadata, view.body_digest);
        if (!record) return tl::unexpected(record.error());
        keys = std::get<hub::broker::JournalCreated>(*record).administrators;
        found = true;
        return hub::fail(hub::ErrorCode::not_found);  // the rest is not needed
      });
  if (!found && !walked) return tl::unexpected(walked.error());
  return keys;
}

int check(const std::string& config, const hub::app::Output& output) {
  const auto settings = hub::app::read_hub_settings(config);
  if (!settings) return output.refused(settings.error());
  if (settings->console)
    if (const auto good = hub::console::Console::check(*settings->console); !good) return output.refused(good.error());
  const auto items = hub::agreements::load_configuration(settings->configuration);
  if (!items) return output.refused(items.error());
  const auto administrators = read_administrators(settings->data);
  if (!administrators) return output.refused(administrators.error());
  const auto signer = hub::agreements::verify_manifest_file(settings->configuration, *items, *administrators);
  if (!signer) return output.refused(signer.error());
  return output.done(config + ": good, " + std::to_string(items->size()) + " items in " + settings->configuration,
                     {{"ok", true}, {"items", items->size()}});
}

int run(const std::string& config, const std::string& as_of, const hub::app::Output& output) {
  auto settings = hub::app::read_hub_settings(config);
  if (!settings) return output.refused(settings.error());
  if (auto started = hub::log::start("hubd", settings->log); !started) return output.refused(started.error());
  if (!as_of.empty()) {
    const auto parsed = hub::app::parse_as_of(as_of);
    if (!parsed) return output.refused(parsed.error());
    settings->as_of = *parsed;
  }
  settings->version = HUB_VERSION;
  std::string console, first_user_link;
  if (settings->console) {
    settings->console->version = settings->version;
    settings->console->ledger = settings->ledger;
    settings->console->tree = hub::evidence::tree_folder(settings->data);
    settings->console->journal = settings->data + "/journal";
    settings->console->access = hub::app::access_path(settings->data);
    settings->companion = [&](hub::runtime::Mailbox& mailbox, std::shared_ptr<const hub::runtime::PublishedUsers> users)
        -> hub::Result<std::unique_ptr<hub::runtime::Companion>> {
      auto started = hub::console::Console::start(*settings->console, mailbox, std::move(users));
      if (!started) return tl::unexpected(started.error());
      console = (*started)->address();
      first_user_link = (*started)->first_user_link().value_or("");
      return std::unique_ptr<hub::runtime::Companion>(std::move(*started));
    };
  }
  const auto ready = [&](const std::string& address) {
    std::printf("ready %s\n", address.c_str());
    if (!console.empty()) std::printf("console %s\n", console.c_str());
    if (!first_user_link.empty()) std::printf("first-user %s\n", first_user_link.c_str());
    std::fflush(stdout);
  };
  if (auto ran = hub::runtime::run_hub(*settings, ready); !ran) return output.refused(ran.error());
  return hub::app::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  hub::crypto::initialise();
  (void)hub::log::start("hubd", {});  // until its settings are read
  CLI::App app{"The coordination hub"};
  app.set_version_flag("--version", HUB_VERSION);
  std::string config;
  hub::app::Output output;
  app.add_option("--config", config, "hub.yaml")->required();
  app.add_flag("--json", output.json, "Print errors as JSON");
  std::string as_of;
  app.add_option("--as-of", as_of,
                 "Start the clock at this date (08:00 in Vietnam) or RFC 3339 time; on demonstration data alone");
  app.fallthrough();
  const CLI::App* check_command =
      app.add_subcommand("check", "Check the configuration and start nothing")->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? hub::app::kDone : hub::app::kUsage;
  }
  return check_command->parsed() ? check(config, output) : run(config, as_of, output);
}
