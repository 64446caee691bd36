#include "adapters/folder/inbox.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include "adapters/folder/status_files.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/names.hpp"

namespace hub::folder {
namespace {

std::string file_of(const std::string& delivery_id) { return delivery_id + ".json"; }
std::string files_of(const std::string& delivery_id) { return delivery_id + ".files"; }
std::string parts_of(const std::string& delivery_id) { return delivery_id + ".parts"; }

std::vector<sdk::AwaitedContent> contents_of(const std::string& id, const sdk::VerifiedDelivery& d) {
  std::vector<sdk::AwaitedContent> out;
  for (const registry::AttachmentView& a : registry::read_attachments(d.document.attachments))
    out.push_back({id, d.delivery.key(), static_cast<std::uint32_t>(out.size()), std::string(a.name), a.size, a.sha256});
  return out;
}

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

Result<void> Inbox::recover(UnixMicros now) {
  const auto staged = store_.staged();
  if (!staged) return tl::unexpected(staged.error());
  if (auto moved = move_staged(*staged); !moved) return moved;
  if (auto marked = store_.mark_delivered(*staged); !marked) return marked;
  auto awaited = store_.awaited();
  if (!awaited) return tl::unexpected(awaited.error());
  std::set<std::string> awaiting;
  for (const sdk::AwaitedContent& content : *awaited) awaiting.insert(content.delivery_id);
  if (auto removed = remove_leftovers(awaiting); !removed) return removed;
  return await_contents(std::move(*awaited), now);
}

// Whatever in .staging/ belongs to no delivery that waits for contents.
Result<void> Inbox::remove_leftovers(const std::set<std::string>& awaiting) try {
  for (const auto& entry : std::filesystem::directory_iterator(folder_.staging.path())) {
    const std::string name = entry.path().filename().string();
    if (!awaiting.contains(name.substr(0, name.rfind('.')))) std::filesystem::remove_all(entry.path());
  }
  return {};
} catch (const std::filesystem::filesystem_error& error) {
  return fail(ErrorCode::io_failed,
              {{"operation", "remove"}, {"path", error.path1().string()}, {"reason", error.code().message()}});
}

Result<void> Inbox::await_contents(std::vector<sdk::AwaitedContent> contents, UnixMicros now) {
  for (sdk::AwaitedContent& content : contents) {
    for (const std::string& folder : {parts_of(content.delivery_id), files_of(content.delivery_id)})
      if (auto made = Folder::open(folder_.staging.path() + "/" + folder); !made) return tl::unexpected(made.error());
    if (folder_.staging.has(files_of(content.delivery_id) + "/" + content.name)) {  // a crash came before the store knew
      if (auto placed = place_content(content, now); !placed) return placed;
      continue;
    }
    const std::string path = folder_.staging.path() + "/" + parts_of(content.delivery_id) + "/" +
                             std::to_string(content.attachment);
    requests_.push_back({content.delivery.document, content.delivery.outcome_index, content.attachment, content.size,
                         content.sha256, path});
    awaited_.emplace(path, std::move(content));
  }
  return folder_.staging.sync();
}

Result<void> Inbox::store_content(const sdk::ContentRequest& request, UnixMicros now) {
  const auto entry = awaited_.find(request.path);
  if (entry == awaited_.end()) return {};
  const sdk::AwaitedContent content = std::move(entry->second);
  awaited_.erase(entry);
  const auto parts = Folder::open(folder_.staging.path() + "/" + parts_of(content.delivery_id));
  if (!parts) return tl::unexpected(parts.error());
  const auto files = Folder::open(folder_.staging.path() + "/" + files_of(content.delivery_id));
  if (!files) return tl::unexpected(files.error());
  const auto moved = parts->move(std::to_string(content.attachment), *files, content.name);
  if (!moved) return tl::unexpected(moved.error());
  if (auto synced = files->sync(); !synced) return synced;
  return place_content(content, now);
}

// The content stands under its name; the last one takes the delivery with it, and the store has the report of that.
Result<void> Inbox::place_content(const sdk::AwaitedContent& content, UnixMicros now) {
  const auto last = store_.content_stored(content, now);
  if (!last) return tl::unexpected(last.error());
  if (!*last) return {};
  if (auto moved = move_staged({content.delivery_id}); !moved) return moved;
  std::error_code ignored;  // empty by now; the next start removes what is left
  std::filesystem::remove_all(folder_.staging.path() + "/" + parts_of(content.delivery_id), ignored);
  return store_.mark_delivered(std::vector<std::string>{content.delivery_id});
}

// Attachments first, so that whoever sees the file finds them.
Result<void> Inbox::move_staged(const std::vector<std::string>& ids) {
  bool any_files = false;
  for (const std::string& id : ids) {
    if (!folder_.staging.has(files_of(id))) continue;
    const auto moved = folder_.staging.move(files_of(id), folder_.inbox, files_of(id));
    if (!moved) return tl::unexpected(moved.error());
    any_files = true;
  }
  if (any_files)
    if (auto synced = folder_.inbox.sync(); !synced) return synced;
  for (const std::string& id : ids)
    if (const auto moved = folder_.staging.move(file_of(id), folder_.inbox, file_of(id)); !moved)
      return tl::unexpected(moved.error());
  return folder_.inbox.sync();
}

Result<void> Inbox::deliver(std::span<const sdk::VerifiedDelivery> deliveries, sdk::Progress progress,
                            UnixMicros now) {
  HUB_CHECK(progress.journal_id.has_value());
  std::vector<sdk::StagedDelivery> staged;
  std::vector<std::string> ids, complete;  // all that are new; those that wait for nothing
  std::vector<sdk::AwaitedContent> awaited;
  std::vector<sdk::ReportRow> failures;
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
    staged.push_back({id, d.sequence, contents_of(id, d)});
    ids.push_back(id);
    const std::vector<sdk::AwaitedContent>& contents = staged.back().contents;
    if (contents.empty()) complete.push_back(id);
    awaited.insert(awaited.end(), contents.begin(), contents.end());
  }
  for (const std::string& id : ids)  // 1
    if (auto synced = folder_.staging.sync_file(file_of(id)); !synced) return synced;
  if (auto synced = folder_.staging.sync(); !synced) return synced;
  if (auto logged = store_.stage(staged, failures, delivered_, progress, now); !logged)
    return logged;  // 2, and 6 of the last turn
  delivered_.clear();
  if (auto moved = move_staged(complete); !moved) return moved;  // 3, 4
  delivered_ = std::move(complete);
  return await_contents(std::move(awaited), now);
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
