// log key, prove, verify: evidence that needs no trust in the hub.
#include <filesystem>
#include <memory>
#include <set>

#include "hub/app/commands.hpp"
#include "hub/app/files.hpp"
#include "hub/app/ledger_option.hpp"
#include "hub/app/log_commands.hpp"
#include "hub/app/receipt_text.hpp"
#include "hub/app/receipts.hpp"
#include "hub/app/tree_keys.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/journal/follow.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {
namespace {

struct LogOptions {
  LedgerOption ledger;
  std::string what, delivery, out = ".";
  std::vector<std::string> files, keys, agreements;
  std::string document;
  bool chain = false;
};

int prove(const LogOptions& options, const Output& output) {
  auto queries = open_ledger(options.ledger);
  if (!queries) return output.refused(queries.error());
  auto maker = ReceiptMaker::open(options.ledger.data, **queries);
  if (!maker) return output.refused(maker.error());
  if (auto made = make_folder(options.out, 0777); !made) return output.refused(made.error());
  const auto paths = (*maker)->make(options.what, options.out);
  if (!paths) return output.refused(paths.error());
  std::string text;
  for (const std::string& path : *paths) text += path + "\n";
  const crypto::Checkpoint& checkpoint = (*maker)->checkpoint();
  return output.done(text + "checkpoint of " + checkpoint.origin + ", " + std::to_string(checkpoint.size) + " records",
                     {{"receipts", *paths}, {"origin", checkpoint.origin}, {"size", checkpoint.size}});
}

// Record 0 names the hub and its tree key.
Result<broker::JournalCreated> created(const std::string& data) {
  auto disk = runtime::PosixDisk::open(data + "/journal");
  if (!disk) return tl::unexpected(disk.error());
  auto follower = journal::Follower::open(**disk, Position(0));
  if (!follower) return tl::unexpected(follower.error());
  const auto view = follower->next(Position(1));
  if (!view) return tl::unexpected(view.error());
  if (!*view) return fail(ErrorCode::journal_missing, {{"path", data}});
  const auto record = broker::decode({}, (*view)->kind, (*view)->metadata, (*view)->body_digest);
  if (!record) return tl::unexpected(record.error());
  return std::get<broker::JournalCreated>(*record);
}

// The key of record 0, by which the oldest receipts are verified, and those that came after it.
Result<std::vector<crypto::PublicKey>> known_tree_keys(const std::string& data, const crypto::PublicKey& first) {
  std::set<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(data + "/keys", error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("tree") && name.ends_with(".json.pub")) paths.insert(entry.path().string());
  }
  std::vector<crypto::PublicKey> out = {first};
  for (const std::string& path : paths) {
    const auto key = crypto::read_key_file(path, "tree", /*secret=*/false);
    if (!key) return tl::unexpected(key.error());
    if (key->public_key != first) out.push_back(key->public_key);
  }
  return out;
}

int key(const LogOptions& options, const Output& output) {
  const auto first = created(options.ledger.data);
  if (!first) return output.refused(first.error());
  const auto keys = known_tree_keys(options.ledger.data, first->tree_key);
  if (!keys) return output.refused(keys.error());
  std::string text;
  auto listed = nlohmann::ordered_json::array();
  for (const crypto::PublicKey& key : *keys) {
    listed.push_back(crypto::verifier_key({first->origin, key}));
    text += (text.empty() ? "" : "\n") + listed.back().get<std::string>();
  }
  return output.done(text, {{"origin", first->origin}, {"keys", listed}});
}

int verify_receipts(const LogOptions& options, const Output& output) {
  evidence::Trust trust;
  trust.chain = options.chain;
  auto keys = tree_keys(options.keys);
  if (!keys) return output.refused(keys.error());
  trust.tree_keys = std::move(*keys);
  if (!options.document.empty()) {
    const auto document = read_file(options.document);
    if (!document) return output.refused(document.error());
    trust.document = Buffer(document->begin(), document->end());
  }
  for (const std::string& path : options.agreements) {
    auto canonical = read_file(path);
    if (!canonical) return output.refused(canonical.error());
    while (canonical->ends_with('\n')) canonical->pop_back();
    trust.agreements.push_back(std::move(*canonical));
  }
  int outcome = kDone;
  for (const std::string& path : options.files) {
    const auto file = read_file(path);
    if (!file) return output.refused(file.error());
    const evidence::Verdict verdict = evidence::verify_receipt(*file, trust);
    nlohmann::ordered_json json = verdict_json(verdict);
    json["receipt"] = path;
    output.done(path + "\n" + verdict_text(verdict) + (verdict.failure ? "" : "\nĐẠT / HOLDS"), json);
    if (verdict.failure && !output.json) output.refused(*verdict.failure);
    if (verdict.failure) outcome = kRefused;
  }
  return outcome;
}

}  // namespace

void add_log_commands(CLI::App& app, Invocation& invocation) {
  auto* log = app.add_subcommand("log", "Evidence: receipts, checkpoints and their proofs, checked without the hub")
                  ->require_subcommand(1)
                  ->fallthrough();
  const auto options = std::make_shared<LogOptions>();
  const auto on = [&invocation, options, log](const char* name, const char* what,
                                              int (*run)(const LogOptions&, const Output&)) {
    auto* command = log->add_subcommand(name, what)->fallthrough();
    command->callback([options, &invocation, run] {
      invocation.run = [options, run](const Output& output) { return run(*options, output); };
    });
    return command;
  };
  auto* key_command = on("key", "The public key by which a hub's checkpoints and receipts are verified", key);
  key_command->add_option("--data", options->ledger.data, "The hub's data folder")->required();

  auto* prove_command = on("prove", "Make the receipts of a document: its decision and what became of it", prove);
  prove_command->add_option("what", options->what, "A document's id, a delivery's id, or a position in the journal")->required();
  prove_command->add_option("--data", options->ledger.data, "The hub's data folder")->required();
  prove_command->add_option("--ledger", options->ledger.ledger, "The ledger's file or PostgreSQL address, when it is not in there");
  prove_command->add_option("--out", options->out, "The folder for the receipts");

  auto* verify_command = on("verify", "Check receipts: offline, with public keys alone", verify_receipts);
  verify_command->add_option("receipt", options->files, "Receipts: .tlog-proof files")->required();
  verify_command->add_option("--key", options->keys, "The hub's verifier key (hubctl log key), or a file with it")->required();
  verify_command->add_flag("--chain", options->chain, "Down to the agreement: signature, certificate, root key");
  verify_command->add_option("--document", options->document, "The document as it was signed: is it that one?");
  verify_command->add_option("--agreement", options->agreements,
                             "An agreement in canonical form, as you have it: is it that one?");
  add_log_consistency(*log, invocation);
  add_log_reconcile(*log, invocation);
}

}  // namespace hub::app
