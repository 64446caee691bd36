#include "adapters/folder/inbox.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "adapters/folder/status_files.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/names.hpp"

namespace hub::folder {
namespace {

std::string file_of(const std::string& delivery_id) { return delivery_id + ".json"; }

// A trouble with this one document, which must not stop those behind it; nothing when it is the disk's, or the
// folder's.
std::optional<sdk::StatusReport> failure_of(const sdk::VerifiedDelivery& d, const Error& error, UnixMicros now) {
  std::string reason;
  int number = 0;
  for (const Fact& fact : error.facts) {
    if (fact.name == "reason") reason = fact.value;
    if (fact.name == "errno") number = std::stoi(fact.value);
  }
  const bool is_permanent = number == ENAMETOOLONG || number == EILSEQ || number == EINVAL || number == EFBIG;
  const bool may_pass = number == EISDIR || number == ELOOP || number == EEXIST || number == ETXTBSY;
  if (!is_permanent && !may_pass) return std::nullopt;
  return sdk::StatusReport{
      0, d.delivery.key(), wire::DeliveryStatus::failed, reason, now, "delivery-not-stored", is_permanent};
}

}  // namespace

Result<void> Inbox::recover() {
  const auto staged = store_.staged();
  if (!staged) return tl::unexpected(staged.error());
  if (auto moved = move_staged(*staged); !moved) return moved;
  if (auto marked = store_.mark_delivered(*staged); !marked) return marked;
  std::vector<std::string> leftovers;
  auto listed = folder_.staging.each_file([&](const char* name) { leftovers.emplace_back(name); });
  if (!listed) return listed;
  for (const std::string& name : leftovers)
    if (auto removed = folder_.staging.remove(name); !removed) return removed;
  return {};
}

Result<void> Inbox::move_staged(const std::vector<std::string>& ids) {
  for (const std::string& id : ids)
    if (const auto moved = folder_.staging.move(file_of(id), folder_.inbox, file_of(id)); !moved)
      return tl::unexpected(moved.error());
  return folder_.inbox.sync();
}

Result<void> Inbox::deliver(std::span<const sdk::VerifiedDelivery> deliveries, sdk::Progress progress,
                            UnixMicros now) {
  HUB_CHECK(progress.journal_id.has_value());
  std::vector<sdk::StagedDelivery> staged;
  std::vector<sdk::ReportRow> failures;
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (const sdk::VerifiedDelivery& d : deliveries) {
    progress.deliveries_stored = std::max(progress.deliveries_stored, d.sequence);
    const std::string id = wire::delivery_id(*progress.journal_id, d.delivery.key());
    const std::string first_id =
        wire::delivery_id(*progress.journal_id, {d.delivery.position, d.delivery.outcome_index, {}});
    // The sequence was new, but the delivery need not be: a hub that counts anew sends it under another number.
    const auto known = store_.knows_delivery(id);
    if (!known) return tl::unexpected(known.error());
    if (*known || !seen.insert(id).second) continue;
    if (auto written = folder_.staging.write(file_of(id), delivery_json(id, first_id, d)); !written) {
      auto failure = failure_of(d, written.error(), now);
      if (!failure) return written;
      spdlog::error("{} is not delivered: {}", id, describe(written.error(), Language::english));
      failures.push_back({std::move(*failure), {}, {}, {}});
      continue;
    }
    staged.push_back({id, d.sequence});
    ids.push_back(id);
  }
  for (const std::string& id : ids)  // 1
    if (auto synced = folder_.staging.sync_file(file_of(id)); !synced) return synced;
  if (auto synced = folder_.staging.sync(); !synced) return synced;
  if (auto logged = store_.stage(staged, failures, delivered_, progress, now); !logged)
    return logged;  // 2, and 6 of the last turn
  delivered_.clear();
  if (auto moved = move_staged(ids); !moved) return moved;  // 3, 4
  delivered_ = std::move(ids);
  return {};
}

Result<void> Inbox::store_receipts(std::span<const sdk::ReceivedReceipt> receipts, sdk::Progress progress) {
  std::vector<NamedText> files;
  for (const sdk::ReceivedReceipt& r : receipts) {
    progress.receipts_stored = std::max(progress.receipts_stored, r.sequence);
    // It becomes part of a file's name, and it comes from outside.
    if (!registry::is_party_id(r.receipt.recipient))
      return fail(ErrorCode::frame_malformed, {{"offset", "0"}, {"reason", "a receipt's recipient is no party's id"}});
    if (r.receipt.status == wire::DeliveryStatus::refused)
      if (auto reopened = store_.reopen(r.receipt.id); !reopened) return reopened;
    auto name = store_.final_name(r.receipt.id);
    if (!name) return tl::unexpected(name.error());
    if (name->empty()) *name = to_text(r.receipt.id);  // sent before the store was new, or long ago
    files.push_back(
        {&folder_.status,
         *name + "." + std::string(wire::name_of(r.receipt.status)) + "." + std::string(r.receipt.recipient) + ".json",
         receipt_json(r.receipt)});
  }
  if (auto published = publish(folder_.staging, files); !published) return published;
  return store_.save(progress);
}

}  // namespace hub::folder
