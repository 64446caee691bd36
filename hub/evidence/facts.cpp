#include "hub/evidence/facts.hpp"

#include "hub/wire/frame.hpp"

namespace hub::evidence {
namespace {

using broker::RecordKind;

RecordKind kind_of(const LeafRecord& record) { return static_cast<RecordKind>(record.kind); }

tl::unexpected<Error> unreadable(std::string reason) {
  return fail(ErrorCode::receipt_invalid, {{"step", "record"}, {"reason", std::move(reason)}});
}

class MetadataReader : public wire::FieldReader {
 public:
  using FieldReader::FieldReader;

  std::string_view name() { return text(wire::kNameBytesMax); }
  std::uint8_t outcome_index() {
    const std::uint64_t value = unsigned_integer();
    if (value >= wire::kRecipientsMax) fail_here("there is no such outcome");
    return static_cast<std::uint8_t>(value);
  }
  std::vector<wire::DeliveryKey> deliveries() {
    std::vector<wire::DeliveryKey> out;
    const std::uint32_t count = array(wire::kStreamWindowItemsMax);
    for (std::uint32_t i = 0; i < count && !failed(); ++i) {
      if (array(2) != 2) fail_here("a delivery's first record and outcome were expected");
      const Position origin(unsigned_integer());
      out.push_back({origin, outcome_index(), {}});
    }
    return out;
  }
  void rows(DocumentFacts& facts) {
    const std::uint32_t count = array(wire::kRecipientsMax);
    for (std::uint32_t i = 0; i < count && !failed(); ++i) {
      facts.rows.push_back(binary(wire::kRowBytesMax));
      const auto row = wire::read_row(facts.rows.back());
      if (!row) return fail_here("an outcome row was expected");
      facts.outcomes.push_back(*row);
    }
  }
};

// Walks the fields; `take` reads those that it wants and returns false for others.
template <class Take>
Result<void> read(const LeafRecord& record, std::uint64_t required, Take take) {
  MetadataReader in(record.metadata);
  while (const auto field = in.next())
    if (!take(*field, in)) in.skip();
  if (auto done = in.finish(required); !done) return unreadable(describe(done.error(), Language::english));
  return {};
}

}  // namespace

bool is_document(const LeafRecord& record) {
  return kind_of(record) == RecordKind::document_accepted || kind_of(record) == RecordKind::document_refused;
}

bool is_event(const LeafRecord& record) {
  const RecordKind kind = kind_of(record);
  return kind == RecordKind::delivery_reported || kind == RecordKind::deliveries_acknowledged ||
         kind == RecordKind::endpoint_connected || kind == RecordKind::delivery_failed;
}

bool is_registration(const LeafRecord& record) { return kind_of(record) == RecordKind::configuration_changed; }

Result<ItemFacts> item_facts(const LeafRecord& record) {
  if (!is_registration(record)) return unreadable("it registers nothing");
  ItemFacts f;
  const auto done = read(record, 0b1110, [&](std::uint64_t field, MetadataReader& in) {
    switch (field) {
      case 1: f.item = static_cast<registry::ItemKind>(in.unsigned_integer()); return true;
      case 2: f.id = in.text(wire::kFrameBytesMax); return true;
      case 3: f.canonical = in.text(wire::kFrameBytesMax); return true;
      default: return false;
    }
  });
  if (!done) return tl::unexpected(done.error());
  return f;
}

Result<DocumentFacts> document_facts(const LeafRecord& record) {
  if (!is_document(record)) return unreadable("it decides no document");
  DocumentFacts f;
  f.accepted = kind_of(record) == RecordKind::document_accepted;
  f.digest = record.body_digest;
  const auto done = read(record, 0b1'1110'1110, [&](std::uint64_t field, MetadataReader& in) {
    switch (field) {
      case 1: f.batch = Position(in.unsigned_integer()); return true;
      case 2: f.index = static_cast<std::uint32_t>(in.unsigned_integer()); return true;
      case 3: f.id.bytes = in.fixed_binary<16>(); return true;
      case 5: f.type = in.name(); return true;
      case 6: f.sender = in.name(); return true;
      case 8: f.key = in.fixed_binary<16>(); return true;
      case 9: f.envelope = in.fixed_binary<32>(); return true;
      case 15: in.rows(f); return true;
      case 16: f.refusal = in.name(); return true;
      case 19: f.digest = in.fixed_binary<32>(); return true;
      default: return false;
    }
  });
  if (!done) return tl::unexpected(done.error());
  return f;
}

Result<EventFacts> event_facts(const LeafRecord& record) {
  if (!is_event(record)) return unreadable("it is about no delivery");
  EventFacts f;
  const RecordKind kind = kind_of(record);
  f.by_origin = kind == RecordKind::deliveries_acknowledged || kind == RecordKind::endpoint_connected;
  f.status = kind == RecordKind::delivery_failed ? wire::DeliveryStatus::failed : wire::DeliveryStatus::delivered;
  wire::DeliveryKey key;
  const auto done = read(record, 0b10, [&](std::uint64_t field, MetadataReader& in) {
    const std::uint64_t list = kind == RecordKind::endpoint_connected ? 8u : 5u;
    if (field == 1) return f.endpoint = in.name(), true;
    if (f.by_origin) return field == list ? (f.deliveries = in.deliveries(), true) : false;
    switch (field) {
      case 2: key.document = Position(in.unsigned_integer()); return true;
      case 3: key.outcome_index = in.outcome_index(); return true;
      case 8: key.replay = Position(in.unsigned_integer()); return true;
      default: break;
    }
    if (kind == RecordKind::delivery_failed) {
      if (field == 4) return f.reason = in.name(), true;
      if (field == 7) return f.effective = false, static_cast<void>(in.integer()), true;  // it is tried again
      return false;
    }
    if (field == 4) {
      const auto status = wire::status_of(in.unsigned_integer());
      if (!status) in.fail_here("there is no such status");
      return f.status = status.value_or(wire::DeliveryStatus::pending), true;
    }
    if (field == 5) return f.reason = in.text(wire::kReasonBytesMax), true;
    if (field == 7) return f.effective = in.boolean(), true;
    return false;
  });
  if (!done) return tl::unexpected(done.error());
  if (!f.by_origin) f.deliveries = {key};
  return f;
}

Result<OrderFacts> order_facts(const LeafRecord& record) {
  if (kind_of(record) != RecordKind::delivery_ordered) return unreadable("it is no order");
  OrderFacts f;
  const auto done = read(record, 0b1110, [&](std::uint64_t field, MetadataReader& in) {
    switch (field) {
      case 1: f.is_replay = in.unsigned_integer() == static_cast<std::uint64_t>(broker::OrderAction::replay); return true;
      case 2: f.delivery.document = Position(in.unsigned_integer()); return true;
      case 3: f.delivery.outcome_index = in.outcome_index(); return true;
      case 8: f.delivery.replay = Position(in.unsigned_integer()); return true;
      default: return false;
    }
  });
  if (!done) return tl::unexpected(done.error());
  return f;
}

}  // namespace hub::evidence
