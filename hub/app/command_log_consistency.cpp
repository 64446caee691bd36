// log consistency: whether a hub's log continues the one that was seen earlier.
#include <memory>

#include "hub/app/api_client.hpp"
#include "hub/app/api_option.hpp"
#include "hub/app/files.hpp"
#include "hub/app/log_commands.hpp"
#include "hub/app/served_tree.hpp"
#include "hub/app/tree_keys.hpp"
#include "hub/evidence/checkpoint_file.hpp"
#include "hub/evidence/continuation.hpp"
#include "hub/evidence/tree_files.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {
namespace {

struct ConsistencyOptions {
  std::string seen, shown, data;
  ApiAddress api;  // without a token
  std::vector<std::string> keys;
};

Result<std::string> newest_note(const ConsistencyOptions& options) {
  if (!options.api.url.empty()) return ask_public(options.api, "/checkpoint");
  const std::string folder = evidence::tree_folder(options.data);
  auto note = evidence::read_checkpoint(folder);
  if (!note) return tl::unexpected(note.error());
  if (!*note) return fail(ErrorCode::not_found, {{"path", folder + "/checkpoint"}});
  return std::move(**note);
}

Result<crypto::Checkpoint> opened(const Result<std::string>& note, const std::vector<crypto::NoteKey>& keys) {
  if (!note) return tl::unexpected(note.error());
  return crypto::open_checkpoint(*note, keys.front().name, keys);
}

Result<std::vector<crypto::Digest>> check_consistency(const ConsistencyOptions& options, const crypto::Checkpoint& seen,
                                                      const crypto::Checkpoint& shown) {
  if (!options.api.url.empty())
    return evidence::check_continuation(seen, shown, ServedTree(options.api, shown.size));
  const auto disk = runtime::PosixDisk::open(evidence::tree_folder(options.data));
  if (!disk) return tl::unexpected(disk.error());
  return evidence::check_continuation(seen, shown, evidence::TreeReader(**disk));
}

nlohmann::ordered_json checkpoint_json(const crypto::Checkpoint& checkpoint) {
  return {{"size", checkpoint.size}, {"root", to_base64(checkpoint.root)}};
}
std::string line_of(const char* name, const crypto::Checkpoint& checkpoint) {
  return std::string("\n   ") + name + ": " + std::to_string(checkpoint.size) + ", " + to_base64(checkpoint.root);
}

int consistency(const ConsistencyOptions& options, const Output& output) {
  if (options.data.empty() == options.api.url.empty())
    return output.refused(usage("give --data, the hub's data folder, or --api, its HTTP address"));
  const auto keys = tree_keys(options.keys);
  if (!keys) return output.refused(keys.error());
  const auto seen = opened(read_file(options.seen), *keys);
  if (!seen) return output.refused(seen.error());
  const auto shown = opened(options.shown.empty() ? newest_note(options) : read_file(options.shown), *keys);
  if (!shown) return output.refused(shown.error());
  const auto proof = check_consistency(options, *seen, *shown);
  if (!proof) return output.refused(proof.error());
  auto hashes = nlohmann::ordered_json::array();
  for (const crypto::Digest& hash : *proof) hashes.push_back(to_hex(hash));
  const std::string added = std::to_string(shown->size - seen->size);
  return output.done("Sổ ghi của " + shown->origin + " nối tiếp đúng điểm chốt cũ; thêm " + added + " bản ghi.\n" +
                         "The log of " + shown->origin + " continues the old checkpoint; " + added +
                         " records were added." + line_of("cũ / old", *seen) + line_of("mới / new", *shown),
                     {{"continues", true},
                      {"origin", shown->origin},
                      {"old", checkpoint_json(*seen)},
                      {"new", checkpoint_json(*shown)},
                      {"proof", hashes}});
}

}  // namespace

void add_log_consistency(CLI::App& log, Invocation& invocation) {
  const auto options = std::make_shared<ConsistencyOptions>();
  auto* command = log.add_subcommand("consistency", "Whether the log continues what an earlier checkpoint says of it")
                      ->fallthrough();
  command->add_option("old", options->seen, "The checkpoint that was seen: a signed note")->required();
  command->add_option("new", options->shown, "A later one; else the hub's newest");
  command->add_option("--key", options->keys, "The hub's verifier key (hubctl log key), or a file with it")->required();
  command->add_option("--data", options->data, "The hub's data folder");
  command->add_option("--api", options->api.url, "A running hub's HTTP address, http://127.0.0.1:7480");
  add_ca_option(*command, options->api);
  command->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return consistency(*options, output); };
  });
}

}  // namespace hub::app
