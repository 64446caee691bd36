#include "hub/app/durable_records.hpp"

#include "hub/journal/durable_end.hpp"
#include "hub/journal/follow.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {

Result<journal::JournalId> each_durable_record(const std::string& data,
                                               const std::function<Result<void>(const journal::RecordView&)>& visit) {
  const auto disk = runtime::PosixDisk::open(data + "/journal");
  if (!disk) return tl::unexpected(disk.error());
  auto follower = journal::Follower::open(**disk, Position(0));
  if (!follower) return tl::unexpected(follower.error());
  const auto end = journal::read_durable_end(**disk);
  if (!end) return tl::unexpected(end.error());
  while (*end) {
    const auto next = follower->next((*end)->end);
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    if (auto visited = visit(**next); !visited) return tl::unexpected(visited.error());
  }
  return follower->journal();
}

}  // namespace hub::app
