#include "hub/ledger/ledger.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "hub/base/error_catalogue.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/schema.hpp"

namespace hub::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kHashSeed = 0;  // of a table that only we fill, from what the hub has decided

tl::unexpected<Error> failed(const char* operation, const std::string& path, int error) {
  return fail(ErrorCode::io_failed,
              {{"operation", operation}, {"path", path}, {"reason", std::generic_category().message(error)}});
}

// The file first: a log without its file means nothing to anybody, a file without its log would.
Result<void> remove_database(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    fs::remove(path + suffix, error);
    if (error) return failed("remove", path + suffix, error.value());
  }
  return {};
}

}  // namespace

// Held while a process writes the ledger.
class Ledger::Lock {
 public:
  static Result<std::unique_ptr<Lock>> take(const std::string& path) {
    const std::string name = path + ".lock";
    const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) return failed("open", name, errno);
    std::unique_ptr<Lock> lock(new Lock(descriptor));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK) return fail(ErrorCode::ledger_in_use, {{"path", path}});
    return failed("flock", name, errno);
  }
  ~Lock() { ::close(descriptor_); }

 private:
  explicit Lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

struct Ledger::Standing {
  std::string journal_id;
  Position position;
  Buffer root;

  static Result<Standing> read(sqlite::Database& database) {
    const auto version = schema_version(database);
    if (!version) return tl::unexpected(version.error());
    if (*version != kSchemaVersion) return fail(ErrorCode::ledger_missing);
    sqlite::Statement row(database, "SELECT journal_id, position, root FROM meta");
    const auto found = row.step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return fail(ErrorCode::ledger_missing);
    const ByteView root = row.bytes(2);
    return Standing{row.text(0), position_at(row, 1), Buffer(root.begin(), root.end())};
  }
};

Ledger::Ledger(ports::Disk& journal) : journal_disk_(journal) {}
Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& path, ports::Disk& journal,
                                             const journal::DurableEnd& end, const Progress& progress) {
  auto lock = Lock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  std::unique_ptr<Ledger> ledger(new Ledger(journal));
  ledger->lock_ = std::move(*lock);
  if (auto rewound = ledger->rewind(); !rewound) return tl::unexpected(rewound.error());
  const bool there = fs::exists(path);
  if (there) {
    auto misfit = ledger->resume(path, end, progress);
    if (!misfit) return tl::unexpected(misfit.error());
    if (misfit->empty()) return ledger;
    ledger->discarded_ = std::move(*misfit);
    if (auto rewound = ledger->rewind(); !rewound) return tl::unexpected(rewound.error());
  }
  if (auto begun = ledger->begin_anew(path); !begun) return tl::unexpected(begun.error());
  return ledger;
}

Result<Position> Ledger::rebuild(const std::string& path, ports::Disk& journal, const journal::DurableEnd& end,
                                 const Progress& progress) {
  const auto lock = Lock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  const std::string beside = path + ".new";
  Ledger ledger(journal);
  if (auto rewound = ledger.rewind(); !rewound) return tl::unexpected(rewound.error());
  if (ledger.journal() != end.journal)
    return fail(ErrorCode::io_failed, {{"operation", "follow"},
                                       {"path", journal.describe(journal::kDurableEndName)},
                                       {"reason", "it is of another journal"}});
  if (auto begun = ledger.begin_anew(beside); !begun) return tl::unexpected(begun.error());
  if (auto caught_up = ledger.catch_up(end.end, progress); !caught_up) return tl::unexpected(caught_up.error());
  if (auto folded = ledger.fold_log(); !folded) return tl::unexpected(folded.error());
  ledger.projection_.reset();
  ledger.database_.reset();  // the log is in the file and gone
  if (auto removed = remove_database(path); !removed) return tl::unexpected(removed.error());
  std::error_code error;
  fs::rename(beside, path, error);
  if (error) return failed("rename", beside, error.value());
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

// Goes on with the file that is there, or says why it can't be gone on with.
Result<std::string> Ledger::resume(const std::string& path, const journal::DurableEnd& end, const Progress& progress) {
  auto database = sqlite::Database::open(path, sqlite::Access::writer);
  if (!database) return "it can't be opened: " + describe(database.error(), Language::english);
  const auto standing = Standing::read(**database);
  if (!standing && standing.error().code == ErrorCode::ledger_missing)
    return std::string("it is no ledger of this version");
  if (!standing) return "it can't be read: " + describe(standing.error(), Language::english);
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
  database_ = std::move(*database);
  projection_ = std::make_unique<Projection>(*database_, journal());
  return std::string();
}

Result<void> Ledger::begin_anew(const std::string& path) {
  if (auto removed = remove_database(path); !removed) return removed;
  auto database = sqlite::Database::open(path, sqlite::Access::writer);
  if (!database) return tl::unexpected(database.error());
  database_ = std::move(*database);
  sqlite::Transaction transaction(*database_);
  if (auto begun = transaction.begin(); !begun) return begun;
  if (auto made = create_schema(*database_); !made) return made;
  if (auto committed = transaction.commit(); !committed) return committed;
  projection_ = std::make_unique<Projection>(*database_, journal());
  return {};
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
  sqlite::Transaction transaction(*database_);
  if (auto begun = transaction.begin(); !begun) return tl::unexpected(begun.error());
  std::uint64_t added = 0;
  while (added < kTransactionRecordsMax) {
    const auto taken = take(durable_end, /*into_rows=*/true);
    if (!taken) return tl::unexpected(taken.error());
    if (!*taken) break;
    ++added;
  }
  if (auto flushed = projection_->flush(); !flushed) return tl::unexpected(flushed.error());
  sqlite::Statement move(*database_, "UPDATE meta SET position = ?, time = ?, root = ?");
  const crypto::Digest root = tree_.root();
  move.bind(column(position())).bind(state_->time.value);
  if (auto moved = move.bind(ByteView(root)).run(); !moved) return tl::unexpected(moved.error());
  if (auto committed = transaction.commit(); !committed) return tl::unexpected(committed.error());
  touched_.clear();
  return added;
}

Result<void> Ledger::fold_log() { return database_->execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

}  // namespace hub::ledger
