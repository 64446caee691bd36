#include "hub/app/storage_key_list.hpp"

#include "hub/app/durable_records.hpp"
#include "hub/broker/record_codec.hpp"

namespace hub::app {
namespace {

struct KeyRecords {
  broker::StorageKeys& keys;
  Position position;

  void operator()(const broker::StorageKeyCreated& r) const { keys.create(r.id, r.months, r.month, position); }
  void operator()(const broker::StorageKeyDestroyed& r) const { keys.destroy(r.id, position); }
  void operator()(const broker::LegalHoldChanged& r) const { keys.set_hold(r.id, r.held, position); }
  void operator()(const auto&) const {}
};

bool is_about_keys(std::uint8_t kind) {
  const auto known = static_cast<broker::RecordKind>(kind);
  return known == broker::RecordKind::storage_key_created || known == broker::RecordKind::storage_key_destroyed ||
         known == broker::RecordKind::legal_hold_changed;
}

}  // namespace

Result<StorageKeyList> read_storage_keys(const std::string& data) {
  StorageKeyList out;
  const registry::Registry nobody;  // these records name none
  const auto take = [&](const journal::RecordView& view) -> Result<void> {
    out.time = view.time;
    if (view.body_key != 0) {
      if (out.usage.size() <= view.body_key) out.usage.resize(view.body_key + 1);
      ++out.usage[view.body_key].documents;
      out.usage[view.body_key].bytes += journal::sent_body_bytes(view);
    }
    if (!is_about_keys(view.kind)) return {};
    const auto record = broker::decode(nobody, view.kind, view.metadata, view.body_digest);
    if (!record) return tl::unexpected(record.error());
    std::visit(KeyRecords{out.keys, view.position}, *record);
    return {};
  };
  const auto journal = each_durable_record(data, take);
  if (!journal) return tl::unexpected(journal.error());
  out.journal = *journal;
  out.usage.resize(out.keys.all().size() + 1);
  return out;
}

}  // namespace hub::app
