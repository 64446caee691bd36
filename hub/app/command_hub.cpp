// hub init: record 0, and the keys of a new hub.
#include <memory>
#include <optional>

#include "hub/app/as_of.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/files.hpp"
#include "hub/app/hub_settings.hpp"
#include "hub/base/check.hpp"
#include "hub/base/time.hpp"
#include "hub/broker/state.hpp"
#include "hub/console/token.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/registry/names.hpp"
#include "hub/runtime/folder_secrets.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "hub/runtime/real_ports.hpp"
#include "hub/runtime/recorder.hpp"

namespace hub::app {
namespace {

struct InitOptions {
  std::string data, origin;
  std::vector<std::string> administrators;
  bool demo = false;
  std::string as_of;  // the time of record 0; the machine's if empty
  std::uint64_t segment_mib = 128;
};

Result<crypto::KeyFile> make_key(const std::string& folder, const std::string& use) {
  const crypto::KeyFile key = crypto::new_key(use);
  const crypto::KeyFile public_half{key.use, key.public_key, std::nullopt};
  if (auto written = crypto::write_key_file(folder + "/" + use + ".json", key); !written)
    return tl::unexpected(written.error());
  if (auto written = crypto::write_key_file(folder + "/" + use + ".json.pub", public_half); !written)
    return tl::unexpected(written.error());
  return key;
}

// The administrators' public keys; without any, a new one.
Result<std::vector<crypto::PublicKey>> administrators(const InitOptions& options) {
  std::vector<crypto::PublicKey> keys;
  for (const std::string& path : options.administrators) {
    const auto key = crypto::read_key_file(path, "administrator", /*secret=*/false);
    if (!key) return tl::unexpected(key.error());
    keys.push_back(key->public_key);
  }
  if (keys.empty()) {
    const auto key = make_key(options.data + "/keys", "administrator");
    if (!key) return tl::unexpected(key.error());
    keys.push_back(key->public_key);
  }
  return keys;
}

// The folder for a new journal; journal_exists when there is something in it, before a single key is made.
Result<std::unique_ptr<runtime::PosixDisk>> open_empty(const std::string& folder) {
  auto disk = runtime::PosixDisk::open_locked(folder);
  if (!disk) return disk;
  const auto files = (*disk)->list();
  if (!files) return tl::unexpected(files.error());
  for (const std::string& file : *files)
    if (file.ends_with(".seg")) return fail(ErrorCode::journal_exists, {{"path", folder}});
  return disk;
}

// Record 0, durable.
Result<journal::JournalId> write_first_record(ports::Disk& disk, const InitOptions& options,
                                              std::optional<UnixMicros> as_of, const broker::JournalCreated& created) {
  runtime::SystemClock clock = as_of ? runtime::SystemClock(*as_of) : runtime::SystemClock();
  runtime::SystemRandomness randomness;
  journal::JournalId id;
  randomness.fill(id);
  journal::Options journal_options;
  journal_options.segment_bytes = options.segment_mib << 20;
  auto journal = journal::Journal::create(disk, id, journal_options);
  if (!journal) return tl::unexpected(journal.error());
  broker::State state(0);
  auto secrets = runtime::FolderSecrets::open_or_make(options.data + "/storage-keys");
  if (!secrets) return tl::unexpected(secrets.error());
  runtime::BodySealer sealer(*secrets);
  runtime::Recorder recorder(clock, randomness, **journal, state, sealer);
  recorder.read_clock();
  recorder.record(created);
  auto group = (*journal)->take_group();
  if (auto written = (*journal)->write(*group); !written) return tl::unexpected(written.error());
  (*journal)->finished(std::move(group));
  return id;
}

int init(const InitOptions& options, const Output& output) {
  if (!registry::is_party_id(options.origin))
    return output.refused(usage("--origin is lower-case letters, digits, dots and hyphens"));
  std::optional<UnixMicros> as_of;
  if (!options.as_of.empty()) {
    const auto parsed = parse_as_of(options.as_of);
    if (!parsed) return output.refused(parsed.error());
    as_of = *parsed;
  }
  if (as_of && !options.demo)
    return output.refused(usage("--as-of works on demonstration data alone: add --demo"));
  for (const char* folder : {"", "/journal", "/keys"})
    if (auto made = make_folder(options.data + folder, 0700); !made) return output.refused(made.error());
  auto disk = open_empty(options.data + "/journal");
  if (!disk) return output.refused(disk.error());
  broker::JournalCreated created;
  created.origin = options.origin;
  created.demo = options.demo;
  const auto transport = make_key(options.data + "/keys", "transport");
  if (!transport) return output.refused(transport.error());
  if (auto made = console::ensure_token_file(token_path(options.data)); !made) return output.refused(made.error());
  const auto tree = make_key(options.data + "/keys", "tree");
  if (!tree) return output.refused(tree.error());
  created.tree_key = tree->public_key;
  auto keys = administrators(options);
  if (!keys) return output.refused(keys.error());
  created.administrators = std::move(*keys);
  const auto id = write_first_record(**disk, options, as_of, created);
  if (!id) return output.refused(id.error());
  return output.done("hub " + options.origin + " initialised in " + options.data + "\njournal        " + to_hex(*id) +
                         "\ntransport key  " + to_base64(transport->public_key),
                     {{"origin", options.origin},
                      {"journal_id", to_hex(*id)},
                      {"transport_key", to_base64(transport->public_key)},
                      {"demo", options.demo}});
}

}  // namespace

void add_hub_commands(CLI::App& app, Invocation& invocation) {
  auto* hub = app.add_subcommand("hub", "The hub itself")->require_subcommand(1)->fallthrough();
  auto options = std::make_shared<InitOptions>();
  auto* command = hub->add_subcommand("init", "Make a hub's data folder: keys, and record 0 of its journal")->fallthrough();
  command->add_option("--data", options->data, "The folder to make")->required();
  command->add_option("--origin", options->origin, "The hub's name; it goes into every signature")->required();
  command->add_option("--administrator", options->administrators,
                      "An administrator's public key file; may be given again. Without one a new key is made");
  command->add_flag("--demo", options->demo, "Mark the journal as demonstration data");
  command->add_option("--as-of", options->as_of, "With --demo: the date (08:00 in Vietnam) or RFC 3339 time at which the journal begins");
  command->add_option("--segment-mib", options->segment_mib, "Size of a journal segment, 16 to 4096")->check(CLI::Range(16, 4096));
  command->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return init(*options, output); };
  });
}

}  // namespace hub::app
