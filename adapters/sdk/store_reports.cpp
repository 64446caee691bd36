// The store's table of reports.
#include "adapters/sdk/store.hpp"
#include "adapters/sdk/store_values.hpp"

namespace hub::sdk {

using sqlite::Statement;
using sqlite::Transaction;

Result<void> Store::insert_reports(std::span<const ReportRow> reports) {
  Statement insert(
      *database_,
      "INSERT INTO reports (position, outcome_index, replay, status, reason, reported_at, cause, permanent, "
      "file, inode, modified_ns, final_name, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const ReportRow& row : reports) {
    insert.bind(to_sql(row.report.delivery.document.value))
        .bind(static_cast<std::int64_t>(row.report.delivery.outcome_index))
        .bind(to_sql(row.report.delivery.replay.value))
        .bind(static_cast<std::int64_t>(row.report.status))
        .bind(row.report.reason)
        .bind(row.report.time.value)
        .bind(row.report.cause)
        .bind(std::int64_t{row.report.permanent})
        .bind(row.file.name)
        .bind(to_sql(row.file.inode))
        .bind(row.file.modified_ns)
        .bind(row.final_name);
    if (row.answer.empty()) {
      insert.bind_null();
    } else {
      insert.bind(row.answer);
    }
    HUB_TRY(insert.run());
  }
  return {};
}

Result<void> Store::take_reports(std::span<const ReportRow> reports) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  HUB_TRY(insert_reports(reports));
  return transaction.commit();
}

Result<std::vector<ReportRow>> Store::reports(ReportTicket after) {
  Statement read(*database_,
                 "SELECT ticket, position, outcome_index, replay, status, reason, reported_at, cause, permanent, file, "
                 "inode, modified_ns, answer, final_name FROM reports WHERE ticket > ? ORDER BY ticket");
  read.bind(to_sql(after));
  std::vector<ReportRow> out;
  for (;;) {
    const auto found = read.step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return out;
    ReportRow row;
    row.report = {from_sql(read.integer(0)),
                  {Position(from_sql(read.integer(1))), static_cast<std::uint8_t>(read.integer(2)),
                   Position(from_sql(read.integer(3)))},
                  static_cast<wire::DeliveryStatus>(read.integer(4)),
                  read.text(5),
                  UnixMicros(read.integer(6)),
                  read.text(7),
                  read.integer(8) != 0};
    row.file = {read.text(9), from_sql(read.integer(10)), read.integer(11)};
    row.answer = copy(read.bytes(12));
    row.final_name = read.text(13);
    out.push_back(std::move(row));
  }
}

Result<void> Store::record_reports(std::span<const ReportRow> answered) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  Statement write(*database_, "UPDATE reports SET answer = ?, final_name = ? WHERE ticket = ?");
  for (const ReportRow& row : answered)
    HUB_TRY(write.bind(row.answer).bind(row.final_name).bind(to_sql(row.report.ticket)).run());
  return transaction.commit();
}

Result<void> Store::finish_reports(std::span<const ReportTicket> tickets) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  Statement erase(*database_, "DELETE FROM reports WHERE ticket = ?");
  for (const ReportTicket ticket : tickets) HUB_TRY(erase.bind(to_sql(ticket)).run());
  return transaction.commit();
}

}  // namespace hub::sdk
