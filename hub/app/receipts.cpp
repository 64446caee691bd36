#include "hub/app/receipts.hpp"

#include <charconv>

#include "hub/app/files.hpp"
#include "hub/app/output.hpp"
#include "hub/evidence/checkpoint_file.hpp"
#include "hub/evidence/prove.hpp"
#include "hub/evidence/tree_files.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {

// Not in the namespace below, as ReceiptMaker has one.
class LedgerHistory final : public evidence::ConfigurationHistory {
 public:
  explicit LedgerHistory(ledger::Queries& queries) : queries_(queries) {}
  Result<std::vector<Version>> versions(registry::ItemKind kind, const std::string& id, Position until) override {
    auto rows = queries_.configuration(registry::kind_name(kind), id, until);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<Version> out;
    for (auto& [position, canonical] : *rows) out.push_back({position, std::move(canonical)});
    return out;
  }

 private:
  ledger::Queries& queries_;
};

namespace {

// What of a document's history is proved: a record, and which delivery it is about.
struct ReceiptSubject {
  std::string name;  // of the file
  Position position;
  std::optional<wire::DeliveryKey> delivery;
};

std::string receipt_name(const ReceiptSubject& subject) {
  std::string digits = std::to_string(subject.position.value);
  digits.insert(0, digits.size() < 12 ? 12 - digits.size() : 0, '0');
  return digits + "-" + subject.name + ".tlog-proof";
}

std::vector<ReceiptSubject> history_of(const ledger::Trace& trace) {
  std::vector<ReceiptSubject> out = {
      {trace.document.accepted ? "accepted" : "refused", trace.document.position, std::nullopt}};
  for (const ledger::TracedDelivery& traced : trace.deliveries) {
    const auto id = wire::parse_delivery_id(traced.delivery.id);
    if (!id) continue;
    for (const ledger::DeliveryEvent& event : traced.events)
      if (event.status != "retry-ordered" && event.status != "recall-requested")
        out.push_back({event.status + "-" + std::to_string(id->key.outcome_index), event.record, id->key});
  }
  return out;
}

// A document's history, or the one record at a position that is no document's.
Result<std::vector<ReceiptSubject>> receipt_subjects(ledger::Queries& queries, const std::string& what) {
  const auto trace = queries.trace(what);
  if (trace) return history_of(*trace);
  std::uint64_t position = 0;
  const char* end = what.data() + what.size();
  const auto [stop, error] = std::from_chars(what.data(), end, position);
  if (trace.error().code != ErrorCode::not_found || error != std::errc() || stop != end)
    return tl::unexpected(trace.error());
  return std::vector<ReceiptSubject>{{"record", Position(position), std::nullopt}};
}

}  // namespace

struct ReceiptMaker::Files {
  Files(std::unique_ptr<runtime::PosixDisk> of_journal, std::unique_ptr<runtime::PosixDisk> of_tree, ledger::Queries& asked)
      : journal(std::move(of_journal)), tree(std::move(of_tree)), queries(asked), hashes(*tree), history(asked) {}

  const std::unique_ptr<runtime::PosixDisk> journal, tree;
  ledger::Queries& queries;
  const evidence::TreeReader hashes;
  LedgerHistory history;
  std::optional<evidence::Prover> prover;  // refers to what is above
};

Result<std::unique_ptr<ReceiptMaker>> ReceiptMaker::open(const std::string& data, ledger::Queries& queries) {
  if (data.empty()) return tl::unexpected(usage("give --data, the hub's data folder"));
  const std::string folder = evidence::tree_folder(data);
  auto journal = runtime::PosixDisk::open(data + "/journal");
  if (!journal) return tl::unexpected(journal.error());
  auto tree = runtime::PosixDisk::open(folder);
  if (!tree) return tl::unexpected(tree.error());
  auto checkpoint = evidence::read_checkpoint(folder);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  if (!*checkpoint) return fail(ErrorCode::not_found, {{"path", folder + "/checkpoint"}});
  auto files = std::make_unique<Files>(std::move(*journal), std::move(*tree), queries);
  auto prover = evidence::Prover::open(*files->journal, files->hashes, std::move(**checkpoint), files->history);
  if (!prover) return tl::unexpected(prover.error());
  files->prover.emplace(std::move(*prover));
  return std::unique_ptr<ReceiptMaker>(new ReceiptMaker(std::move(files)));
}

ReceiptMaker::ReceiptMaker(std::unique_ptr<Files> files) : files_(std::move(files)) {}
ReceiptMaker::~ReceiptMaker() = default;

const crypto::Checkpoint& ReceiptMaker::checkpoint() const { return files_->prover->checkpoint(); }

Result<std::vector<std::string>> ReceiptMaker::make(const std::string& what, const std::string& folder) {
  const auto found = receipt_subjects(files_->queries, what);
  if (!found) return tl::unexpected(found.error());
  std::vector<std::string> out;
  for (const ReceiptSubject& subject : *found) {
    const auto proof = files_->prover->prove(subject.position, subject.delivery);
    if (!proof) return tl::unexpected(proof.error());
    const std::string path = folder + "/" + receipt_name(subject);
    if (auto written = write_file(path, *proof); !written) return tl::unexpected(written.error());
    out.push_back(path);
  }
  return out;
}

}  // namespace hub::app
