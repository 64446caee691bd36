// Step 5 of a document's life: the agency's files to sent/ and refused/, and what is said beside them; and refusals that need
// no hub, which begin with it.
#include <spdlog/spdlog.h>

#include "adapters/folder/edxml_status.hpp"
#include "adapters/folder/outbox.hpp"
#include "adapters/folder/refusal_text.hpp"
#include "adapters/folder/status_files.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/log/log.hpp"

namespace hub::folder {

// A refusal that needs no hub. It is stored first: after a crash the file may lie beside its reason already, or without its
// attachments, and would be refused otherwise when it is read again.
Result<void> Outbox::refuse_file(const sdk::FileIdentity& file, const Error& error, UnixMicros now) {
  spdlog::info("{} refused: {}", file.name, code_text(error.code));  // the reason, beside it, may quote the document
  wire::DocumentResult result;
  result.outcome = code_text(error.code);
  result.facts = error.facts;
  std::vector<Answered> refused(1);
  refused[0].pending.file = file;
  refused[0].pending.description.file = file.name;
  refused[0].answer = answer_of(error);
  refused[0].final_name = choose_name(file.name, /*accepted=*/false, {});
  const auto ticket = store_.refuse(file, write_answer(result), refused[0].final_name, now);
  if (!ticket) return tl::unexpected(ticket.error());
  if (auto filed = file_away(refused); !filed) return filed;
  return store_.finish({&*ticket, 1});
}

Result<void> Outbox::file_away(const std::vector<Answered>& answered) {
  std::vector<NamedText> texts;
  for (const Answered& a : answered) {
    if (a.answer.accepted()) {
      const auto notes = a.pending.origin.empty() ? std::vector<std::string>() : read_origin(a.pending.origin).notes;
      texts.push_back({&folder_.status, a.final_name + ".accepted.json",
                       accepted_json(a.pending.description, a.answer, notes)});
    } else {
      if (a.answer.recorded()) {
        const log::About about(to_text(a.pending.description.id));
        spdlog::info("{} refused by the hub: {}", a.pending.file.name, a.answer.outcome);
      }
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
  if (auto told = tell_refusals(answered); !told) return told;
  if (auto moved = move(/*accepted=*/false); !moved) return moved;
  for (const Folder* folder : {&folder_.sent, &folder_.refused, &folder_.outbox})
    if (auto synced = folder->sync(); !synced) return synced;
  return {};
}

// What the hub refuses of an edXML file, as that system understands it: status 02 of each recipient whom it does not
// reach.
Result<void> Outbox::tell_refusals(const std::vector<Answered>& answered) const {
  if (edxml_.setup() == nullptr) return {};
  std::vector<OutgoingStatusFile> files;
  for (const Answered& a : answered) {
    if (a.pending.origin.empty()) continue;
    const auto tell = [&](std::string_view recipient, const std::string& code, const std::vector<Fact>& facts) {
      const auto known = error_code(code);
      const std::string reason = known ? describe({*known, facts}, Language::vietnamese) : code;
      files.push_back({a.final_name,
                       {std::string(recipient), read_origin(a.pending.origin).reference, edxml::StatusCode::refused,
                        "Trung tâm không chuyển văn bản. " + reason, a.answer.time}});
    };
    for (const RecipientOutcome& r : a.answer.recipients)
      if (r.outcome != wire::kAccepted && r.outcome != wire::kAcceptedBefore) tell(r.party, r.outcome, r.facts);
    if (!a.answer.accepted() && a.answer.recipients.empty())
      for (const std::string_view recipient : registry::recipients(a.pending.description.to))
        tell(recipient, a.answer.outcome, a.answer.facts);
  }
  return publish_statuses(folder_, files, edxml_.setup()->organisations);
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
  // X.files belongs to X.json, not to an X.edxml beside it.
  if (!is_edxml_name(file.name))
    if (auto moved = move_attachments(file.name, to, stem); !moved) return moved;
  const std::string suffix(suffix_of(file.name));
  for (std::string name = stem;;) {
    const auto moved = folder_.outbox.move_to_free(file.name, to, name + suffix);
    if (!moved) return tl::unexpected(moved.error());
    if (*moved) return {};
    name = free_stem(stem, [&](const std::string& s) { return to.has(s + suffix); });
  }
}

}  // namespace hub::folder
