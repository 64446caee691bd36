#include "adapters/folder/outbox.hpp"

#include <spdlog/spdlog.h>

#include "adapters/folder/refusal_text.hpp"
#include "adapters/folder/status_files.hpp"
#include "hub/base/check.hpp"
#include "hub/registry/limits.hpp"

namespace hub::folder {
namespace {

// JSON needs more room than the document that it becomes; a longer file can't become one.
constexpr std::size_t kFileBytesMax = 4 * registry::kDocumentBytesMax;
constexpr std::size_t kReportedMax = 1024;

}  // namespace

Outbox::Outbox(std::string party, AgencyFolder& folder, sdk::Store& store, const StatusReports& reports)
    : party_(std::move(party)), folder_(folder), store_(store), reports_(reports) {}

Result<std::vector<Submission>> Outbox::recover() {
  auto rows = store_.unfinished();
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Submission> out;
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
  pending_.emplace(row.ticket, Pending{row.file, describe(*view, row.file.name), row.attachments, row.final_name});
}

Result<void> Outbox::add_answered(sdk::OutboxRow row) {
  auto answer = read_answer(row.result);
  if (!answer) return tl::unexpected(answer.error());
  const auto view = registry::read_document(row.document);
  HUB_CHECK(view.has_value());
  answered_.push_back({row.ticket,
                       {row.file, describe(*view, row.file.name), {}, {}},
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
    if (is_ignored_name(name) || files_.contains(name) || reported_.contains(name) || reports_.holds(name)) return;
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
  if (auto listed = next_names(limits.documents_max, names); !listed) return tl::unexpected(listed.error());
  std::vector<sdk::NewDocument> documents;
  std::size_t bytes = 0;
  for (const std::string& name : names) {
    if (bytes >= limits.bytes_max) {
      more_waiting_ = true;
      break;
    }
    FileRead file = read_agency_file(folder_.outbox, name, kFileBytesMax);
    if (file.kind == FileRead::Kind::ignored && reported_.size() < kReportedMax && reported_.insert(name).second)
      spdlog::warn("{} is no regular file and is left where it is", name);
    if (file.kind == FileRead::Kind::content && is_status_file(file.content)) {
      status_files_.push_back(std::move(file));
      continue;
    }
    Result<std::optional<sdk::NewDocument>> document = tl::unexpected(file.error);
    if (file.kind == FileRead::Kind::content) document = read_document(file, now);
    if (document) {
      if (!*document) continue;  // its attachments are still read
      bytes += (*document)->document.size();
      documents.push_back(std::move(**document));
    } else if (file.kind == FileRead::Kind::content || file.kind == FileRead::Kind::refused) {
      if (auto refused = refuse_file(file, document.error()); !refused) return tl::unexpected(refused.error());
    }
  }
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
  return open_attachment(folder_.outbox, pending->second.file.name, pending->second.attachments[attachment]);
}

// A refusal that needs no hub. Nothing of it is stored: until the file is moved, it is refused again, the same way.
Result<void> Outbox::refuse_file(const FileRead& file, const Error& error) {
  Description description;
  description.file = file.identity.name;
  const Answer answer = answer_of(error);
  const std::string stem =
      free_stem(stem_of(description.file), [&](const std::string& s) { return is_taken(s, false); });
  spdlog::info("{} refused: {}", description.file, describe(error, Language::english));
  if (auto done = publish(folder_.staging, refusal_files(folder_, description, answer, stem)); !done) return done;
  if (auto moved = move_file(file.identity, folder_.refused, stem); !moved) return moved;
  if (auto synced = folder_.refused.sync(); !synced) return synced;
  return folder_.outbox.sync();
}

bool Outbox::is_taken(const std::string& stem, bool accepted) const {
  const auto has_files = [&](const Folder& folder) { return folder.has(stem + ".files"); };
  if (accepted)
    return has_files(folder_.sent) || folder_.sent.has(stem + ".json") || folder_.sent.has(stem) ||
           folder_.status.has(stem + ".accepted.json");
  return has_files(folder_.refused) || folder_.refused.has(stem + ".json") || folder_.refused.has(stem) ||
         folder_.refused.has(stem + ".refusal.json");
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
  return store_.finish(tickets);
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

Result<void> Outbox::file_away(const std::vector<Answered>& answered) {
  std::vector<NamedText> texts;
  for (const Answered& a : answered) {
    if (a.answer.accepted()) {
      texts.push_back({&folder_.status, a.final_name + ".accepted.json",
                       accepted_json(a.pending.description, a.answer)});
    } else {
      for (NamedText& text : refusal_files(folder_, a.pending.description, a.answer, a.final_name))
        texts.push_back(std::move(text));
    }
  }
  const auto move = [&](bool accepted) -> Result<void> {
    for (const Answered& a : answered)
      if (a.answer.accepted() == accepted)
        if (auto moved = move_file(a.pending.file, accepted ? folder_.sent : folder_.refused, a.final_name); !moved)
          return moved;
    return {};
  };
  // Whoever sees the status may use the file's name again, so the file has gone by then; and whoever sees the file in
  // refused/ finds the reason beside it.
  if (auto moved = move(/*accepted=*/true); !moved) return moved;
  if (auto done = publish(folder_.staging, texts); !done) return done;
  if (auto moved = move(/*accepted=*/false); !moved) return moved;
  for (const Folder* folder : {&folder_.sent, &folder_.refused, &folder_.outbox})
    if (auto synced = folder->sync(); !synced) return synced;
  return {};
}

// Gone: there are none, or they were moved before a crash.
Result<void> Outbox::move_attachments(const std::string& file, const Folder& to, const std::string& stem) {
  const std::string from = attachments_folder(file);
  std::string name = stem;
  while (folder_.outbox.has(from)) {
    const auto moved = folder_.outbox.move_to_free(from, to, name + ".files");
    if (!moved) return tl::unexpected(moved.error());
    if (*moved) return to.sync();
    name = free_stem(stem, [&](const std::string& s) { return to.has(s + ".files"); });
  }
  return {};
}

Result<void> Outbox::move_file(const sdk::FileIdentity& file, const Folder& to, const std::string& stem) {
  if (identify(folder_.outbox, file.name) != file) {
    // Gone: moved before a crash, or taken back. Another file: the agency wrote it since; it is read as a new one.
    more_waiting_ = true;
    return {};
  }
  if (auto moved = move_attachments(file.name, to, stem); !moved) return moved;
  const std::string suffix(suffix_of(file.name));
  std::string name = stem;
  for (;;) {
    const auto moved = folder_.outbox.move_to_free(file.name, to, name + suffix);
    if (!moved) return tl::unexpected(moved.error());
    if (*moved) return {};
    name = free_stem(stem, [&](const std::string& s) { return to.has(s + suffix); });
  }
}

}  // namespace hub::folder
