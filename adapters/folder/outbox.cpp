#include "adapters/folder/outbox.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "adapters/edxml/refusal.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/limits.hpp"

namespace hub::folder {
namespace {

// JSON needs more room than the document that it becomes; a longer file can't become one.
constexpr std::size_t kFileBytesMax = 4 * registry::kDocumentBytesMax;
constexpr std::size_t kReportedMax = 1024;

}  // namespace

Outbox::Outbox(std::string party, AgencyFolder& folder, sdk::Store& store, const StatusReports& reports,
               EdxmlFiles& edxml)
    : party_(std::move(party)), folder_(folder), store_(store), reports_(reports), edxml_(edxml) {}

Result<std::vector<Submission>> Outbox::recover() {
  auto rows = store_.unfinished();
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Submission> out;
  std::vector<sdk::FileIdentity> files;
  for (const sdk::OutboxRow& row : *rows)
    if (!row.document.empty()) files.push_back(row.file);
  edxml_.keep_only(files);
  for (sdk::OutboxRow& row : *rows) {
    files_.insert(row.file.name);
    if (row.state != sdk::OutboxState::queued) {
      if (auto added = add_answered(std::move(row)); !added) return tl::unexpected(added.error());
      continue;
    }
    add_pending(row);
    out.push_back({row.ticket, std::move(row.document)});
  }
  return out;
}

void Outbox::add_pending(const sdk::OutboxRow& row) {
  const auto view = registry::read_document(row.document);
  HUB_CHECK(view.has_value());  // it was read before it was stored
  pending_.emplace(row.ticket,
                   Pending{row.file, describe(*view, row.file.name), row.attachments, row.final_name, row.origin});
}

Result<void> Outbox::add_answered(sdk::OutboxRow row) {
  auto answer = read_answer(row.result);
  if (!answer) return tl::unexpected(answer.error());
  Description description;
  description.file = row.file.name;
  if (!row.document.empty()) {
    const auto view = registry::read_document(row.document);
    HUB_CHECK(view.has_value());
    description = describe(*view, row.file.name);
  }
  answered_.push_back({row.ticket,
                       {row.file, std::move(description), {}, {}, row.origin},
                       std::move(*answer),
                       std::move(row.result),
                       std::move(row.final_name)});
  return {};
}

// The first names, in order, so that what waits longest by the agency's own numbering goes first. Never more of them in
// memory than are taken.
Result<void> Outbox::next_names(std::size_t count_max, std::vector<std::string>& out) {
  std::set<std::string> first;
  more_waiting_ = false;
  auto listed = folder_.outbox.each_file([&](const char* entry) {
    std::string name(entry);
    if (is_ignored_name(name) || files_.contains(name) || reported_.contains(name) || reports_.holds(name) ||
        edxml_.is_reading(name))
      return;
    first.insert(std::move(name));
    if (first.size() <= count_max) return;
    first.erase(std::prev(first.end()));
    more_waiting_ = true;
  });
  if (!listed) return listed;
  out.assign(first.begin(), first.end());
  return {};
}

Result<std::vector<Submission>> Outbox::take(const TakeLimits& limits, UnixMicros now) {
  std::vector<std::string> names;
  measuring_.forget_gone(folder_.outbox);
  const std::size_t room = limits.documents_max - std::min(limits.documents_max, edxml_.reading());
  if (auto listed = next_names(room, names); !listed) return tl::unexpected(listed.error());
  std::vector<sdk::NewDocument> documents;
  std::size_t bytes = 0;
  for (const std::string& name : names) {
    if (bytes >= limits.bytes_max) {
      more_waiting_ = true;
      break;
    }
    if (auto taken = take_name(name, documents, bytes, now); !taken) return tl::unexpected(taken.error());
  }
  return enter(std::move(documents), now);
}

Result<void> Outbox::take_name(const std::string& name, std::vector<sdk::NewDocument>& documents, std::size_t& bytes,
                               UnixMicros now) {
  if (edxml_.takes(name) && ask_for_edxml(name)) return {};
  FileRead file = read_agency_file(folder_.outbox, name, kFileBytesMax);
  if (file.kind == FileRead::Kind::ignored && reported_.size() < kReportedMax && reported_.insert(name).second)
    spdlog::warn("{} is no regular file and is left where it is", name);
  if (file.kind == FileRead::Kind::refused) return refuse_file(file.identity, file.error, now);
  if (file.kind != FileRead::Kind::content) return {};
  if (is_status_file(file.content)) {
    status_files_.push_back(std::move(file));
    return {};
  }
  auto document = read_document(file, now);
  if (!document) return refuse_file(file.identity, document.error(), now);
  if (!*document) return {};  // its attachments are still read
  bytes += (*document)->document.size();
  documents.push_back(std::move(**document));
  return {};
}

// Whether it is read elsewhere, or left until its writer closes it; else it is no file that could be read at all.
bool Outbox::ask_for_edxml(const std::string& name) {
  const OpenedFile file = open_agency_file(folder_.outbox, name);
  if (file.kind == FileRead::Kind::content) edxml_.read(file.identity, file.bytes);
  return file.kind == FileRead::Kind::content || file.kind == FileRead::Kind::busy ||
         file.kind == FileRead::Kind::gone;
}

Result<std::vector<Submission>> Outbox::take_read(UnixMicros now) {
  std::vector<sdk::NewDocument> documents;
  for (EdxmlRead& read : edxml_.take())
    if (auto taken = take_one_read(std::move(read), documents, now); !taken) return tl::unexpected(taken.error());
  return enter(std::move(documents), now);
}

Result<void> Outbox::take_one_read(EdxmlRead read, std::vector<sdk::NewDocument>& documents, UnixMicros now) {
  switch (read.kind) {
    case EdxmlRead::Kind::changed:
      more_waiting_ = true;
      return {};
    case EdxmlRead::Kind::refused:
      return refuse_file(read.file, read.error, now);
    case EdxmlRead::Kind::status:
      return take_edxml_status(std::move(read), documents, now);
    case EdxmlRead::Kind::document:
      break;
  }
  return take_edxml_document(std::move(read), documents, now);
}

Result<void> Outbox::take_edxml_document(EdxmlRead read, std::vector<sdk::NewDocument>& documents, UnixMicros now) {
  registry::DocumentFields& fields = read.document.fields;
  fields.attachments.clear();
  for (const edxml::Attachment& a : read.document.attachments)
    fields.attachments.push_back({a.name, a.media_type, a.path.substr(a.path.rfind('/') + 1), a.size, a.sha256});
  auto document = make_document(read.file, read.content, std::move(fields), party_, now, store_);
  if (!document) {
    Error error = document.error();
    if (error.code != ErrorCode::secrecy_mark && error.code != ErrorCode::io_failed)
      error = edxml::refusal(read.line, describe(error, Language::vietnamese), describe(error, Language::english));
    edxml_.forget(read.file);
    return refuse_file(read.file, error, now);
  }
  document->origin = origin_text({read.reference, std::move(read.document.notes)});
  documents.push_back(std::move(*document));
  return {};
}

Result<void> Outbox::take_edxml_status(EdxmlRead read, std::vector<sdk::NewDocument>& documents, UnixMicros now) {
  const EdxmlSetup& setup = *edxml_.setup();
  if (read.status.code != edxml::StatusCode::recall_requested) {
    const auto delivery = find_delivery(read.status, setup, store_);
    if (!delivery) return tl::unexpected(delivery.error());
    edxml_statuses_.push_back({read.file, report_of(read.status, setup, party_, *delivery, now)});
    return {};
  }
  const auto sent = find_sent(read.status, setup, store_);
  if (!sent) return tl::unexpected(sent.error());
  auto recall = recall_of(read.status, setup, party_, *sent);
  if (!recall) return refuse_file(read.file, recall.error(), now);
  read.reference = read.status.response_for;
  read.line = read.status.response_for.line;
  read.document = std::move(*recall);
  return take_edxml_document(std::move(read), documents, now);
}

Result<std::vector<Submission>> Outbox::enter(std::vector<sdk::NewDocument> documents, UnixMicros now) {
  std::vector<Submission> out;
  if (documents.empty()) return out;
  auto rows = store_.take(std::move(documents), now);
  if (!rows) return tl::unexpected(rows.error());
  for (sdk::OutboxRow& row : *rows) {
    files_.insert(row.file.name);
    if (row.state == sdk::OutboxState::queued) {
      add_pending(row);
      out.push_back({row.ticket, std::move(row.document)});
    } else if (auto added = add_answered(std::move(row)); !added) {
      return tl::unexpected(added.error());
    }
  }
  return out;
}

Result<std::optional<sdk::NewDocument>> Outbox::read_document(const FileRead& file, UnixMicros now) {
  auto fields = read_fields(file);
  if (!fields) return tl::unexpected(fields.error());
  if (!fields->attachments.empty()) {
    const auto known = measuring_.fill(file.identity, fields->attachments);
    if (!known) return tl::unexpected(known.error());
    if (!*known) return {std::nullopt};
  }
  auto document = make_document(file, std::move(*fields), party_, now, store_);
  if (!document) return tl::unexpected(document.error());
  return {std::move(*document)};
}

bool Outbox::measure() {
  const bool more = measuring_.work(folder_.outbox);
  if (measuring_.finished()) more_waiting_ = true;
  return more;
}

Result<content::File> Outbox::open_content(sdk::Ticket ticket, std::size_t attachment) const {
  const auto pending = pending_.find(ticket);
  if (pending == pending_.end() || attachment >= pending->second.attachments.size())
    return fail(ErrorCode::not_found, {{"path", std::to_string(ticket)}});
  const Pending& document = pending->second;
  const std::string& name = document.attachments[attachment];
  return document.origin.empty() ? open_attachment(folder_.outbox, document.file.name, name)
                                 : edxml_.open_attachment(document.file, name);
}

bool Outbox::is_taken(const std::string& stem, bool accepted) const {
  if (accepted) return holds_stem(folder_.sent, stem) || folder_.status.has(stem + ".accepted.json");
  return holds_stem(folder_.refused, stem) || folder_.refused.has(stem + ".refusal.json");
}

void Outbox::answer(sdk::Ticket ticket, const wire::DocumentResult& result) {
  const auto pending = pending_.find(ticket);
  if (pending == pending_.end()) return;
  std::string name = std::move(pending->second.final_name);
  answered_.push_back({ticket, std::move(pending->second), answer_of(result), write_answer(result), std::move(name)});
  pending_.erase(pending);
}

Result<void> Outbox::settle(const sdk::Progress& progress, UnixMicros now) {
  if (answered_.empty()) return {};
  std::vector<Answered> answered = std::exchange(answered_, {});
  choose_names(answered);
  if (auto recorded = record(answered, progress, now); !recorded) return recorded;
  if (auto filed = file_away(answered); !filed) return filed;
  std::vector<sdk::Ticket> tickets;
  for (const Answered& a : answered) {
    tickets.push_back(a.ticket);
    files_.erase(a.pending.file.name);
  }
  if (auto finished = store_.finish(tickets); !finished) return finished;
  for (const Answered& a : answered)
    if (!a.pending.origin.empty()) edxml_.forget(a.pending.file);
  return {};
}

std::string Outbox::choose_name(const std::string& file, bool accepted, const std::set<std::string>& taken) const {
  return free_stem(stem_of(file), [&](const std::string& s) { return taken.contains(s) || is_taken(s, accepted); });
}

void Outbox::choose_names(std::vector<Answered>& answered) const {
  std::set<std::string> chosen[2];
  for (const auto& [ticket, pending] : pending_) chosen[1].insert(pending.final_name);
  for (Answered& a : answered) {
    auto& names = chosen[a.answer.accepted() ? 1 : 0];
    if (a.final_name.empty()) a.final_name = choose_name(a.pending.file.name, a.answer.accepted(), names);
    names.insert(a.final_name);
  }
}

Result<void> Outbox::settle_names(std::span<const sdk::ReceivedReceipt> receipts) {
  if (pending_.empty()) return {};
  std::set<Uuid> received;
  for (const sdk::ReceivedReceipt& r : receipts) received.insert(r.receipt.id);
  std::set<std::string> taken;
  for (const auto& [ticket, pending] : pending_) taken.insert(pending.final_name);
  for (auto& [ticket, pending] : pending_) {
    if (!pending.final_name.empty() || !received.contains(pending.description.id)) continue;
    pending.final_name = choose_name(pending.file.name, /*accepted=*/true, taken);
    taken.insert(pending.final_name);
    if (auto settled = store_.settle_name(ticket, pending.final_name); !settled) return settled;
  }
  return {};
}

Result<void> Outbox::record(const std::vector<Answered>& answered, const sdk::Progress& progress, UnixMicros now) {
  std::vector<sdk::OutboxResult> results;
  results.reserve(answered.size());
  for (const Answered& a : answered)
    results.push_back({a.ticket, a.answer.accepted() ? sdk::OutboxState::accepted : sdk::OutboxState::refused,
                       a.answer.position, a.answer.leaf, a.stored, a.final_name, a.answer.is_open()});
  return store_.record(results, progress, now);
}

}  // namespace hub::folder
