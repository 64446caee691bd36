#include "adapters/folder/status_reports.hpp"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "adapters/folder/refusal_text.hpp"
#include "adapters/folder/status_files.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/nfc.hpp"
#include "hub/registry/object_reader.hpp"
#include "hub/registry/reason.hpp"

namespace hub::folder {
namespace {

using Json = nlohmann::json;

tl::unexpected<Error> invalid(std::string pointer, std::string vietnamese, std::string english) {
  return fail(
      ErrorCode::report_invalid,
      {{"pointer", std::move(pointer)}, {"reason_vi", std::move(vietnamese)}, {"reason_en", std::move(english)}});
}

}  // namespace

bool is_status_file(std::string_view content) {
  if (content.find("\"status\"") == std::string_view::npos) return false;
  const Json value = Json::parse(content, nullptr, /*allow_exceptions=*/false);
  return value.is_object() && value.contains("status");
}

Result<sdk::StatusReport> read_status_file(std::string_view content, const Bytes<16>& journal_id, UnixMicros now) {
  Json value;
  registry::Fault fault;
  if (const auto marks = registry::parse_json_strict(content, "status", value); !marks) {
    const std::string place = fill("{line}:{column}: {reason}", marks.error().facts);
    return invalid("", place, place);
  }
  registry::ObjectReader in(value, "", fault);
  const std::string name = in.text("status"), delivery = in.text("delivery");
  const std::string reason = registry::nfc(in.text_or("reason", "")), time = in.text_or("time", "");
  in.refuse_unknown();
  if (fault.found())
    return invalid(fault.first().pointer, "trường này thiếu, sai kiểu hoặc không được biết", fault.first().reason);
  const auto status = wire::status_named(name);
  // That it can't be handed over is the adapter's to say.
  if (!status || !wire::can_be_reported(*status) || *status == wire::DeliveryStatus::failed)
    return invalid(
        "/status",
        "tình trạng phải là delivered, refused, registered, assigned, processing, finished, recalled hoặc "
        "recall-refused",
        "must be delivered, refused, registered, assigned, processing, finished, recalled or recall-refused");
  const auto id = wire::parse_delivery_id(delivery);
  if (!id) return invalid("/delivery", "mã lượt chuyển không đúng dạng", "this is no delivery's id");
  if (wire::delivery_id(journal_id, id->key) != delivery)
    return fail(ErrorCode::delivery_unknown, {{"delivery", delivery}});
  const auto at = time.empty() ? std::optional(now) : parse_rfc3339(time);
  if (!at) return invalid("/time", "thời điểm không theo RFC 3339", "a time in RFC 3339 was expected");
  if (auto refusal = registry::refuse_reason(reason)) return tl::unexpected(std::move(*refusal));
  return sdk::StatusReport{0, id->key, *status, reason, *at, {}, false};
}

Result<void> StatusReports::take(std::span<const FileRead> files, const std::optional<Bytes<16>>& journal_id,
                                 UnixMicros now) {
  std::vector<StatusFile> read;
  for (const FileRead& file : files)
    read.push_back({file.identity, read_status_file(file.content, journal_id.value_or(Bytes<16>{}), now)});
  return take(std::move(read));
}

Result<void> StatusReports::take(std::vector<StatusFile> files) {
  std::vector<sdk::ReportRow> rows;
  std::set<std::string> taken;
  for (StatusFile& file : files) {
    sdk::ReportRow& row = rows.emplace_back();
    row.file = std::move(file.file);
    if (file.report) {
      row.report = std::move(*file.report);
      continue;
    }
    row.final_name = choose_name(row.file.name, /*is_taken_by_hub=*/false, taken);
    taken.insert(row.final_name);
    wire::write(row.answer, wire::Answer{0, file.report.error(), {}});
  }
  return store_.take_reports(rows);
}

Result<std::vector<sdk::StatusReport>> StatusReports::next() {
  auto rows = store_.reports(given_out_);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<sdk::StatusReport> out;
  for (sdk::ReportRow& row : *rows) {
    given_out_ = row.report.ticket;
    if (!row.file.name.empty()) files_.insert(row.file.name);
    if (row.answer.empty()) {
      out.push_back(row.report);
      pending_.emplace(row.report.ticket, std::move(row));
      continue;
    }
    const auto frame = wire::read_frame(row.answer);
    HUB_CHECK(frame.has_value());
    const auto answer = wire::read_answer(frame->payload);
    if (!answer) return tl::unexpected(answer.error());
    answered_.push_back({std::move(row), answer->position, answer->refusal});
  }
  return out;
}

void StatusReports::answer(sdk::ReportTicket ticket, Position record, const std::optional<Error>& refusal) {
  auto node = pending_.extract(ticket);
  if (!node.empty()) answered_.push_back({std::move(node.mapped()), record, refusal});
}

Result<void> StatusReports::settle(UnixMicros now) {
  if (answered_.empty()) return {};
  std::vector<Answered> answered = std::exchange(answered_, {});
  std::set<std::string> taken[2];
  std::vector<sdk::ReportRow> rows;
  std::vector<sdk::ReportTicket> tickets;
  for (const Answered& a : answered) taken[a.refusal ? 1 : 0].insert(a.row.final_name);
  for (Answered& a : answered) {
    tickets.push_back(a.row.report.ticket);
    if (!a.row.answer.empty()) continue;  // stored already: by an earlier life, or because it was refused here
    wire::write(a.row.answer, wire::Answer{a.row.report.ticket, a.refusal, a.record});
    auto& names = taken[a.refusal ? 1 : 0];
    if (!a.row.file.name.empty()) a.row.final_name = choose_name(a.row.file.name, !a.refusal, names);
    names.insert(a.row.final_name);
    rows.push_back(a.row);
  }
  if (auto recorded = store_.record_reports(rows); !recorded) return recorded;
  if (auto filed = file_away(answered, now); !filed) return filed;
  for (const Answered& a : answered) files_.erase(a.row.file.name);
  return store_.finish_reports(tickets);
}

// As for documents: a file that is in sent/ has its answer soon, and one in refused/ has its reason beside it.
Result<void> StatusReports::file_away(const std::vector<Answered>& answered, UnixMicros now) {
  std::vector<NamedText> texts;
  for (const Answered& a : answered) {
    if (a.row.file.name.empty()) {
      if (a.refusal) spdlog::warn("a failure was reported in vain: {}", describe(*a.refusal, Language::english));
    } else if (a.refusal) {
      append_refusal(a.row.file, a.row.final_name, *a.refusal, a.record, now, texts);
    } else {
      texts.push_back({&folder_.status, a.row.final_name + ".reported.json", reported_json(a.row.report, a.record)});
      if (auto moved = move(a.row.file, folder_.sent, a.row.final_name); !moved) return moved;
    }
  }
  if (auto done = publish(folder_.staging, texts); !done) return done;
  for (const Answered& a : answered)
    if (a.refusal && !a.row.file.name.empty())
      if (auto moved = move(a.row.file, folder_.refused, a.row.final_name); !moved) return moved;
  return sync();
}

void StatusReports::append_refusal(const sdk::FileIdentity& file, const std::string& stem, const Error& error,
                                   Position record, UnixMicros now, std::vector<NamedText>& texts) const {
  Description description;
  description.file = file.name;
  Answer answer = answer_of(error);
  if (record.value != 0) {
    answer.position = record;
    answer.time = now;
  }
  spdlog::info("{} refused: {}", file.name, code_text(error.code));  // the reason, beside it, may quote the file
  for (NamedText& text : refusal_files(folder_, description, answer, stem)) texts.push_back(std::move(text));
}

std::string StatusReports::choose_name(const std::string& file, bool is_taken_by_hub,
                                       const std::set<std::string>& taken) const {
  const Folder& to = is_taken_by_hub ? folder_.sent : folder_.refused;
  return free_stem(stem_of(file), [&](const std::string& stem) {
    return taken.contains(stem) || holds_stem(to, stem) || to.has(stem + ".refusal.json") ||
           folder_.status.has(stem + ".reported.json");
  });
}

Result<void> StatusReports::move(const sdk::FileIdentity& file, const Folder& to, const std::string& stem) {
  // Gone: moved before a crash, or taken back. Another file: the agency wrote it since; it is read as a new one.
  if (identify(folder_.outbox, file.name) != file) return {};
  const auto moved = folder_.outbox.move(file.name, to, stem + std::string(suffix_of(file.name)));
  if (!moved) return tl::unexpected(moved.error());
  return {};
}

Result<void> StatusReports::sync() const {
  for (const Folder* folder : {&folder_.sent, &folder_.refused, &folder_.outbox})
    if (auto synced = folder->sync(); !synced) return synced;
  return {};
}

}  // namespace hub::folder
