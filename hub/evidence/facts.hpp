// What the records that receipts are about say, read from their metadata alone: no registry is needed. The fields are
// those of hub/broker/README.md. The views point into the metadata.
#pragma once

#include <optional>

#include "hub/base/uuid.hpp"
#include "hub/broker/records.hpp"
#include "hub/evidence/receipt.hpp"

namespace hub::evidence {

struct DocumentFacts {
  bool accepted = false;
  Position batch;
  std::uint32_t index = 0;
  Uuid id;
  std::string_view type, sender;
  crypto::KeyId key{};
  crypto::Digest envelope{}, digest{};
  std::vector<ByteView> rows;  // as they are hashed
  std::vector<wire::OutcomeRow> outcomes;
  std::string_view refusal;  // a code; empty: none of the document as a whole
};

// Something that happened to a delivery.
struct EventFacts {
  std::string_view endpoint;
  std::vector<wire::DeliveryKey> deliveries;  // of an acknowledgement perhaps many, by the record with which each began
  bool by_origin = false;                     // they are named so
  wire::DeliveryStatus status{};
  std::string_view reason;
  bool effective = true;
};

struct OrderFacts {
  wire::DeliveryKey delivery;
  bool is_replay = false;
};

// An item of the configuration, registered.
struct ItemFacts {
  registry::ItemKind item{};
  std::string_view id, canonical;
};

// receipt_invalid (step, reason) when the metadata can't be read, or is of a record of another kind.
Result<DocumentFacts> document_facts(const LeafRecord& record);
Result<EventFacts> event_facts(const LeafRecord& record);
Result<OrderFacts> order_facts(const LeafRecord& record);
Result<ItemFacts> item_facts(const LeafRecord& record);
bool is_document(const LeafRecord& record);
bool is_event(const LeafRecord& record);
bool is_registration(const LeafRecord& record);

}  // namespace hub::evidence
