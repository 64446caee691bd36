// The store's tables of what was delivered here, and of the contents that deliveries wait for.
#include "adapters/sdk/store.hpp"
#include "adapters/sdk/store_values.hpp"
#include "hub/base/check.hpp"

namespace hub::sdk {

using sqlite::Statement, sqlite::Transaction;

Result<bool> Store::knows_delivery(const std::string& id) {
  Statement read(*database_, "SELECT 1 FROM inbox WHERE delivery_id = ?");
  return read.bind(std::string_view(id)).step();
}

Result<std::string> Store::delivery_of(const Uuid& document) {
  Statement read(*database_,
                 "SELECT delivery_id FROM inbox WHERE document_id = ? ORDER BY EXISTS (SELECT 1 FROM inbox_content c "
                 "WHERE c.delivery_id = inbox.delivery_id), sequence DESC LIMIT 1");
  const auto row = read.bind(ByteView(document.bytes)).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? read.text(0) : std::string();
}

Result<std::optional<Uuid>> Store::recalled_by(const Uuid& document) {
  Statement read(*database_, "SELECT recalls FROM inbox WHERE document_id = ? AND recalls IS NOT NULL LIMIT 1");
  const auto row = read.bind(ByteView(document.bytes)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {std::nullopt};
  const auto recalled = fixed<16>(read.bytes(0));
  HUB_CHECK(recalled.has_value());
  return {Uuid{*recalled}};
}

Result<void> Store::mark_in_transaction(std::span<const std::string> ids) {
  Statement write(*database_, "UPDATE inbox SET delivered = 1 WHERE delivery_id = ?");
  for (const std::string& id : ids) HUB_TRY(write.bind(std::string_view(id)).run());
  return {};
}

Result<void> Store::stage(std::span<const StagedDelivery> deliveries, std::span<const ReportRow> failures,
                          std::span<const std::string> delivered, const Progress& progress, UnixMicros now) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  HUB_TRY(mark_in_transaction(delivered));
  Statement insert(*database_,
                   "INSERT INTO inbox (delivery_id, sequence, delivered, changed_at, document_id, recalls, leaf) "
                   "VALUES (?, ?, 0, ?, ?, ?, ?)");
  for (const StagedDelivery& d : deliveries) {
    insert.bind(std::string_view(d.id)).bind(to_sql(d.sequence.value)).bind(now.value);
    insert.bind(ByteView(d.document.bytes));
    if (d.recalls) {
      insert.bind(ByteView(d.recalls->bytes));
    } else {
      insert.bind_null();
    }
    HUB_TRY(insert.bind(ByteView(d.leaf)).run());
  }
  Statement await(*database_,
                  "INSERT INTO inbox_content (delivery_id, attachment, position, outcome_index, replay, name, size, sha256) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  for (const StagedDelivery& d : deliveries)
    for (const AwaitedContent& c : d.contents)
      HUB_TRY(await.bind(std::string_view(d.id))
                  .bind(std::int64_t{c.attachment})
                  .bind(to_sql(c.delivery.document.value))
                  .bind(std::int64_t{c.delivery.outcome_index})
                  .bind(to_sql(c.delivery.replay.value))
                  .bind(c.name)
                  .bind(to_sql(c.size))
                  .bind(ByteView(c.sha256))
                  .run());
  HUB_TRY(insert_reports(failures));
  HUB_TRY(save_in_transaction(progress));
  return transaction.commit();
}

Result<std::vector<std::string>> Store::staged() {
  Statement read(*database_,
                 "SELECT delivery_id FROM inbox WHERE delivered = 0 AND NOT EXISTS "
                 "(SELECT 1 FROM inbox_content c WHERE c.delivery_id = inbox.delivery_id) ORDER BY sequence");
  std::vector<std::string> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(read.text(0));
  }
}

Result<std::vector<AwaitedContent>> Store::awaited() {
  Statement read(*database_,
                 "SELECT c.delivery_id, position, outcome_index, replay, attachment, name, size, sha256 FROM inbox_content c "
                 "JOIN inbox USING (delivery_id) ORDER BY sequence, attachment");
  std::vector<AwaitedContent> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    const auto digest = fixed<32>(read.bytes(7));
    HUB_CHECK(digest.has_value());
    const wire::DeliveryKey delivery{Position(from_sql(read.integer(1))), static_cast<std::uint8_t>(read.integer(2)),
                                     Position(from_sql(read.integer(3)))};
    out.push_back({read.text(0), delivery, static_cast<std::uint32_t>(read.integer(4)), read.text(5),
                   from_sql(read.integer(6)), *digest});
  }
}

Result<bool> Store::content_stored(const AwaitedContent& content, UnixMicros now) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  {
    Statement write(*database_, "DELETE FROM inbox_content WHERE delivery_id = ? AND attachment = ?");
    HUB_TRY(write.bind(std::string_view(content.delivery_id)).bind(std::int64_t{content.attachment}).run());
  }
  bool last = false;
  {
    Statement read(*database_, "SELECT 1 FROM inbox_content WHERE delivery_id = ?");
    const auto more = read.bind(std::string_view(content.delivery_id)).step();
    if (!more) return tl::unexpected(more.error());
    last = !*more;
  }
  const ReportRow report{{0, content.delivery, wire::DeliveryStatus::delivered, {}, now, {}, false}, {}, {}, {}};
  if (last) HUB_TRY(insert_reports({&report, 1}));
  HUB_TRY(transaction.commit());
  return last;
}

Result<void> Store::give_up(const std::string& delivery_id, const ReportRow& failure) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  for (const char* sql : {"DELETE FROM inbox_content WHERE delivery_id = ?", "DELETE FROM inbox WHERE delivery_id = ?"}) {
    Statement write(*database_, sql);
    HUB_TRY(write.bind(std::string_view(delivery_id)).run());
  }
  HUB_TRY(insert_reports({&failure, 1}));
  return transaction.commit();
}

Result<void> Store::mark_delivered(std::span<const std::string> ids) {
  Transaction transaction(*database_);
  HUB_TRY(transaction.begin());
  HUB_TRY(mark_in_transaction(ids));
  return transaction.commit();
}

}  // namespace hub::sdk
