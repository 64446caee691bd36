#include "hub/app/journal_repair.hpp"

#include <filesystem>
#include <memory>
#include <utility>

#include "hub/app/files.hpp"
#include "hub/app/record_json.hpp"
#include "hub/journal/repair.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr char kUnfinished[] = ".unfinished";  // behind the name of the folder while it is written
constexpr unsigned kFolderMode = 0750;

// Positions from `first` to before `end`.
std::string positions(Position first, Position end) {
  if (first.next() == end) return "position " + std::to_string(first.value);
  return "positions " + std::to_string(first.value) + " to " + std::to_string(end.value - 1);
}

struct Sources {
  std::vector<std::unique_ptr<runtime::PosixDisk>> owned;
  std::vector<ports::Disk*> disks;

  Result<void> add(Result<std::unique_ptr<runtime::PosixDisk>> disk) {
    if (!disk) return tl::unexpected(disk.error());
    owned.push_back(std::move(*disk));
    disks.push_back(owned.back().get());
    return {};
  }
};

// No hub may run on the damaged journal; copies are only read.
Result<Sources> open_sources(const RepairOptions& options) {
  Sources sources;
  if (auto added = sources.add(runtime::PosixDisk::open_locked(options.folder)); !added)
    return tl::unexpected(added.error());
  for (const std::string& from : options.from)
    if (auto added = sources.add(runtime::PosixDisk::open(from)); !added) return tl::unexpected(added.error());
  return sources;
}

// What a person reads, and the same for programs.
struct Said {
  std::string text;
  Json json;

  void line(const std::string& what, const std::string& of) {
    text += (text.empty() ? "" : "\n") + what + std::string(what.size() < 12 ? 12 - what.size() : 1, ' ') + of;
  }
};

void say_what_is_kept(const Sources& sources, const journal::RepairPlan& plan, Said& said) {
  said.json = {{"journal_id", to_hex(plan.journal)}, {"end", plan.end.value}, {"root", to_hex(plan.root)}};
  if (plan.found.problem) {
    const journal::VerifyProblem& problem = *plan.found.problem;
    said.line("found", problem.file + ", byte " + std::to_string(problem.offset) + ": " + problem.reason);
    said.json["problem"] = {{"file", problem.file}, {"offset", problem.offset}, {"reason", problem.reason}};
  }
  said.line("kept", "everything before position " + std::to_string(plan.end.value) + ", root " + to_hex(plan.root));
  for (const char* name : {"taken", "rebuilt", "left_out", "given_up"}) said.json[name] = Json::array();
  for (const auto& segment : plan.segments) {
    const std::string name = journal::segment_name(segment.header.first);
    if (segment.header_rebuilt) {
      said.line("rebuilt", "the header of " + name + ", from the records before and the segment behind it");
      said.json["rebuilt"].push_back(name);
    }
    for (const auto& piece : segment.pieces) {
      if (piece.source == 0 && piece.file == name) continue;
      const std::string file = sources.disks[piece.source]->describe(piece.file);
      said.line("taken", positions(piece.first, piece.end) + " from " + file +
                             (segment.confirmed ? "" : "; no segment behind them confirms them"));
      said.json["taken"].push_back({{"file", file},
                                    {"first", piece.first.value},
                                    {"last", piece.end.value - 1},
                                    {"confirmed", segment.confirmed}});
    }
  }
  for (const auto& file : plan.left_out) {
    said.line("left out", file.file + ": " + file.reason);
    said.json["left_out"].push_back({{"file", file.file}, {"reason", file.reason}});
  }
}

Result<void> say_what_is_given_up(const Sources& sources, const journal::RepairPlan& plan, Said& said) {
  if (!plan.gives_up()) return {};
  said.line("given up", positions(plan.end, plan.known_end) + ":");
  return journal::for_each_given_up(sources.disks, plan, [&](const journal::GivenUp& given_up) {
    Json row = {{"first", given_up.first.value}, {"last", given_up.end.value - 1}};
    std::string text = positions(given_up.first, given_up.end) + "  can't be read";
    if (given_up.head) {
      const Json record = record_json(*given_up.head);
      for (const char* name : {"time", "kind"}) row[name] = record[name];
      text = positions(given_up.first, given_up.end) + "  " + format_local(given_up.head->time) + "  " +
             record["kind"].get<std::string>();
      if (record["fields"].contains("document_id")) {
        row["document_id"] = record["fields"]["document_id"];
        text += "  " + record["fields"]["document_id"].get<std::string>();
      }
    }
    said.line("", text);
    said.json["given_up"].push_back(std::move(row));
  });
}

// A repair that is cut short leaves a folder with another name, never half a journal.
Result<void> write(const Sources& sources, const journal::RepairPlan& plan, const std::string& out) {
  const fs::path folder = fs::absolute(out).lexically_normal();
  const std::string unfinished = folder.string() + kUnfinished;
  for (const std::string& path : {folder.string(), unfinished})
    if (fs::exists(path)) return fail(ErrorCode::journal_exists, {{"path", path}});
  if (auto made = make_folder(unfinished, kFolderMode); !made) return made;
  auto disk = runtime::PosixDisk::open_locked(unfinished);
  if (!disk) return tl::unexpected(disk.error());
  if (auto written = journal::write_repaired(sources.disks, plan, **disk); !written) {
    std::error_code ignored;
    fs::remove_all(unfinished, ignored);
    return written;
  }
  auto parent = runtime::PosixDisk::open(folder.parent_path().string());
  if (!parent) return tl::unexpected(parent.error());
  return (*parent)->rename(folder.filename().string() + kUnfinished, folder.filename().string());
}

Error not_without_cut(const journal::RepairPlan& plan) {
  const std::string what = positions(plan.end, plan.known_end);
  return {ErrorCode::journal_damaged,
          {{"file", plan.found.problem->file},
           {"offset", std::to_string(plan.found.problem->offset)},
           {"reason", plan.found.problem->reason},
           {"action", "Nothing was written. A folder with a copy of the segment, given by --from, may bring back " +
                          what + "; --cut ends the journal before them and gives them up for good."}}};
}

void say_what_to_do(const RepairOptions& options, const journal::RepairPlan& plan, Said& said) {
  said.line("written", options.out + ", and verified");
  said.line("next",
            "keep " + options.folder + " under another name, move " + options.out + " in its place, start the hub");
  if (plan.gives_up())
    said.line("",
              "adapters that have seen a position that was given up refuse this hub: agree with their parties first");
}

}  // namespace

int repair_journal(const RepairOptions& options, const Output& output) {
  const auto sources = open_sources(options);
  if (!sources) return output.refused(sources.error());
  const auto plan = journal::plan_repair(sources->disks);
  if (!plan) return output.refused(plan.error());
  if (!plan->is_needed())
    return output.done("nothing to repair: every checksum, body digest and segment fits",
                       {{"ok", true}, {"journal_id", to_hex(plan->journal)}, {"end", plan->end.value}});
  Said said;
  say_what_is_kept(*sources, *plan, said);
  if (auto listed = say_what_is_given_up(*sources, *plan, said); !listed) return output.refused(listed.error());
  Result<void> done;
  if (plan->gives_up() && !options.cut) {
    done = tl::unexpected(not_without_cut(*plan));
  } else {
    done = write(*sources, *plan, options.out);
  }
  said.json["ok"] = done.has_value();
  if (done) {
    say_what_to_do(options, *plan, said);
    return output.done(said.text, said.json);
  }
  if (output.json) said.json["error"] = to_json(done.error());
  output.done(said.text, said.json);
  return output.json ? kRefused : output.refused(done.error());
}

}  // namespace hub::app
