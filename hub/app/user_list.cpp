#include "hub/app/user_list.hpp"

#include "hub/app/durable_records.hpp"
#include "hub/broker/record_codec.hpp"

namespace hub::app {

Result<UserList> read_users(const std::string& data) {
  UserList out;
  const registry::Registry nobody;  // these records name none
  const auto take = [&](const journal::RecordView& view) -> Result<void> {
    if (static_cast<broker::RecordKind>(view.kind) != broker::RecordKind::role_changed) return {};
    const auto record = broker::decode(nobody, view.kind, view.metadata, view.body_digest);
    if (!record) return tl::unexpected(record.error());
    const auto& change = std::get<broker::RoleChanged>(*record);
    if (change.action == broker::RoleAction::grant) {
      out.users.grant(change.user, change.role, change.party, view.position);
    } else {
      out.users.revoke(change.user, change.role, view.position);
    }
    return {};
  };
  const auto journal = each_durable_record(data, take);
  if (!journal) return tl::unexpected(journal.error());
  out.journal = *journal;
  return out;
}

}  // namespace hub::app
