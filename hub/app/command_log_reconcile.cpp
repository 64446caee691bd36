// log reconcile: the stores of endpoints held against the journal, by the ledger.
#include <algorithm>
#include <map>
#include <memory>

#include "adapters/sdk/holdings.hpp"
#include "hub/app/ledger_option.hpp"
#include "hub/app/log_commands.hpp"
#include "hub/app/reconciliation_text.hpp"
#include "hub/journal/durable_end.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {
namespace {

struct ReconcileOptions {
  LedgerOption ledger;
  std::vector<std::string> adapters;
};

// What the endpoints of one party have, as one.
struct Party {
  evidence::Holdings holdings;
  std::optional<Bytes<16>> journal_id;
};

void add(Party& party, sdk::Holdings store) {
  evidence::Holdings& all = party.holdings;
  all.party = store.party;
  all.complete_since = std::max(all.complete_since, store.complete_since);
  for (const sdk::HeldDocument& held : store.outbox)
    all.outbox.push_back({held.id, held.state != sdk::OutboxState::queued, held.position, held.leaf});
  for (sdk::HeldDelivery& held : store.inbox) all.inbox.push_back({std::move(held.id), held.leaf});
  if (store.journal_id) party.journal_id = store.journal_id;
}

Result<std::map<std::string, Party>> read_stores(const std::vector<std::string>& folders) {
  std::map<std::string, Party> out;
  for (const std::string& folder : folders) {
    auto store = sdk::read_holdings(folder + "/state.sqlite");
    if (!store) return tl::unexpected(store.error());
    Party& party = out[store->party];
    if (party.journal_id && store->journal_id && *party.journal_id != *store->journal_id)
      return fail(ErrorCode::journal_mismatch);
    add(party, std::move(*store));
  }
  return out;
}

ledger::PartyQuestion question_about(const evidence::Holdings& holdings) {
  ledger::PartyQuestion question{holdings.party, evidence::must_hold_since(holdings), {}, {}};
  for (const evidence::SentDocument& sent : holdings.outbox)
    if (sent.position) question.documents.push_back(*sent.position);
  for (const evidence::TakenDelivery& taken : holdings.inbox)
    if (const auto id = wire::parse_delivery_id(taken.id)) question.deliveries.push_back(id->key);
  return question;
}

evidence::Recorded recorded_of(ledger::PartyRecords records, std::optional<Position> journal_end) {
  evidence::Recorded out;
  for (const ledger::SentRecord& r : records.sent) out.sent.push_back({r.position, r.time, r.id, r.accepted, r.leaf});
  for (ledger::ReceivedRecord& r : records.received)
    out.received.push_back({std::move(r.id), r.position, r.document, r.leaf, r.delivered_at});
  out.end = records.end;
  out.journal_end = journal_end.value_or(records.end);
  return out;
}

Result<std::optional<Position>> durable_position(const std::string& data) {
  const auto disk = runtime::PosixDisk::open(data + "/journal");
  if (!disk) return tl::unexpected(disk.error());
  const auto end = journal::read_durable_end(**disk);
  if (!end) return tl::unexpected(end.error());
  return *end ? std::optional((*end)->end) : std::nullopt;
}

Result<Reconciliation> compare(const ReconcileOptions& options) {
  auto parties = read_stores(options.adapters);
  if (!parties) return tl::unexpected(parties.error());
  const auto queries = open_ledger(options.ledger);
  if (!queries) return tl::unexpected(queries.error());
  const auto end = durable_position(options.ledger.data);
  if (!end) return tl::unexpected(end.error());
  Reconciliation out;
  for (auto& [name, party] : *parties) {
    auto records = (*queries)->party_records(question_about(party.holdings));
    if (!records) return tl::unexpected(records.error());
    if (party.journal_id && to_hex(*party.journal_id) != records->journal_id) return fail(ErrorCode::journal_mismatch);
    const evidence::Recorded recorded = recorded_of(std::move(*records), *end);
    auto found = evidence::reconcile(party.holdings, recorded);
    out.found.insert(out.found.end(), std::move_iterator(found.begin()), std::move_iterator(found.end()));
    out.documents += party.holdings.outbox.size();
    out.deliveries += party.holdings.inbox.size();
    out.ledger_end = recorded.end;
    out.journal_end = recorded.journal_end;
  }
  return out;
}

int reconcile(const ReconcileOptions& options, const Output& output) {
  const auto compared = compare(options);
  if (!compared) return output.refused(compared.error());
  output.done(reconciliation_text(*compared), reconciliation_json(*compared));
  return compared->gaps() == 0 ? kDone : kRefused;
}

}  // namespace

void add_log_reconcile(CLI::App& log, Invocation& invocation) {
  const auto options = std::make_shared<ReconcileOptions>();
  auto* command = log.add_subcommand("reconcile", "Hold what endpoints have against the journal, and list every gap")
                      ->fallthrough();
  command->add_option("--data", options->ledger.data, "The hub's data folder")->required();
  command->add_option("--ledger", options->ledger.ledger, "The ledger's file or PostgreSQL address, when it is not in there");
  command
      ->add_option("--adapter", options->adapters,
                   "An adapter's state folder, or a copy, while it doesn't run; of a party all that it has")
      ->required();
  command->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return reconcile(*options, output); };
  });
}

}  // namespace hub::app
