// journal archive, fetch: sealed segments to another folder, and back.
#include <memory>

#include "hub/app/commands.hpp"
#include "hub/app/progress.hpp"
#include "hub/broker/deduplication.hpp"
#include "hub/journal/archive.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "hub/runtime/snapshots.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;
using Moved = Result<std::vector<journal::MovedSegment>>;

// Until then what comes in may lead back to an acceptance: a known document's, and through it to the one before, which is at
// most as much older.
constexpr std::int64_t kDaysKeptMin = 2 * (broker::kHorizonMicros / kMicrosPerDay + 1);

struct ArchiveOptions {
  std::string data, archive;
  bool remove = false;
  std::int64_t days = kDaysKeptMin;
  std::uint64_t from = 0, count = 1;
};

struct Folders {
  std::unique_ptr<runtime::PosixDisk> journal, archive;
};

Result<Folders> open_folders(const ArchiveOptions& options) {
  auto journal = runtime::PosixDisk::open(options.data + "/journal");
  if (!journal) return tl::unexpected(journal.error());
  auto archive = runtime::PosixDisk::open(options.archive);
  if (!archive) return tl::unexpected(archive.error());
  return Folders{std::move(*journal), std::move(*archive)};
}

Json segments_json(const std::vector<journal::MovedSegment>& segments) {
  Json out = Json::array();
  for (const journal::MovedSegment& segment : segments)
    out.push_back({{"segment", segment.name},
                   {"first", segment.first.value},
                   {"last", segment.end.value - 1},
                   {"bytes", segment.bytes}});
  return out;
}

std::string text_of(const std::vector<journal::MovedSegment>& segments, const std::string& what) {
  std::string out = std::to_string(segments.size()) + " " + what;
  for (const journal::MovedSegment& segment : segments)
    out += "\n  " + segment.name + "  records " + std::to_string(segment.first.value) + " to " +
           std::to_string(segment.end.value - 1);
  return out;
}

Moved take_away(const Folders& folders, const ArchiveOptions& options) {
  const auto needed = runtime::needed_records(*folders.journal);
  if (!needed) return tl::unexpected(needed.error());
  // By the journal's own time: of a hub that stood still, more is known.
  const UnixMicros until(needed->time.value - options.days * kMicrosPerDay);
  ProgressBar bar("checking the archive");
  auto taken = journal::take_away(*folders.journal, *folders.archive, needed->first, until,
                                  [&](double done) { bar.show(done); });
  bar.finish();
  return taken;
}

int archive(const ArchiveOptions& options, const Output& output) {
  const auto folders = open_folders(options);
  if (!folders) return output.refused(folders.error());
  ProgressBar bar("copying");
  const auto copied =
      journal::copy_segments(*folders->journal, *folders->archive, [&](double done) { bar.show(done); });
  bar.finish();
  if (!copied) return output.refused(copied.error());
  Json json = {{"copied", segments_json(*copied)}};
  std::string text = text_of(*copied, "segments copied");
  if (options.remove) {
    const auto taken = take_away(*folders, options);
    if (!taken) return output.refused(taken.error());
    json["removed"] = segments_json(*taken);
    text += "\n" + text_of(*taken, "segments removed here");
  }
  return output.done(text, json);
}

int fetch(const ArchiveOptions& options, const Output& output) {
  const auto folders = open_folders(options);
  if (!folders) return output.refused(folders.error());
  ProgressBar bar("fetching");
  const auto fetched = journal::fetch_segments(*folders->journal, *folders->archive, Position(options.from),
                                               Position(options.from + options.count),
                                               [&](double done) { bar.show(done); });
  bar.finish();
  if (!fetched) return output.refused(fetched.error());
  return output.done(text_of(*fetched, "segments brought back"), {{"fetched", segments_json(*fetched)}});
}

}  // namespace

void add_archive_commands(CLI::App& journal, Invocation& invocation) {
  auto options = std::make_shared<ArchiveOptions>();
  const auto command = [&](const char* name, const char* what, int (*run)(const ArchiveOptions&, const Output&)) {
    auto* out = journal.add_subcommand(name, what)->fallthrough();
    out->add_option("--data", options->data, "The hub's data folder; the hub may be running")->required();
    out->callback(
        [options, run, &invocation] { invocation.run = [options, run](const Output& o) { return run(*options, o); }; });
    return out;
  };
  auto* archive_command = command("archive", "Copy the sealed segments to another folder, checked", archive);
  archive_command->add_option("--to", options->archive, "A folder that is there")->required();
  auto* remove =
      archive_command->add_flag("--remove", options->remove, "Then remove those here that nothing needs day by day");
  archive_command->add_option("--keep-days", options->days, "With --remove: keep what is younger")
      ->check(CLI::Range(kDaysKeptMin, std::int64_t{36'500}))
      ->needs(remove)
      ->capture_default_str();
  auto* fetch_command = command("fetch", "Bring segments back that were removed", fetch);
  fetch_command->add_option("--from", options->archive, "The archive's folder")->required();
  fetch_command->add_option("--position", options->from, "The first record that is needed")->required();
  fetch_command->add_option("--count", options->count, "So many records")->capture_default_str();
}

}  // namespace hub::app
