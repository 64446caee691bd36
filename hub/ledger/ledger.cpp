#include "hub/ledger/ledger.hpp"

#include "hub/base/error_catalogue.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/schema.hpp"

namespace hub::ledger {
namespace {

constexpr std::uint64_t kHashSeed = 0;  // of a table that only we fill, from what the hub has decided

// A database that doesn't answer may hold a good ledger.
Result<std::optional<std::string>> unreadable(const Error& error) {
  if (error.code == ErrorCode::ledger_unreachable) return tl::unexpected(error);
  return "it can't be read: " + describe(error, Language::english);
}

}  // namespace

struct Ledger::Standing {
  std::string journal_id;
  Position position;
  Buffer root;

  static Result<Standing> read(sql::Database& database) {
    const auto version = schema_version(database);
    if (!version) return tl::unexpected(version.error());
    if (*version != kSchemaVersion) return fail(ErrorCode::ledger_missing);
    sql::Statement row(database, "SELECT journal_id, position, root FROM meta");
    const auto found = row.step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return fail(ErrorCode::ledger_missing);
    const ByteView root = row.bytes(2);
    return Standing{row.text(0), position_at(row, 1), Buffer(root.begin(), root.end())};
  }
};

Ledger::Ledger(ports::Disk& journal, std::unique_ptr<Home> home) : journal_disk_(journal), home_(std::move(home)) {}
Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& address, ports::Disk& journal,
                                             const journal::DurableEnd& end, const Progress& progress) {
  auto home = Home::hold(address);
  if (!home) return tl::unexpected(home.error());
  std::unique_ptr<Ledger> ledger(new Ledger(journal, std::move(*home)));
  if (auto rewound = ledger->rewind(); !rewound) return tl::unexpected(rewound.error());
  auto misfit = ledger->resume(end, progress);
  if (!misfit) return tl::unexpected(misfit.error());
  if (!*misfit) return ledger;
  ledger->discarded_ = std::move(**misfit);
  if (auto rewound = ledger->rewind(); !rewound) return tl::unexpected(rewound.error());
  if (auto begun = ledger->home_->begin_anew(); !begun) return tl::unexpected(begun.error());
  ledger->project();
  return ledger;
}

Result<Position> Ledger::rebuild(const std::string& address, ports::Disk& journal, const journal::DurableEnd& end,
                                 const Progress& progress) {
  auto home = Home::hold(address);
  if (!home) return tl::unexpected(home.error());
  Ledger ledger(journal, std::move(*home));
  if (auto rewound = ledger.rewind(); !rewound) return tl::unexpected(rewound.error());
  if (ledger.journal() != end.journal)
    return fail(ErrorCode::io_failed, {{"operation", "follow"},
                                       {"path", journal.describe(journal::kDurableEndName)},
                                       {"reason", "it is of another journal"}});
  if (auto begun = ledger.home_->begin_beside(); !begun) return tl::unexpected(begun.error());
  ledger.project();
  if (auto caught_up = ledger.catch_up(end.end, progress); !caught_up) return tl::unexpected(caught_up.error());
  ledger.projection_.reset();
  if (auto moved = ledger.home_->move_in(); !moved) return tl::unexpected(moved.error());
  return ledger.position();
}

// Back to the journal's first record, knowing nothing.
Result<void> Ledger::rewind() {
  auto follower = journal::Follower::open(journal_disk_, Position(0));
  if (!follower) return tl::unexpected(follower.error());
  follower_.emplace(std::move(*follower));
  state_ = std::make_unique<broker::State>(kHashSeed);
  touched_ = {};
  tree_ = {};
  return {};
}

Result<std::optional<std::string>> Ledger::resume(const journal::DurableEnd& end, const Progress& progress) {
  const auto there = home_->open();
  if (!there) return unreadable(there.error());
  if (!*there) return std::string();
  const auto standing = Standing::read(home_->database());
  if (!standing && standing.error().code == ErrorCode::ledger_missing)
    return std::string("it is no ledger of this version");
  if (!standing) return unreadable(standing.error());
  if (standing->journal_id != to_hex(journal())) return "it follows the journal " + standing->journal_id;
  if (standing->position > end.end)
    return "it is at position " + std::to_string(standing->position.value) + ", the journal ends at " +
           std::to_string(end.end.value);
  std::uint64_t untold = 0;
  while (position() < standing->position) {
    const auto taken = take(standing->position, /*into_rows=*/false);
    if (!taken) return tl::unexpected(taken.error());
    if (++untold % kTransactionRecordsMax == 0) progress(position(), end.end);
  }
  if (!equal(tree_.root(), standing->root)) return std::string("its records are not those of the journal");
  project();
  return std::nullopt;
}

Result<void> Ledger::catch_up(Position end, const Progress& progress) {
  while (position() < end) {
    const auto added = advance(end);
    if (!added) return tl::unexpected(added.error());
    progress(position(), end);
  }
  return {};
}

// The next record is applied, and added before that when it goes into rows. False when it is not before the durable
// end.
Result<bool> Ledger::take(Position durable_end, bool into_rows) {
  const auto next = follower_->next(durable_end);
  if (!next) return tl::unexpected(next.error());
  if (!*next) return false;
  const journal::RecordView& view = **next;
  const auto record = broker::decode(state_->configuration.registry, view.kind, view.metadata, view.body_digest);
  if (!record) return tl::unexpected(record.error());
  const broker::RecordHead head{view.position, view.time, journal::sent_body_bytes(view), view.body_key};
  const crypto::Digest leaf = journal::leaf_of(view);
  if (into_rows)
    if (auto added = projection_->add(*state_, head, *record, leaf); !added) return tl::unexpected(added.error());
  broker::apply(*state_, head, *record, touched_);
  tree_.add(leaf);
  return true;
}

Result<std::uint64_t> Ledger::advance(Position durable_end) {
  if (position() >= durable_end) return std::uint64_t{0};
  sql::Transaction transaction(home_->database());
  if (auto begun = transaction.begin(); !begun) return tl::unexpected(begun.error());
  std::uint64_t added = 0;
  while (added < kTransactionRecordsMax) {
    const auto taken = take(durable_end, /*into_rows=*/true);
    if (!taken) return tl::unexpected(taken.error());
    if (!*taken) break;
    ++added;
  }
  if (auto flushed = projection_->flush(); !flushed) return tl::unexpected(flushed.error());
  sql::Statement move(home_->database(), "UPDATE meta SET position = ?, time = ?, root = ?");
  const crypto::Digest root = tree_.root();
  move.bind(column(position())).bind(state_->time.value);
  if (auto moved = move.bind(ByteView(root)).run(); !moved) return tl::unexpected(moved.error());
  if (auto committed = transaction.commit(); !committed) return tl::unexpected(committed.error());
  touched_.clear();
  return added;
}

}  // namespace hub::ledger
