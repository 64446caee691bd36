// On a real file; time is the test's.
#include "hub/access/store.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "hub/access/secret.hpp"
#include "hub/sqlite/sqlite.hpp"
#include "tests/support/temporary_folder.hpp"

namespace hub::access {
namespace {

const Account kClerk{"van-thu", Position(7)}, kClerkAgain{"van-thu", Position(99)}, kOther{"khac", Position(8)};

struct StoreBench {
  UnixMicros at(std::int64_t micros) const { return UnixMicros(start.value + micros); }
  std::optional<Session> session(const std::string& secret, std::int64_t micros) {
    return store->session(secret, at(micros)).value();
  }
  void give_password(const Account& account, const std::string& hash = "hash") {
    const std::string link = store->invite(account, "test", start).value();
    REQUIRE(store->set_password(link, account, hash, start).has_value());
  }
  bool attempt(bool right, std::int64_t micros) { return store->take_attempt(kClerk, right, at(micros)).value(); }
  std::int64_t count(const std::string& table) {
    auto database = sqlite::Database::open(folder.path("access.db"), sqlite::Access::reader).value();
    sqlite::Statement read(*database, "SELECT count(*) FROM " + table);
    REQUIRE(read.step().value());
    return read.integer(0);
  }

  test::TemporaryFolder folder;
  const UnixMicros start = *parse_rfc3339("2026-11-28T01:00:00Z");
  std::unique_ptr<Store> store = Store::open(folder.path("access.db")).value();
};

}  // namespace

TEST_CASE("the file is its owner's alone, and one that others can read is refused") {
  StoreBench b;
  struct stat status {};
  for (const char* name : {"access.db", "access.db-wal"}) {
    REQUIRE(::stat(b.folder.path(name).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
  b.store.reset();
  REQUIRE(::chmod(b.folder.path("access.db").c_str(), 0640) == 0);
  CHECK(Store::open(b.folder.path("access.db")).error().code == ErrorCode::config_invalid);
}

TEST_CASE("an invitation is good for a day, for once, and until there is a newer one") {
  StoreBench b;
  const std::string link = b.store->invite(kClerk, "test", b.start).value();
  REQUIRE(b.store->invitation(link, b.at(kInvitationMicros - 1)).value());
  CHECK(b.store->invitation(link, b.start).value()->account == kClerk);
  CHECK_FALSE(b.store->invitation(link, b.at(kInvitationMicros)).value());
  CHECK_FALSE(b.store->invitation(new_secret(), b.start).value());
  CHECK_FALSE(b.store->invitation("../../etc/passwd", b.start).value());
  REQUIRE(b.store->set_password(link, kClerk, "hash", b.start).has_value());
  CHECK_FALSE(b.store->invitation(link, b.start).value());
  CHECK(b.store->set_password(link, kClerk, "other", b.start).error().code == ErrorCode::invitation_unknown);
  CHECK(b.store->password_hash(kClerk).value() == "hash");
  const std::string first = b.store->invite(kClerk, "test", b.start).value();
  const std::string second = b.store->invite(kClerk, "test", b.start).value();
  CHECK_FALSE(b.store->invitation(first, b.start).value());
  CHECK(b.store->invitation(second, b.start).value());
}

TEST_CASE("the first start's link is replaced at each start, keeps the name that was chosen, and goes when it is late") {
  StoreBench b;
  const std::string first = b.store->invite_first_user(b.start).value();
  const std::string second = b.store->invite_first_user(b.start).value();
  CHECK_FALSE(b.store->invitation(first, b.start).value());
  REQUIRE(b.store->name_invitation(second, "quan-tri").has_value());
  CHECK(b.store->invitation(second, b.start).value()->account.user == "quan-tri");
  REQUIRE(b.store->withdraw_first_invitation().has_value());  // one that has a name may be needed after a crash
  CHECK(b.store->invitation(second, b.start).value());
  const std::string third = b.store->invite_first_user(b.start).value();
  CHECK_FALSE(b.store->invitation(second, b.start).value());
  REQUIRE(b.store->withdraw_first_invitation().has_value());
  CHECK_FALSE(b.store->invitation(third, b.start).value());
}

TEST_CASE("a name that was handed out again has no password") {
  StoreBench b;
  b.give_password(kClerk);
  CHECK(b.store->password_hash(kClerk).value() == "hash");
  CHECK_FALSE(b.store->password_hash(kClerkAgain).value());
  CHECK_FALSE(b.store->take_attempt(kClerkAgain, true, b.start).value());
}

TEST_CASE("five wrong passwords lock an account for 15 minutes, to the microsecond") {
  StoreBench b;
  b.give_password(kClerk);
  for (int i = 0; i < kWrongPasswordsMax - 1; ++i) CHECK_FALSE(b.attempt(false, 0));
  CHECK(b.attempt(true, 0));  // four are none too many, and are forgotten
  for (int i = 0; i < kWrongPasswordsMax; ++i) CHECK_FALSE(b.attempt(false, 0));
  CHECK_FALSE(b.attempt(true, 0));
  CHECK_FALSE(b.attempt(false, kLockMicros - 2));  // and does not make the lock longer
  CHECK_FALSE(b.attempt(true, kLockMicros - 1));
  CHECK(b.attempt(true, kLockMicros));
}

TEST_CASE("a new password ends a lock, and the sessions of before") {
  StoreBench b;
  b.give_password(kClerk);
  const std::string cookie = b.store->begin_session(kClerk, b.start).value();
  for (int i = 0; i < kWrongPasswordsMax; ++i) CHECK_FALSE(b.attempt(false, 0));
  b.give_password(kClerk, "new");
  CHECK(b.attempt(true, 0));
  CHECK_FALSE(b.session(cookie, 0));
}

TEST_CASE("a session ends after half an hour without use, to the microsecond") {
  StoreBench b;
  const std::string cookie = b.store->begin_session(kClerk, b.start).value();
  CHECK_FALSE(b.session(cookie, kSessionIdleMicros));
  CHECK(b.session(cookie, kSessionIdleMicros - 1));  // and is used
  CHECK(b.session(cookie, 2 * kSessionIdleMicros - 2));
  CHECK_FALSE(b.session(cookie, 3 * kSessionIdleMicros - 2));
}

TEST_CASE("what a page asks again by itself keeps no session alive") {
  StoreBench b;
  const std::string cookie = b.store->begin_session(kClerk, b.start).value();
  for (std::int64_t at = 0; at < kSessionIdleMicros; at += kSessionTouchMicros)
    REQUIRE(b.store->session(cookie, b.at(at), /*is_used=*/false).value());
  CHECK_FALSE(b.session(cookie, kSessionIdleMicros));
}

TEST_CASE("a session ends after twelve hours, however much it is used") {
  StoreBench b;
  const std::string cookie = b.store->begin_session(kClerk, b.start).value();
  for (std::int64_t at = 0; at < kSessionMicros; at += kSessionIdleMicros / 2) REQUIRE(b.session(cookie, at));
  const auto last = b.session(cookie, kSessionMicros - 1);
  REQUIRE(last);
  CHECK(last->expires == b.at(kSessionMicros));
  CHECK_FALSE(b.session(cookie, kSessionMicros));
}

TEST_CASE("the use of a session is written once a minute") {
  StoreBench b;
  const std::string cookie = b.store->begin_session(kClerk, b.start).value();
  CHECK(b.session(cookie, kSessionTouchMicros - 1)->used == b.start);
  CHECK(b.session(cookie, kSessionTouchMicros)->used == b.at(kSessionTouchMicros));
}

TEST_CASE("a user has 16 sessions, one more ends the oldest, and nobody else's") {
  StoreBench b;
  const std::string other = b.store->begin_session(kOther, b.start).value();
  std::vector<std::string> cookies;
  for (std::int64_t i = 0; i <= kSessionsPerUserMax; ++i) {
    CHECK((i == 0 || b.session(cookies.front(), i)));
    cookies.push_back(b.store->begin_session(kClerk, b.at(i)).value());
  }
  CHECK_FALSE(b.session(cookies.front(), kSessionsPerUserMax));
  for (std::size_t i = 1; i < cookies.size(); ++i) CHECK(b.session(cookies[i], kSessionsPerUserMax));
  CHECK(b.session(other, 0));
}

TEST_CASE("what is kept of a session is no cookie") {
  StoreBench b;
  const std::string cookie = b.store->begin_session(kClerk, b.start).value();
  auto database = sqlite::Database::open(b.folder.path("access.db"), sqlite::Access::reader).value();
  sqlite::Statement read(*database, "SELECT lower(hex(digest)) FROM sessions");
  REQUIRE(read.step().value());
  const std::string kept = read.text(0);
  CHECK(kept != cookie);
  CHECK_FALSE(b.session(kept, 0));
  REQUIRE(b.store->end_session(cookie, b.start).has_value());
  CHECK_FALSE(b.session(cookie, 0));
}

TEST_CASE("a token has a scope and an end, at most a year away, and not a moment more") {
  StoreBench b;
  const Permissions scope{Permission::status};
  const auto make = [&](std::int64_t micros) { return b.store->make_token(kClerk, "giám sát", scope, b.at(micros), b.start); };
  CHECK(make(0).error().code == ErrorCode::token_expiry_invalid);
  CHECK(make(kTokenMicrosMax + 1).error().code == ErrorCode::token_expiry_invalid);
  CHECK(b.store->make_token(kClerk, "x", {}, b.at(1), b.start).error().code == ErrorCode::token_scope_invalid);
  REQUIRE(make(1).has_value());
  const auto token = make(kTokenMicrosMax).value();
  const auto found = b.store->token(token.secret, b.at(kTokenMicrosMax - 1)).value();
  REQUIRE(found);
  CHECK(found->account == kClerk);
  CHECK(found->scope == scope);
  CHECK(found->name == "giám sát");
  CHECK_FALSE(b.store->token(token.secret, b.at(kTokenMicrosMax)).value());
  CHECK(b.store->tokens().value().size() == 2);
  REQUIRE(b.store->revoke_token(token.id, b.start).has_value());
  CHECK_FALSE(b.store->token(token.secret, b.start).value());
  CHECK(b.store->revoke_token(token.id, b.start).error().code == ErrorCode::not_found);
}

TEST_CASE("there are as many tokens as the limit says, and not one more") {
  StoreBench b;
  auto database = sqlite::Database::open(b.folder.path("access.db"), sqlite::Access::writer).value();
  REQUIRE(database->execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                            std::to_string(kTokensMax - 1) +
                            ") INSERT INTO tokens (digest, name, user, since, scope, created, expires)"
                            " SELECT randomblob(32), 'x', 'y', 1, 'status', 0, 1 FROM n"));
  const Permissions scope{Permission::status};
  CHECK(b.store->make_token(kClerk, "last", scope, b.at(1), b.start).has_value());
  CHECK(b.store->make_token(kClerk, "more", scope, b.at(1), b.start).error().code == ErrorCode::tokens_too_many);
}

TEST_CASE("the log says what happened, counts failures together for an hour, and keeps no more than its limit") {
  StoreBench b;
  CHECK(b.store->log_failure("sign-in-failed", "van-thu", b.start).value());
  CHECK_FALSE(b.store->log_failure("sign-in-failed", "van-thu", b.at(kLogTogetherMicros - 1)).value());
  CHECK(b.store->log_failure("sign-in-failed", "", b.start).value());
  CHECK(b.store->log_failure("sign-in-failed", "van-thu", b.at(kLogTogetherMicros)).value());
  const auto rows = b.store->newest_log(10).value();
  REQUIRE(rows.size() == 3);
  CHECK(rows[2].count == 2);
  CHECK(rows[2].event == "sign-in-failed");
  auto database = sqlite::Database::open(b.folder.path("access.db"), sqlite::Access::writer).value();
  REQUIRE(database->execute("DELETE FROM access_log; INSERT INTO access_log (id, time, event, user, detail, count)"
                            " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                            std::to_string(kLogRowsMax) + ") SELECT i, 0, 'x', '', '', 1 FROM n"));
  REQUIRE(b.store->log("signed-in", "van-thu", {}, b.start).has_value());
  CHECK(b.count("access_log") == kLogRowsMax);
}

TEST_CASE("what was stored is there for the next start, and for another process beside") {
  StoreBench b;
  b.give_password(kClerk);
  const std::string cookie = b.store->begin_session(kClerk, b.start).value();
  const auto beside = Store::open(b.folder.path("access.db")).value();
  CHECK(beside->session(cookie, b.start).value());
  b.store = Store::open(b.folder.path("access.db")).value();
  CHECK(b.store->password_hash(kClerk).value() == "hash");
}

}  // namespace hub::access
