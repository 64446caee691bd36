// A list's filter as SQL. Each list is driven from the narrowest table that holds its rows by position, so that a page
// is read newest first and no row is sorted; the other conditions are probes by primary key.
//
// Threads: one; values of a statement live as long as it is bound.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "hub/ledger/queries.hpp"
#include "hub/sql/sql.hpp"

namespace hub::ledger {

// SQL text and the values of its parameters, in order.
class Sql {
 public:
  using Value = std::variant<std::int64_t, std::string>;

  Sql& add(const std::string& text) {
    text_ += text;
    return *this;
  }
  Sql& add(const std::string& text, std::vector<Value> values);
  const std::string& text() const { return text_; }
  // The statement's parameters refer to this object.
  void bind(sql::Statement& statement) const;

 private:
  std::string text_;
  std::vector<Value> values_;
};

// The positions that a list may have.
struct Bounds {
  Position low, high;  // low <= position < high
};

constexpr Position kPositionMax{std::uint64_t{1} << 62};
// Time never goes back in a journal, so times are positions: from the first document at or after `from` up to the first
// one at or after `until`.
Result<Bounds> bounds_of_times(sql::Database& database, std::optional<UnixMicros> from,
                               std::optional<UnixMicros> until);

// Whether `documents d` is a party's own: it sent it, or it was accepted for it. Two parameters, both the party.
constexpr const char* kIsSeenBy =
    "(d.sender = ? OR EXISTS (SELECT 1 FROM deliveries v WHERE v.position = d.position AND v.recipient = ?))";

// Whether `outcomes o` of `documents d` was accepted, and is late (kLateMicros) by what the ledger holds.
std::string is_late();

// FROM … WHERE … ORDER BY of a list: `d` is the document; rows of one document come one after the other, perhaps
// several times.
Result<Sql> documents_sql(sql::Dialect dialect, const DocumentFilter& filter, const Bounds& bounds,
                          const std::vector<std::string>& types);
// The same with `l`, the delivery. `with_order` false: without ORDER BY.
Result<Sql> deliveries_sql(const DeliveryFilter& filter, const Bounds& bounds, const std::vector<std::string>& types,
                           bool with_cause, bool with_order);

}  // namespace hub::ledger
