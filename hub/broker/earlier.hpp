// What earlier records say about a document: a cold fact, which the engine looks up in the journal before the core
// decides, since the state keeps no outcome rows. Read by those who may read the journal; judged here.
//
// Threads: values and free functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/broker/prepare.hpp"
#include "hub/broker/records.hpp"

namespace hub::broker {

struct AcceptedRecipient {
  Position position;  // of the record that accepted it, under which it was delivered
  std::string addressed, actual, agreement, clause;
  std::uint32_t agreement_version = 0;
};

// A document's acceptance, and the ones before it that it names (DocumentDecided::earlier_acceptance), as one.
class EarlierAcceptance {
 public:
  // `record`: the newest, then those before it, one by one.
  void add(Position position, const DocumentDecided& record);

  Position newest() const { return newest_; }
  PartyIndex sender() const { return sender_; }
  // In the order of the document's recipients; nothing: it was refused.
  const std::vector<std::optional<AcceptedRecipient>>& recipients() const { return recipients_; }
  // The outcome that went to this party.
  std::optional<std::uint8_t> outcome_of(std::string_view actual) const;

 private:
  Position newest_;
  PartyIndex sender_;
  std::vector<std::optional<AcceptedRecipient>> recipients_;
};

// Whether a document is a system document about others: acknowledgement, refusal, recall, update or replacement.
bool is_about_others(const Configuration& configuration, const PreparedDocument& document);

// Whether it is said by the sender of those documents: recall, update, replacement.
bool is_from_sender(const registry::DocumentView& document);

// The acceptances of the documents that it is about; position 0 for one that is not known. Whose they are follows from
// the type: a sender recalls, updates and replaces its own; a recipient acknowledges and refuses its counterpart's.
std::vector<Position> references_of(const State& state, const PreparedBatch& batch, std::size_t index);

}  // namespace hub::broker
