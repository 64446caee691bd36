#include "adapters/folder/inbox.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include <nlohmann/json.hpp>

#include "adapters/edxml/text_file.hpp"
#include "adapters/edxml/writer.hpp"
#include "adapters/folder/edxml_status.hpp"
#include "adapters/folder/status_files.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/content/file.hpp"
#include "hub/log/log.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"

namespace hub::folder {
namespace {

// JSON needs more room than the document in it.
constexpr std::size_t kDeliveryFileBytesMax = 8 * registry::kDocumentBytesMax;

std::string file_of(const std::string& delivery_id) { return delivery_id + ".json"; }
std::string files_of(const std::string& delivery_id) { return delivery_id + ".files"; }
std::string parts_of(const std::string& delivery_id) { return delivery_id + ".parts"; }
std::string document_of(const std::string& delivery_id) { return delivery_id + ".document"; }
std::string edxml_of(const std::string& delivery_id) { return delivery_id + ".edxml"; }
std::string edxml_part_of(const std::string& delivery_id) { return delivery_id + ".edxml.part"; }

// The document that a recall asks for.
std::optional<Uuid> recalled_by(const registry::DocumentView& document) {
  if (registry::type_name(document.type) != "recall") return std::nullopt;
  const auto data = nlohmann::json::from_msgpack(document.data, true, /*allow_exceptions=*/false);
  if (!data.is_object() || !data.contains("document_id") || !data["document_id"].is_string()) return std::nullopt;
  return parse_uuid(data["document_id"].get_ref<const std::string&>());
}

// Step x, on a thread of its own: `staging` has ID.json and, where it has attachments, ID.files/.
Result<void> write_edxml_part(const std::string& staging, const std::string& id, const Buffer& document,
                              const edxml::Organisations& organisations) {
  const auto view = registry::read_document(document);
  if (!view) return tl::unexpected(view.error());
  const auto text = edxml::read_text_file(staging + "/" + file_of(id), kDeliveryFileBytesMax);
  if (!text) return tl::unexpected(text.error());
  const auto json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  HUB_CHECK(json.is_object() && json.contains("delivery"));  // delivery_json wrote it
  edxml::OutgoingDocument out{*view, {}, json["delivery"].dump()};
  for (const registry::AttachmentView& a : registry::read_attachments(view->attachments))
    out.attachments.push_back({std::string(a.name), std::string(a.mediatype),
                               staging + "/" + files_of(id) + "/" + std::string(a.name)});
  const std::string path = staging + "/" + edxml_part_of(id);
  if (auto removed = content::remove_file(path); !removed) return removed;
  return edxml::write_edxml(path, out, organisations);
}

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
  auto awaited = store_.awaited();
  if (!awaited) return tl::unexpected(awaited.error());
  std::set<std::string> needed;
  for (const sdk::AwaitedContent& content : *awaited) needed.insert(content.delivery_id);
  for (const std::string& id : *staged)
    for (const std::string& name : {file_of(id), document_of(id), edxml_of(id)})
      if (folder_.staging.has(name)) needed.insert(id);
  if (auto removed = remove_leftovers(needed); !removed) return removed;
  const auto standing = move_staged(*staged);
  if (!standing) return tl::unexpected(standing.error());
  if (auto marked = store_.mark_delivered(*standing); !marked) return marked;
  std::error_code ignored;  // what contents were fetched into; the next start tries again
  for (const std::string& id : *standing) std::filesystem::remove_all(folder_.staging.path() + "/" + parts_of(id), ignored);
  return await_contents(std::move(*awaited), now);
}

// Whatever in .staging/ belongs to no delivery that is needed.
Result<void> Inbox::remove_leftovers(const std::set<std::string>& needed) try {
  for (const auto& entry : std::filesystem::directory_iterator(folder_.staging.path())) {
    const std::string name = entry.path().filename().string();
    if (!needed.contains(name.substr(0, name.rfind('.')))) std::filesystem::remove_all(entry.path());
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
  if (failing_.contains(content.delivery_id)) return give_up_contents(content.delivery_id);
  if (!*last) return {};
  const auto standing = move_staged({content.delivery_id});
  if (!standing) return tl::unexpected(standing.error());
  if (standing->empty()) return {};  // it is written as edXML first
  std::error_code ignored;           // empty by now; the next start removes what is left
  std::filesystem::remove_all(folder_.staging.path() + "/" + parts_of(content.delivery_id), ignored);
  return store_.mark_delivered(*standing);
}

Result<void> Inbox::content_failed(const sdk::ContentRequest& request, const Error& error, UnixMicros now) {
  const auto entry = awaited_.find(request.path);
  if (entry == awaited_.end()) return {};
  const sdk::AwaitedContent content = std::move(entry->second);
  awaited_.erase(entry);
  // Neither the attachment's name nor what the hub said: a reason is short, and stands in the hub's journal.
  const std::string reason = "attachment " + std::to_string(content.attachment + 1) + ": " +
                             std::string(catalogue_entry(error.code).english.title);
  spdlog::error("{} is not delivered: {}: {}", content.delivery_id, reason, describe(error, Language::english));
  failing_.try_emplace(content.delivery_id,
                       sdk::StatusReport{0, content.delivery, wire::DeliveryStatus::failed, reason, now,
                                         std::string(code_text(error.code)), true});
  return give_up_contents(content.delivery_id);
}

bool Inbox::awaits_content(const std::string& id) const {
  return std::any_of(awaited_.begin(), awaited_.end(), [&](const auto& entry) { return entry.second.delivery_id == id; });
}

// Not before the last of its transfers has ended: each writes into the delivery's folder.
Result<void> Inbox::give_up_contents(const std::string& id) {
  if (awaits_content(id)) return {};
  const auto failing = failing_.extract(id);
  if (auto given_up = store_.give_up(id, {failing.mapped(), {}, {}, {}}); !given_up) return given_up;
  std::error_code ignored;  // the next start removes what is left
  for (const std::string& name : {file_of(id), document_of(id), parts_of(id), files_of(id)})
    std::filesystem::remove_all(folder_.staging.path() + "/" + name, ignored);
  return {};
}

Result<std::vector<std::string>> Inbox::move_staged(const std::vector<std::string>& ids) {
  std::vector<std::string> json, standing;
  for (const std::string& id : ids) {
    if (folder_.staging.has(edxml_of(id))) {  // a crash came after step y
      if (auto moved = move_edxml(id); !moved) return tl::unexpected(moved.error());
      standing.push_back(id);
    } else if (!folder_.staging.has(document_of(id))) {
      json.push_back(id);
    } else if (edxml_ != nullptr) {
      if (auto begun = begin_edxml(id); !begun) return tl::unexpected(begun.error());
    } else {  // the configuration has changed
      if (auto removed = give_up_edxml(id); !removed) return tl::unexpected(removed.error());
      json.push_back(id);
    }
  }
  if (auto moved = move_json(json); !moved) return tl::unexpected(moved.error());
  standing.insert(standing.end(), json.begin(), json.end());
  return standing;
}

bool Inbox::comes_as_edxml(const registry::DocumentView& document) const {
  if (edxml_ == nullptr || !edxml_->inbox) return false;
  const auto has_code = [&](std::string_view party) { return edxml_->organisations.by_party(party) != nullptr; };
  for (const std::string_view party : registry::recipients(document.to))
    if (!has_code(party)) return false;
  return has_code(document.source);
}

Result<void> Inbox::stage_document(const std::string& id, const registry::DocumentView& document) const {
  const auto* bytes = reinterpret_cast<const char*>(document.bytes.data());
  if (auto written = folder_.staging.write(document_of(id), {bytes, document.bytes.size()}); !written) return written;
  return folder_.staging.sync_file(document_of(id));
}

Result<void> Inbox::begin_edxml(const std::string& id) {
  const std::string staging = folder_.staging.path();
  const auto text = edxml::read_text_file(staging + "/" + document_of(id), registry::kDocumentBytesMax);
  if (!text) return tl::unexpected(text.error());
  Buffer document;
  append(document, as_bytes(*text));
  const auto view = registry::read_document(document);
  HUB_CHECK(view.has_value());  // it was verified before it was staged
  const auto lane = Background::lane_of(view->attachment_totals.bytes);
  background_.start(lane, [this, staging, id, document = std::move(document), &organisations = edxml_->organisations] {
    auto written = write_edxml_part(staging, id, document, organisations);
    return [this, id, written = std::move(written)] { return end_edxml(id, written); };
  });
  return {};
}

// Step y and z.
Result<void> Inbox::end_edxml(const std::string& id, const Result<void>& written) {
  if (written) {
    const auto moved = folder_.staging.move(edxml_part_of(id), folder_.staging, edxml_of(id));
    if (!moved) return tl::unexpected(moved.error());
    if (!*moved)  // it was written a moment ago: marked as delivered it would be lost
      return fail(ErrorCode::io_failed, {{"operation", "move"}, {"path", edxml_part_of(id)}, {"reason", "it is gone"}});
    if (auto synced = folder_.staging.sync(); !synced) return synced;
    if (auto done = move_edxml(id); !done) return done;
  } else {
    spdlog::warn("{} comes as JSON: {}", id, describe(written.error(), Language::english));
    if (auto removed = give_up_edxml(id); !removed) return removed;
    if (auto moved = move_json({id}); !moved) return moved;
  }
  return store_.mark_delivered(std::vector<std::string>{id});
}

Result<void> Inbox::move_edxml(const std::string& id) {
  for (const std::string& name : {document_of(id), file_of(id)})
    if (auto removed = folder_.staging.remove(name); !removed) return removed;
  std::error_code error;
  for (const std::string& name : {files_of(id), parts_of(id)}) {
    std::filesystem::remove_all(folder_.staging.path() + "/" + name, error);
    if (error)
      return fail(ErrorCode::io_failed, {{"operation", "remove"}, {"path", name}, {"reason", error.message()}});
  }
  if (auto synced = folder_.staging.sync(); !synced) return synced;
  if (const auto moved = folder_.staging.move(edxml_of(id), folder_.inbox, edxml_of(id)); !moved)
    return tl::unexpected(moved.error());
  return folder_.inbox.sync();
}

Result<void> Inbox::give_up_edxml(const std::string& id) const {
  for (const std::string& name : {edxml_part_of(id), document_of(id)})
    if (auto removed = folder_.staging.remove(name); !removed) return removed;
  return folder_.staging.sync();
}

// Attachments first, so that whoever sees the file finds them.
Result<void> Inbox::move_json(const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
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
      const log::About about(to_text(d.document.id));
      spdlog::error("{} is not delivered: {}", id, describe(written.error(), Language::english));
      failures.push_back({std::move(*failure), {}, {}, {}});
      continue;
    }
    if (comes_as_edxml(d.document))
      if (auto written = stage_document(id, d.document); !written) return written;
    staged.push_back({id, d.sequence, contents_of(id, d), d.document.id, recalled_by(d.document), d.leaf});
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
  auto standing = move_staged(complete);  // 3, 4
  if (!standing) return tl::unexpected(standing.error());
  delivered_ = std::move(*standing);
  return await_contents(std::move(awaited), now);
}

Result<void> Inbox::store_receipts(std::span<const sdk::ReceivedReceipt> receipts, sdk::Progress progress) {
  std::vector<NamedText> files;
  std::vector<OutgoingStatusFile> statuses;
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
    if (edxml_ == nullptr || !has_edxml_code(r.receipt.status)) continue;
    const auto origin = store_.origin(r.receipt.id);
    if (!origin) return tl::unexpected(origin.error());
    if (!origin->empty())
      statuses.push_back({*name,
                          {std::string(r.receipt.recipient), read_origin(*origin).reference,
                           static_cast<edxml::StatusCode>(r.receipt.status), std::string(r.receipt.reason),
                           r.receipt.time}});
  }
  if (auto published = publish(folder_.staging, files); !published) return published;
  if (edxml_ != nullptr)
    if (auto published = publish_statuses(folder_, statuses, edxml_->organisations); !published) return published;
  return store_.save(progress);
}

}  // namespace hub::folder
