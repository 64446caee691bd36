// config sign: an administrator vouches for the configuration folder as it is.
#include <memory>

#include "hub/agreements/configuration.hpp"
#include "hub/agreements/manifest.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/files.hpp"
#include "hub/crypto/key_file.hpp"

namespace hub::app {
namespace {

struct SignOptions {
  std::string configuration, administrator;
};

int sign_configuration(const SignOptions& options, const Output& output) {
  const auto key = crypto::read_key_file(options.administrator, "administrator", /*secret=*/true);
  if (!key) return output.refused(key.error());
  const auto items = agreements::load_configuration(options.configuration);
  if (!items) return output.refused(items.error());
  const std::string manifest =
      agreements::sign_manifest(*items, crypto::SigningKey::from_seed(*key->secret));
  const std::string path = options.configuration + "/manifest.json";
  if (auto written = write_file(path, manifest + "\n"); !written) return output.refused(written.error());
  const std::string id = to_hex(crypto::key_id(key->public_key));
  return output.done(std::to_string(items->size()) + " items signed by administrator " + id + " in " + path,
                     {{"items", items->size()}, {"administrator", id}, {"manifest", path}});
}

}  // namespace

void add_config_commands(CLI::App& app, Invocation& invocation) {
  auto* config = app.add_subcommand("config", "The configuration folder")->require_subcommand(1)->fallthrough();
  auto options = std::make_shared<SignOptions>();
  auto* command = config->add_subcommand("sign", "Check the folder and sign its manifest")->fallthrough();
  command->add_option("--configuration", options->configuration, "The folder")->required();
  command->add_option("--administrator", options->administrator, "The administrator's secret key file")->required();
  command->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return sign_configuration(*options, output); };
  });
}

}  // namespace hub::app
