// What ends, and when.
#include "hub/base/check.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::ledger {

using sql::Statement;

namespace {

constexpr const char* kKeyEnds =
    "SELECT party, max(CASE WHEN revoked_at < active_until THEN revoked_at ELSE active_until END) FROM keys GROUP BY party ORDER BY party";
constexpr const char* kAgreementEnds =
    "SELECT id, in_force_until FROM agreements a WHERE in_force_until IS NOT NULL"
    " AND position = (SELECT max(position) FROM agreements b WHERE b.id = a.id) ORDER BY id";

}  // namespace

Result<Expiries> Queries::expiries() {
  Expiries out;
  Statement keys(*database_, kKeyEnds);
  for (;;) {
    const auto row = keys.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    out.keys.push_back({keys.text(0), time_at(keys, 1)});
  }
  Statement ends(*database_, kAgreementEnds);
  for (;;) {
    const auto row = ends.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    const auto last_day = parse_date(ends.text(1));
    HUB_CHECK(last_day.has_value());
    out.agreements.push_back({ends.text(0), start_of(last_day->next())});
  }
}

}  // namespace hub::ledger
