#include "hub/app/user_list.hpp"

#include "hub/broker/record_codec.hpp"
#include "hub/journal/durable_end.hpp"
#include "hub/journal/follow.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace hub::app {

Result<UserList> read_users(const std::string& data) {
  const auto disk = runtime::PosixDisk::open(data + "/journal");
  if (!disk) return tl::unexpected(disk.error());
  auto follower = journal::Follower::open(**disk, Position(0));
  if (!follower) return tl::unexpected(follower.error());
  const auto end = journal::read_durable_end(**disk);
  if (!end) return tl::unexpected(end.error());
  UserList out;
  out.journal = follower->journal();
  const registry::Registry nobody;  // these records name none
  while (*end) {
    const auto next = follower->next((*end)->end);
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    const journal::RecordView& view = **next;
    if (static_cast<broker::RecordKind>(view.kind) != broker::RecordKind::role_changed) continue;
    const auto record = broker::decode(nobody, view.kind, view.metadata, view.body_digest);
    if (!record) return tl::unexpected(record.error());
    const auto& change = std::get<broker::RoleChanged>(*record);
    if (change.action == broker::RoleAction::grant) {
      out.users.grant(change.user, change.role, change.party, view.position);
    } else {
      out.users.revoke(change.user, change.role, view.position);
    }
  }
  return out;
}

}  // namespace hub::app
