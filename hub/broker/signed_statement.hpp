// Statements that administrators' keys have signed: whoever carries one to the hub needs no right of its own.
//
//   {"signatures": [{"administrator": key id in hex, "signature": base64}, …],
//    "statement": {"statement": kind, "journal": id in hex, "reason": text, "time": RFC 3339, UTC, …}}
//
// A signature is over "coordination-hub <kind> v1\n" and the statement in canonical form.
//
// Threads: free functions.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/base/time.hpp"
#include "hub/crypto/keys.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::broker {

constexpr std::size_t kStatementBytesMax = 8 << 10;  // with its signatures

// What every statement says.
struct StatementBasics {
  Bytes<16> journal{};
  std::string reason;  // of kReasonBytesMax
  UnixMicros time;
};

struct StatementSignature {
  crypto::KeyId administrator{};
  crypto::Signature signature{};

  std::string actor() const { return "administrator:" + to_hex(administrator); }
};

struct SignedStatement {
  StatementBasics basics;
  std::string text;  // canonical, as it was signed
  std::vector<StatementSignature> signatures;
};

// `more`: what the kind says beside the basics.
std::string sign_statement(std::string_view kind, const StatementBasics& basics, nlohmann::json more,
                           const crypto::SigningKey& administrator);
// The same with one signature more; neither is judged. order_invalid.
Result<std::string> countersign_statement(std::string_view text, const crypto::SigningKey& administrator);

tl::unexpected<Error> invalid_order(std::string reason);

// Empty: it is no statement.
std::string statement_kind(std::string_view text);

// How many administrators, each another, a statement must be signed by, and may be.
struct SignatureCount {
  std::size_t least = 1, most = 1;
};

// `more` reads what the kind says beside the basics, and tells how many signatures that takes. order_invalid,
// administrator_unknown; report_invalid or secrecy_mark of the reason.
using ReadStatement = std::function<SignatureCount(registry::ObjectReader& statement)>;
Result<SignedStatement> read_statement(std::string_view kind, std::string_view text,
                                       std::span<const crypto::PublicKey> administrators, const ReadStatement& more);

}  // namespace hub::broker
