// API tokens of programs: a scope and an end, and never more than the roles of the user whose they are.
#include "hub/access/columns.hpp"
#include "hub/access/secret.hpp"
#include "hub/access/store.hpp"

namespace hub::access {
namespace {

std::string select_tokens(const char* rest) {
  return std::string("SELECT id, name, user, since, scope, created, expires FROM tokens ").append(rest);
}

ApiToken token_row(const sqlite::Statement& row) {
  return {row.integer(0),
          row.text(1),
          account_at(row, 2),
          parse_scope(row.text(4)).value_or(Permissions()),
          UnixMicros(row.integer(5)),
          UnixMicros(row.integer(6))};
}

}  // namespace

Result<Store::NewToken> Store::make_token(const Account& account, std::string_view name, Permissions scope,
                                          UnixMicros expires, UnixMicros now) {
  if (scope.empty()) return fail(ErrorCode::token_scope_invalid, {{"scope", ""}});
  if (expires <= now || expires.value - now.value > kTokenMicrosMax)
    return fail(ErrorCode::token_expiry_invalid, {{"limit", std::to_string(kTokenMicrosMax / kMicrosPerDay)}});
  NewToken out{0, new_secret()};
  const crypto::Digest digest = *secret_digest(out.secret);
  const std::string scope_text = format_scope(scope);
  sqlite::Statement count(*database_, "SELECT count(*) FROM tokens");
  sqlite::Statement insert(*database_,
                           "INSERT INTO tokens (digest, name, user, since, scope, created, expires)"
                           " VALUES (?, ?, ?, ?, ?, ?, ?)");
  sqlite::Transaction change(*database_);
  if (auto begun = change.begin(); !begun) return tl::unexpected(begun.error());
  if (auto row = count.step(); !row) return tl::unexpected(row.error());
  const bool is_full = count.integer(0) >= kTokensMax;
  count.reset();
  if (is_full) return fail(ErrorCode::tokens_too_many, {{"limit", std::to_string(kTokensMax)}});
  insert.bind(ByteView(digest)).bind(name).bind(account.user).bind(since_column(account)).bind(scope_text);
  if (auto done = insert.bind(now.value).bind(expires.value).run(); !done) return tl::unexpected(done.error());
  out.id = database_->last_row();
  const std::string detail = std::to_string(out.id) + " " + scope_text;
  if (auto done = log("token-made", account.user, detail, now); !done) return tl::unexpected(done.error());
  if (auto done = change.commit(); !done) return tl::unexpected(done.error());
  return out;
}

Result<std::optional<ApiToken>> Store::token(std::string_view secret, UnixMicros now) {
  const auto digest = secret_digest(secret);
  if (!digest) return std::nullopt;
  sqlite::Statement read(*database_, select_tokens("WHERE digest = ? AND expires > ?"));
  const auto row = read.bind(ByteView(*digest)).bind(now.value).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return token_row(read);
}

Result<std::vector<ApiToken>> Store::tokens() {
  sqlite::Statement read(*database_, select_tokens("ORDER BY id"));
  std::vector<ApiToken> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(token_row(read));
  }
}

Result<void> Store::revoke_token(std::int64_t id, UnixMicros now) {
  sqlite::Statement revoke(*database_, "DELETE FROM tokens WHERE id = ? RETURNING user");
  const auto row = revoke.bind(id).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(ErrorCode::not_found, {{"path", "token " + std::to_string(id)}});
  const std::string user = revoke.text(0);
  revoke.reset();
  return log("token-revoked", user, std::to_string(id), now);
}

}  // namespace hub::access
