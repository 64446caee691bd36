#include "hub/broker/readings.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace hub::broker {
namespace {

constexpr std::string_view kReadingStatement = "reading";

}  // namespace

std::string sign_reading(const Reading& reading, const crypto::SigningKey& administrator) {
  return sign_statement(kReadingStatement, reading.basics, {{"document", reading.document.value}}, administrator);
}

Result<BodyRead> decide_reading(const State& state, const Bytes<16>& journal_id, std::string_view text,
                                UnixMicros now) {
  std::int64_t document = 0;
  const auto statement = read_statement(kReadingStatement, text, state.created.administrators,
                                        [&](registry::ObjectReader& in) -> SignatureCount {
                                          document = in.integer("document");
                                          if (document < 0) in.refuse("document", "a position was expected");
                                          return {};
                                        });
  if (!statement) return tl::unexpected(statement.error());
  if (statement->basics.journal != journal_id)
    return invalid_order("it is about another journal");
  if (std::abs(now.value - statement->basics.time.value) > kReadingMicrosMax)
    return invalid_order("it was signed at " + format_rfc3339(statement->basics.time) + ", and it is " +
                         format_rfc3339(now) + " now");
  const StatementSignature& by = statement->signatures.front();
  return BodyRead{Position(static_cast<std::uint64_t>(document)), by.actor(), statement->basics.reason,
                  statement->text, by.signature};
}

}  // namespace hub::broker
