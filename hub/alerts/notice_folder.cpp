#include "hub/alerts/notice_folder.hpp"

#include <filesystem>

#include "hub/base/error_catalogue.hpp"
#include "hub/content/file.hpp"

namespace hub::alerts {
namespace {

constexpr const char* kUnfinishedName = "/.alert.part";

bool is_notice(const std::string& name) { return name.starts_with(kNoticePrefix) && name.ends_with(kNoticeSuffix); }

std::string reason_of(const Error& error) {
  const std::string reason = error.fact("reason");
  return error.fact("path") + ": " + (reason.empty() ? std::string(code_text(error.code)) : reason);
}

}  // namespace

std::optional<std::string> NoticeFolder::put(const Change& change) const {
  const auto before = waiting();
  if (!before) return reason_of(before.error());
  if (*before >= kNoticesMax) return std::to_string(*before) + " notices wait in " + options_.folder + " for its adapter";
  const auto written = write(make_notice(change, options_.to));
  return written ? std::nullopt : std::optional(reason_of(written.error()));
}

Result<std::size_t> NoticeFolder::waiting() const {
  std::error_code failed;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator it(options_.folder, failed), end; !failed && it != end; it.increment(failed))
    if (is_notice(it->path().filename().string())) ++count;
  if (failed) return fail(ErrorCode::io_failed, {{"operation", "list"}, {"path", options_.folder}, {"reason", failed.message()}});
  return count;
}

Result<void> NoticeFolder::write(const Notice& notice) const {
  const std::string unfinished = options_.folder + kUnfinishedName;
  {
    const auto file = content::File::open_to_write(unfinished);
    if (!file) return tl::unexpected(file.error());
    if (auto done = file->cut(0); !done) return done;
    if (auto done = file->write_at(0, as_bytes(notice.text)); !done) return done;
    if (auto done = file->sync_data(); !done) return done;
  }
  return content::rename_synced(unfinished, options_.folder + "/" + notice.name);
}

}  // namespace hub::alerts
