#include "hub/access/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "hub/access/columns.hpp"
#include "hub/access/secret.hpp"
#include "hub/sqlite/sqlite.hpp"

namespace hub::access {
namespace {

constexpr std::int64_t kAccessSchemaVersion = 1;

constexpr const char* kAccessTables = R"sql(
CREATE TABLE credentials (
  user TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  hash TEXT NOT NULL,
  changed INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE invitations (
  digest BLOB PRIMARY KEY,
  user TEXT NOT NULL UNIQUE,
  since INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
  digest BLOB PRIMARY KEY,
  user TEXT NOT NULL,
  since INTEGER NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user, used);
CREATE TABLE tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL,
  user TEXT NOT NULL,
  since INTEGER NOT NULL,
  scope TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT;
CREATE TABLE access_log (
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  event TEXT NOT NULL,
  user TEXT NOT NULL,
  detail TEXT NOT NULL,
  count INTEGER NOT NULL
) STRICT;
CREATE INDEX access_log_of_user ON access_log (user, id);
)sql";

// Before SQLite opens it, which would make it as the umask says.
Result<void> make_private(const std::string& path) {
  const auto failed = [&](const char* operation) {
    return fail(ErrorCode::io_failed, {{"path", path}, {"operation", operation}, {"reason", std::strerror(errno)}});
  };
  const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return failed("open");
  struct stat status {};
  const int asked = ::fstat(file, &status);
  ::close(file);
  if (asked != 0) return failed("stat");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(ErrorCode::config_invalid,
                {{"file", path}, {"line", "1"}, {"column", "1"}, {"path", ""},
                 {"reason", "others than its owner can read or write the file of passwords and sessions: chmod 600"}});
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& path) {
  if (auto made = make_private(path); !made) return tl::unexpected(made.error());
  auto database = sqlite::Database::open(path, sqlite::Access::writer);
  if (!database) return tl::unexpected(database.error());
  // What was told to somebody (a token is revoked, a link is used up) holds after a power cut.
  if (auto set = (*database)->execute("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON"); !set)
    return tl::unexpected(set.error());
  sqlite::Transaction making(**database);
  if (auto begun = making.begin(); !begun) return tl::unexpected(begun.error());
  std::int64_t version = 0;
  {
    sqlite::Statement read(**database, "PRAGMA user_version");
    if (auto row = read.step(); !row) return tl::unexpected(row.error());
    version = read.integer(0);
  }
  if (version != 0 && version != kAccessSchemaVersion)
    return fail(ErrorCode::io_failed, {{"path", path}, {"operation", "open"}, {"reason", "it is of another version of the hub"}});
  if (version == 0) {
    const std::string set_version = "PRAGMA user_version = " + std::to_string(kAccessSchemaVersion);
    for (const std::string& part : {std::string(kAccessTables), set_version})
      if (auto made = (*database)->execute(part); !made) return tl::unexpected(made.error());
  }
  if (auto made = making.commit(); !made) return tl::unexpected(made.error());
  return std::unique_ptr<Store>(new Store(std::move(*database)));
}

Store::Store(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
Store::~Store() = default;

Result<std::string> Store::invite(const Account& account, std::string_view actor, UnixMicros now) {
  const std::string secret = new_secret();
  const crypto::Digest digest = *secret_digest(secret);
  sqlite::Statement clear(*database_, "DELETE FROM invitations WHERE user = ? OR expires <= ?");
  sqlite::Statement insert(*database_, "INSERT INTO invitations (digest, user, since, expires) VALUES (?, ?, ?, ?)");
  sqlite::Transaction change(*database_);
  if (auto begun = change.begin(); !begun) return tl::unexpected(begun.error());
  if (auto done = clear.bind(account.user).bind(now.value).run(); !done) return tl::unexpected(done.error());
  insert.bind(ByteView(digest)).bind(account.user).bind(since_column(account));
  if (auto done = insert.bind(now.value + kInvitationMicros).run(); !done) return tl::unexpected(done.error());
  if (auto done = log("invited", account.user, actor, now); !done) return tl::unexpected(done.error());
  if (auto done = change.commit(); !done) return tl::unexpected(done.error());
  return secret;
}

Result<std::optional<Invitation>> Store::invitation(std::string_view secret, UnixMicros now) {
  const auto digest = secret_digest(secret);
  if (!digest) return std::nullopt;
  sqlite::Statement read(*database_, "SELECT user, since, expires FROM invitations WHERE digest = ? AND expires > ?");
  const auto row = read.bind(ByteView(*digest)).bind(now.value).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return Invitation{account_at(read, 0), UnixMicros(read.integer(2))};
}

Result<void> Store::name_invitation(std::string_view secret, const std::string& user) {
  const auto digest = secret_digest(secret);
  if (!digest) return fail(ErrorCode::invitation_unknown);
  sqlite::Statement update(*database_, "UPDATE OR REPLACE invitations SET user = ? WHERE digest = ?");
  return update.bind(user).bind(ByteView(*digest)).run();
}

Result<void> Store::withdraw_invitation(std::string_view secret) {
  const auto digest = secret_digest(secret);
  if (!digest) return {};
  sqlite::Statement remove(*database_, "DELETE FROM invitations WHERE digest = ?");
  return remove.bind(ByteView(*digest)).run();
}

Result<std::string> Store::invite_first_user(UnixMicros now) {
  sqlite::Statement clear(*database_, "DELETE FROM invitations WHERE since = 0");
  if (auto done = clear.run(); !done) return tl::unexpected(done.error());
  return invite({}, "hub:first-start", now);
}

Result<void> Store::withdraw_first_invitation() {
  sqlite::Statement clear(*database_, "DELETE FROM invitations WHERE since = 0 AND user = ''");
  return clear.run();
}

Result<void> Store::set_password(std::string_view secret, const Account& account, const std::string& hash,
                                 UnixMicros now) {
  const auto digest = secret_digest(secret);
  if (!digest) return fail(ErrorCode::invitation_unknown);
  sqlite::Statement use(*database_, "DELETE FROM invitations WHERE digest = ? RETURNING 1");
  sqlite::Statement put(*database_,
                        "INSERT OR REPLACE INTO credentials (user, since, hash, changed, failures, locked_until)"
                        " VALUES (?, ?, ?, ?, 0, 0)");
  sqlite::Statement end(*database_, "DELETE FROM sessions WHERE user = ?");
  sqlite::Transaction change(*database_);
  if (auto begun = change.begin(); !begun) return begun;
  const auto used = use.bind(ByteView(*digest)).step();
  if (!used) return tl::unexpected(used.error());
  if (!*used) return fail(ErrorCode::invitation_unknown);
  use.reset();
  put.bind(account.user).bind(since_column(account)).bind(hash);
  if (auto done = put.bind(now.value).run(); !done) return done;
  if (auto done = end.bind(account.user).run(); !done) return done;
  if (auto done = log("password-set", account.user, {}, now); !done) return done;
  return change.commit();
}

Result<std::optional<std::string>> Store::password_hash(const Account& account) {
  sqlite::Statement read(*database_, "SELECT hash FROM credentials WHERE user = ? AND since = ?");
  const auto row = read.bind(account.user).bind(since_column(account)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return read.text(0);
}

Result<bool> Store::take_attempt(const Account& account, bool right, UnixMicros now) {
  sqlite::Statement read(*database_, "SELECT failures, locked_until FROM credentials WHERE user = ? AND since = ?");
  sqlite::Statement write(*database_, "UPDATE credentials SET failures = ?, locked_until = ? WHERE user = ?");
  sqlite::Transaction change(*database_);
  if (auto begun = change.begin(); !begun) return tl::unexpected(begun.error());
  const auto row = read.bind(account.user).bind(since_column(account)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return false;
  const std::int64_t failures = right ? 0 : read.integer(0) + 1, locked_until = read.integer(1);
  read.reset();
  if (now.value < locked_until) return false;  // and is not counted: the lock ends when it was said to
  const bool locks = failures >= kWrongPasswordsMax;
  write.bind(locks ? 0 : failures).bind(locks ? now.value + kLockMicros : 0).bind(account.user);
  if (auto done = write.run(); !done) return tl::unexpected(done.error());
  if (locks)
    if (auto done = log("locked", account.user, {}, now); !done) return tl::unexpected(done.error());
  if (auto done = change.commit(); !done) return tl::unexpected(done.error());
  return right;
}

}  // namespace hub::access
