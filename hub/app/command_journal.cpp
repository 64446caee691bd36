// journal verify, inspect, repair, dump: offline, without a running hub, changing nothing that is there.
#include <limits>
#include <memory>

#include "hub/app/commands.hpp"
#include "hub/app/journal_inspection.hpp"
#include "hub/app/journal_repair.hpp"
#include "hub/app/progress.hpp"
#include "hub/app/record_json.hpp"
#include "hub/journal/verify.hpp"
#include "hub/journal/walk.hpp"
#include "hub/runtime/body_sealer.hpp"
#include "hub/runtime/folder_secrets.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {
namespace {

struct JournalOptions {
  std::string data;
  std::uint64_t from = 0;
  std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
};

std::string journal_folder(const JournalOptions& options) { return options.data + "/journal"; }

bool is_good(const journal::VerifyReport& report) { return !report.problem && report.wrong.empty(); }

nlohmann::ordered_json report_json(const journal::VerifyReport& report) {
  nlohmann::ordered_json out = {{"ok", is_good(report)},
                                {"journal_id", to_hex(report.journal)},
                                {"segments", report.segments},
                                {"archived_segments", report.away},
                                {"records", report.records},
                                {"bodies", report.bodies},
                                {"erased_bodies", report.erased_bodies},
                                {"locked_bodies", report.locked_bodies},
                                {"root", to_hex(report.root)},
                                {"torn_tail_bytes", report.torn_tail_bytes}};
  out["indexes"] = report.indexes;
  out["missing_indexes"] = report.missing_indexes;
  out["snapshots"] = report.snapshots;
  out["wrong"] = nlohmann::ordered_json::array();
  for (const auto& wrong : report.wrong) out["wrong"].push_back({{"file", wrong.file}, {"reason", wrong.reason}});
  if (report.first_time) out["first_time"] = format_rfc3339(*report.first_time);
  if (report.last_time) out["last_time"] = format_rfc3339(*report.last_time);
  if (report.problem)
    out["problem"] = {{"file", report.problem->file},
                      {"offset", report.problem->offset},
                      {"reason", report.problem->reason}};
  return out;
}

std::string report_text(const journal::VerifyReport& report) {
  std::string out = "journal   " + to_hex(report.journal) + "\nsegments  " + std::to_string(report.segments) +
                    (report.away > 0 ? ", archived and not read " + std::to_string(report.away) : "") + "\nrecords   " + std::to_string(report.records) + "\nbodies    " + std::to_string(report.bodies) +
                    ", erased " + std::to_string(report.erased_bodies) +
                    ", without their key " + std::to_string(report.locked_bodies) + "\nroot      " + to_hex(report.root);
  if (report.first_time && report.last_time)
    out += "\ntime      " + format_local(*report.first_time) + " to " + format_local(*report.last_time) + " (+07)";
  if (report.torn_tail_bytes > 0)
    out += "\ntail      " + std::to_string(report.torn_tail_bytes) +
           " bytes of a group that never became durable; the next start cuts them";
  out += "\nbeside    " + std::to_string(report.indexes) + " indexes, " + std::to_string(report.snapshots) + " snapshots";
  if (report.missing_indexes > 0)
    out += "; the next start makes " + std::to_string(report.missing_indexes) + " indexes more";
  for (const auto& wrong : report.wrong) out += "\nWRONG     " + wrong.file + ": " + wrong.reason;
  return out + (report.problem ? "" : "\nok        every checksum, body digest and segment fits");
}

int verify_journal(const JournalOptions& options, const Output& output) {
  auto disk = runtime::PosixDisk::open(journal_folder(options));
  if (!disk) return output.refused(disk.error());
  ProgressBar bar("checking the journal");
  auto secrets = runtime::FolderSecrets::open_to_read(options.data + "/storage-keys");
  runtime::BodySealer sealer(secrets);
  const auto report = journal::verify(
      **disk, [&](double done) { bar.show(done); },
      [&](const journal::RecordView& record, Buffer& scratch) { return sealer.open(record, scratch); });
  bar.finish();
  if (!report) return output.refused(report.error());
  output.done(report_text(*report), report_json(*report));
  if (is_good(*report)) return kDone;
  if (report->problem && !output.json)
    std::fprintf(stderr,
                 "DAMAGED   %s, byte %llu: %s\n"
                 "next      keep the files as they are; hubctl journal inspect shows what stands where, and hubctl journal "
                 "repair makes a repaired journal in a new folder\n",
                 report->problem->file.c_str(), static_cast<unsigned long long>(report->problem->offset),
                 report->problem->reason.c_str());
  return kRefused;
}

std::string dump_line(const nlohmann::ordered_json& record) {
  std::string out = record["position"].dump() + "  " + record["time"].get<std::string>() + "  " +
                    record["kind"].get<std::string>();
  out += "  body " + record["body_bytes"].dump() + " bytes\n";
  for (const auto& [name, value] : record["fields"].items())
    out += "    " + name + "  " + (value.is_string() ? value.get<std::string>() : value.dump()) + "\n";
  out.pop_back();
  return out;
}

int dump(const JournalOptions& options, const Output& output) {
  auto disk = runtime::PosixDisk::open(journal_folder(options));
  if (!disk) return output.refused(disk.error());
  const auto walked = journal::for_each_record(
      **disk, [&](const journal::RecordView& record, const journal::Place&) -> Result<void> {
        if (record.position.value < options.from || record.position.value - options.from >= options.count) return {};
        const auto json = record_json(record);
        output.done(output.json ? "" : dump_line(json), json);
        return {};
      });
  if (!walked) return output.refused(walked.error());
  return kDone;
}

void add_inspect(CLI::App& journal, Invocation& invocation) {
  auto* command = journal.add_subcommand("inspect", "What the segments hold; or one record with each of its checks");
  auto data = std::make_shared<std::string>();
  auto options = std::make_shared<InspectOptions>();
  command->add_option("--data", *data, "The hub's data folder")->required();
  command->add_option("--position", options->position, "One record, by its position");
  command->add_option("--segment", options->segment, "A segment's file name, with --offset");
  command->add_option("--offset", options->offset, "The byte in that segment where a record stands");
  command->fallthrough();
  command->callback([data, options, &invocation] {
    options->folder = *data + "/journal";
    invocation.run = [options](const Output& output) { return inspect_journal(*options, output); };
  });
}

void add_repair(CLI::App& journal, Invocation& invocation) {
  auto* command = journal.add_subcommand("repair", "Write a repaired journal into a new folder, and list what it lacks");
  auto data = std::make_shared<std::string>();
  auto options = std::make_shared<RepairOptions>();
  command->add_option("--data", *data, "The hub's data folder; no hub runs on it")->required();
  command->add_option("--out", options->out, "The new folder")->required();
  command->add_option("--from", options->from, "A folder with copies of segments; may be given again");
  command->add_flag("--cut", options->cut, "End the journal before what can't be had");
  command->fallthrough();
  command->callback([data, options, &invocation] {
    options->folder = *data + "/journal";
    invocation.run = [options](const Output& output) { return repair_journal(*options, output); };
  });
}

}  // namespace

void add_journal_commands(CLI::App& app, Invocation& invocation) {
  auto* journal = app.add_subcommand("journal", "The journal, offline")->require_subcommand(1)->fallthrough();
  auto options = std::make_shared<JournalOptions>();
  const auto on = [&invocation, options](CLI::App* command, int (*run)(const JournalOptions&, const Output&)) {
    command->add_option("--data", options->data, "The hub's data folder")->required();
    command->fallthrough();
    command->callback([options, &invocation, run] {
      invocation.run = [options, run](const Output& output) { return run(*options, output); };
    });
  };
  on(journal->add_subcommand("verify", "Check every record, body and segment; change nothing"), verify_journal);
  add_inspect(*journal, invocation);
  add_repair(*journal, invocation);
  auto* dump_command = journal->add_subcommand("dump", "Print records: heads and metadata, no bodies");
  dump_command->add_option("--from", options->from, "The first position");
  dump_command->add_option("--count", options->count, "At most so many records");
  on(dump_command, dump);
  add_storage_commands(*journal, invocation);
  add_archive_commands(*journal, invocation);
}

}  // namespace hub::app
