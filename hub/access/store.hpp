// What proves who somebody is: passwords' hashes, invitations to set one, sessions, API tokens, and a log of their use, in
// one SQLite file of mode 0600 beside the journal. Who may do what is not here but in the journal: an account is a name and
// the record that made it a user, so a name that was taken away and handed out again is another account.
//
// Time is the caller's. Every failure is io_failed unless something else is said. One thread an object; hubctl may have the
// same file open beside the hub.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/access/permission.hpp"
#include "hub/base/result.hpp"
#include "hub/base/time.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::sqlite {
class Database;
class Statement;
}

namespace hub::access {

constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr std::int64_t kInvitationMicros = kMicrosPerDay;
constexpr std::int64_t kWrongPasswordsMax = 5;  // in a row; then the account is locked
constexpr std::int64_t kLockMicros = 15 * kMicrosPerMinute;
constexpr std::int64_t kSessionIdleMicros = 30 * kMicrosPerMinute;
constexpr std::int64_t kSessionMicros = 12 * 60 * kMicrosPerMinute;
constexpr std::int64_t kSessionTouchMicros = kMicrosPerMinute;  // use is noted so often, as each note is a write
constexpr std::int64_t kSessionsPerUserMax = 16;                // one more ends the one that was used longest ago
constexpr std::int64_t kTokensMax = 1000;
constexpr std::int64_t kTokenMicrosMax = 366 * kMicrosPerDay;
constexpr std::int64_t kLogRowsMax = 100'000;                   // the oldest go
constexpr std::int64_t kLogTogetherMicros = 60 * kMicrosPerMinute;  // failures of one name within so long are one row

struct Account {
  std::string user;
  Position since;  // broker::User::since
  friend bool operator==(const Account&, const Account&) = default;
};

struct Invitation {
  Account account;  // of the first start: without a name until one was chosen
  UnixMicros expires;
};

struct Session {
  Account account;
  UnixMicros created, used, expires;  // exclusive
};

struct ApiToken {
  std::int64_t id = 0;
  std::string name;
  Account account;
  Permissions scope;
  UnixMicros created, expires;  // exclusive
};

struct LogRow {
  UnixMicros time;
  std::string event, user, detail;
  std::int64_t count = 1;
};

class Store {
 public:
  // Makes the file when there is none. config_invalid when others can read it.
  static Result<std::unique_ptr<Store>> open(const std::string& path);
  ~Store();

  // A new link's secret; the account's earlier one is of no use any more. `actor`: for the log.
  Result<std::string> invite(const Account& account, std::string_view actor, UnixMicros now);
  Result<std::optional<Invitation>> invitation(std::string_view secret, UnixMicros now);
  // The first start's: whose it is, before its record is made. A crash in between leaves a link that can be used again.
  Result<void> name_invitation(std::string_view secret, const std::string& user);
  // It is of no use any more.
  Result<void> withdraw_invitation(std::string_view secret);
  // At a start: a new link for the first user while there is none, and none that nobody has used once there is one.
  Result<std::string> invite_first_user(UnixMicros now);
  Result<void> withdraw_first_invitation();
  // Uses the invitation up, and ends what the account had before: its sessions, and a lock. invitation_unknown: it was
  // used meanwhile.
  Result<void> set_password(std::string_view secret, const Account& account, const std::string& hash, UnixMicros now);

  // The hash to check against; nothing: the account has none.
  Result<std::optional<std::string>> password_hash(const Account& account);
  // Of a check that is done: whether it lets the account in. It does not while the account is locked.
  Result<bool> take_attempt(const Account& account, bool right, UnixMicros now);

  // store_sessions.cpp
  // The cookie's secret. `by`: what proved who it is, for the log; empty: a password.
  Result<std::string> begin_session(const Account& account, UnixMicros now, std::string_view by = {});
  // Notes its use, unless nobody does: what a page asks again by itself keeps no session alive. Nothing: there is none, or
  // it is over.
  Result<std::optional<Session>> session(std::string_view secret, UnixMicros now, bool is_used = true);
  Result<void> end_session(std::string_view secret, UnixMicros now);

  // store_tokens.cpp
  struct NewToken {
    std::int64_t id = 0;
    std::string secret;
  };
  // token_expiry_invalid, tokens_too_many, token_scope_invalid (an empty one).
  Result<NewToken> make_token(const Account& account, std::string_view name, Permissions scope, UnixMicros expires,
                              UnixMicros now);
  Result<std::optional<ApiToken>> token(std::string_view secret, UnixMicros now);
  Result<std::vector<ApiToken>> tokens();  // expired ones too
  Result<void> revoke_token(std::int64_t id, UnixMicros now);  // not_found (path)

  // access_log.cpp
  Result<void> log(std::string_view event, std::string_view user, std::string_view detail, UnixMicros now);
  // A failure: of names that are no user's together. Whether it begins a row; else it is counted in an earlier one.
  Result<bool> log_failure(std::string_view event, std::string_view user, UnixMicros now);
  Result<std::vector<LogRow>> newest_log(std::int64_t count_max);

 private:
  explicit Store(std::unique_ptr<sqlite::Database> database);
  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace hub::access
