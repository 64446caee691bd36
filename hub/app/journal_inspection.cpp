#include "hub/app/journal_inspection.hpp"

#include "hub/app/output.hpp"
#include "hub/app/progress.hpp"
#include "hub/app/record_json.hpp"
#include "hub/broker/records.hpp"
#include "hub/journal/inspect.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;

Json segment_json(const journal::InspectedSegment& segment) {
  Json out = {{"file", segment.name},
              {"bytes", segment.bytes},
              {"used_bytes", segment.used_bytes},
              {"header", segment.header.has_value()},
              {"records", segment.records},
              {"whole", segment.whole}};
  if (segment.header) {
    out["journal_id"] = to_hex(segment.header->journal);
    out["header_position"] = segment.header->first.value;
    out["header_bytes"] = segment.header->segment_bytes;
    out["root_before"] = to_hex(segment.header->root);
  }
  if (segment.first) {
    out["first_position"] = segment.first->value;
    out["last_position"] = segment.last->value;
    out["first_time"] = format_rfc3339(*segment.first_time);
    out["last_time"] = format_rfc3339(*segment.last_time);
  }
  return out;
}

std::string segment_text(const journal::InspectedSegment& segment) {
  std::string out = segment.name + "\n  bytes     " + std::to_string(segment.used_bytes) + " used of " +
                    std::to_string(segment.bytes);
  if (!segment.header) {
    out += "\n  header    BROKEN";
  } else {
    out += "\n  header    from position " + std::to_string(segment.header->first.value) + ", " +
           std::to_string(segment.header->segment_bytes) + " bytes\n  root      " + to_hex(segment.header->root) +
           " before it";
  }
  if (!segment.first) return out + "\n  records   none";
  out += "\n  records   " + std::to_string(segment.records) + ", positions " + std::to_string(segment.first->value) +
         " to " + std::to_string(segment.last->value);
  const std::uint64_t missing = segment.last->value - segment.first->value + 1 - segment.records;
  if (missing > 0) out += "\n  MISSING   " + std::to_string(missing) + " between them";
  if (segment.whole < segment.records)
    out += "\n  BROKEN    " + std::to_string(segment.records - segment.whole) + " with a good head and another body";
  return out + "\n  time      " + format_local(*segment.first_time) + " to " + format_local(*segment.last_time) +
         " (+07)";
}

Json inspection_json(const journal::Inspection& found) {
  const journal::VerifyReport& verified = found.verified;
  Json out = {{"ok", !verified.problem},
              {"journal_id", to_hex(verified.journal)},
              {"end", verified.records},
              {"root", to_hex(verified.root)},
              {"torn_tail_bytes", verified.torn_tail_bytes}};
  if (found.durable_end)
    out["durable_end"] = {{"journal_id", to_hex(found.durable_end->journal)},
                          {"position", found.durable_end->end.value}};
  if (found.spare_bytes) out["spare_bytes"] = *found.spare_bytes;
  out["unfinished"] = found.unfinished;
  out["segments"] = Json::array();
  for (const auto& segment : found.segments) out["segments"].push_back(segment_json(segment));
  out["kinds"] = Json::object();
  for (std::size_t kind = 0; kind < found.kinds.size(); ++kind)
    if (found.kinds[kind] > 0)
      out["kinds"][std::string(broker::name_of(static_cast<broker::RecordKind>(kind)))] = found.kinds[kind];
  if (verified.problem)
    out["problem"] = {
        {"file", verified.problem->file}, {"offset", verified.problem->offset}, {"reason", verified.problem->reason}};
  return out;
}

std::string inspection_text(const journal::Inspection& found) {
  const journal::VerifyReport& verified = found.verified;
  std::string out = "journal     " + to_hex(verified.journal);
  for (const auto& segment : found.segments) out += "\n" + segment_text(segment);
  out += "\nkinds";
  for (std::size_t kind = 0; kind < found.kinds.size(); ++kind)
    if (found.kinds[kind] > 0)
      out += "\n  " + std::to_string(found.kinds[kind]) + "  " +
             std::string(broker::name_of(static_cast<broker::RecordKind>(kind)));
  out += "\nspare       " +
         (found.spare_bytes ? std::to_string(*found.spare_bytes) + " bytes, waiting" : std::string("none"));
  for (const std::string& name : found.unfinished) out += "\nunfinished  " + name + ", which holds nothing";
  if (found.durable_end)
    out += "\ndurable     before position " + std::to_string(found.durable_end->end.value) + ", as the hub said last";
  if (verified.torn_tail_bytes > 0)
    out += "\ntorn tail   " + std::to_string(verified.torn_tail_bytes) +
           " bytes of a group that never became durable; the next start cuts them";
  out += "\nwhole       before position " + std::to_string(verified.records) + ", root " + to_hex(verified.root);
  if (!verified.problem) return out;
  return out + "\nDAMAGED     " + verified.problem->file + ", byte " + std::to_string(verified.problem->offset) + ": " +
         verified.problem->reason;
}

int inspect_record(const InspectOptions& options, ports::Disk& disk, const Output& output) {
  journal::RecordPlace place{options.segment, options.offset.value_or(0)};
  if (options.position) {
    const auto found = journal::find_record(disk, Position(*options.position));
    if (!found) return output.refused(found.error());
    place = *found;
  }
  const auto record = journal::examine_record(disk, place);
  if (!record) return output.refused(record.error());
  Json json = {{"file", record->file}, {"offset", record->offset}, {"bytes", record->bytes}, {"checks", Json::array()}};
  std::string text = record->file + ", byte " + std::to_string(record->offset);
  bool good = true;
  for (const journal::RecordCheck& check : record->checks) {
    good = good && check.good;
    json["checks"].push_back({{"check", check.what}, {"good", check.good}, {"found", check.found}});
    text += "\n  " + std::string(check.good ? "good   " : "WRONG  ") + std::string(check.what) + ": " + check.found;
  }
  if (record->view) {
    json["record"] = record_json(*record->view);
    for (const auto& [name, value] : json["record"].items())
      text += "\n  " + name + "  " + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  json["ok"] = good;
  output.done(text, json);
  return good ? kDone : kRefused;
}

}  // namespace

int inspect_journal(const InspectOptions& options, const Output& output) {
  if (options.segment.empty() != !options.offset || (options.position && options.offset))
    return output.refused(usage("one record is named by --position, or by --segment and --offset"));
  auto disk = runtime::PosixDisk::open(options.folder);
  if (!disk) return output.refused(disk.error());
  if (options.position || options.offset) return inspect_record(options, **disk, output);
  ProgressBar bar("reading the journal");
  const auto found = journal::inspect(**disk, [&](double done) { bar.show(done); });
  bar.finish();
  if (!found) return output.refused(found.error());
  output.done(inspection_text(*found), inspection_json(*found));
  return found->verified.problem ? kRefused : kDone;
}

}  // namespace hub::app
