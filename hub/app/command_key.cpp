// key new, certify, revoke: a party's keys, and what its root key says of them.
#include <memory>

#include "hub/app/commands.hpp"
#include "hub/app/files.hpp"
#include "hub/base/time.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/registry/credentials.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

constexpr std::int64_t kCertificateMicros = 2 * 365 * kMicrosPerDay;

struct KeyOptions {
  std::string use, out, root, party, key, from, until, at, reason;
};

Result<UnixMicros> time_or(const std::string& text, const char* option, UnixMicros fallback) {
  if (text.empty()) return fallback;
  const auto time = parse_rfc3339(text);
  if (!time)
    return tl::unexpected(usage(std::string(option) + " is an RFC 3339 time, as 2024-03-12T01:00:00Z"));
  return *time;
}

int make(const KeyOptions& options, const Output& output) {
  if (!crypto::is_key_use(options.use))
    return output.refused(usage("--use is root, signing, administrator, tree or transport"));
  const crypto::KeyFile key = crypto::new_key(options.use);
  const crypto::KeyFile public_half{key.use, key.public_key, std::nullopt};
  if (auto written = crypto::write_key_file(options.out, key); !written) return output.refused(written.error());
  if (auto written = crypto::write_key_file(options.out + ".pub", public_half); !written)
    return output.refused(written.error());
  const std::string id = to_hex(crypto::key_id(key.public_key));
  return output.done(options.use + " key " + id + " in " + options.out + ", its public half in " + options.out + ".pub",
                     {{"use", options.use},
                      {"key_id", id},
                      {"public", to_base64(key.public_key)},
                      {"fingerprint", crypto::fingerprint(key.public_key)}});
}

int write_credential(const KeyOptions& options, const registry::Statement& statement, const crypto::KeyFile& root,
                     const std::string& done, const Output& output) {
  const std::string text = registry::sign_credential(statement, crypto::SigningKey::from_seed(*root.secret));
  if (auto written = write_file(options.out, text + "\n"); !written) return output.refused(written.error());
  return output.done(done + " in " + options.out, nlohmann::ordered_json::parse(text));
}

int certify(const KeyOptions& options, const Output& output) {
  const auto root = crypto::read_key_file(options.root, "root", /*secret=*/true);
  if (!root) return output.refused(root.error());
  const auto key = crypto::read_key_file(options.key, "signing", /*secret=*/false);
  if (!key) return output.refused(key.error());
  const auto from = time_or(options.from, "--from", runtime::SystemClock().now());
  if (!from) return output.refused(from.error());
  const auto until = time_or(options.until, "--until", UnixMicros(from->value + kCertificateMicros));
  if (!until) return output.refused(until.error());
  if (*until <= *from) return output.refused(usage("--until must come after --from"));
  const registry::Certificate certificate{options.party, key->public_key, *from, *until};
  return write_credential(options, certificate, *root, "certificate of " + to_hex(crypto::key_id(key->public_key)),
                          output);
}

int revoke(const KeyOptions& options, const Output& output) {
  const auto root = crypto::read_key_file(options.root, "root", /*secret=*/true);
  if (!root) return output.refused(root.error());
  const auto key = crypto::read_key_file(options.key, "signing", /*secret=*/false);
  if (!key) return output.refused(key.error());
  const auto at = time_or(options.at, "--at", runtime::SystemClock().now());
  if (!at) return output.refused(at.error());
  const crypto::KeyId id = crypto::key_id(key->public_key);
  return write_credential(options, registry::Revocation{options.party, id, *at, options.reason}, *root,
                          "revocation of " + to_hex(id), output);
}

}  // namespace

void add_key_commands(CLI::App& app, Invocation& invocation) {
  auto* key = app.add_subcommand("key", "Keys of parties and administrators")->require_subcommand(1)->fallthrough();
  auto options = std::make_shared<KeyOptions>();
  const auto on = [&invocation, options](CLI::App* command, int (*run)(const KeyOptions&, const Output&)) {
    command->fallthrough();
    command->callback([options, &invocation, run] {
      invocation.run = [options, run](const Output& output) { return run(*options, output); };
    });
  };

  auto* make_command = key->add_subcommand("new", "Make a key: FILE and FILE.pub");
  make_command->add_option("--use", options->use, "root, signing, administrator or transport")->required();
  make_command->add_option("--out", options->out, "The secret key's file; it must not be there")->required();
  on(make_command, make);

  auto* certify_command = key->add_subcommand("certify", "Let a party's root key certify a signing key");
  auto* revoke_command = key->add_subcommand("revoke", "Let a party's root key revoke a signing key");
  for (CLI::App* command : {certify_command, revoke_command}) {
    command->add_option("--root", options->root, "The party's secret root key file")->required();
    command->add_option("--party", options->party, "The party's id")->required();
    command->add_option("--key", options->key, "The signing key's public file")->required();
    command->add_option("--out", options->out, "The credential's file")->required();
  }
  certify_command->add_option("--from", options->from, "Active from (RFC 3339); now, without it");
  certify_command->add_option("--until", options->until, "Active until; two years later, without it");
  revoke_command->add_option("--at", options->at, "Revoked from (RFC 3339); now, without it");
  revoke_command->add_option("--reason", options->reason, "Why")->required();
  on(certify_command, certify);
  on(revoke_command, revoke);
}

}  // namespace hub::app
