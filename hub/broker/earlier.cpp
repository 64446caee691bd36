#include "hub/broker/earlier.hpp"

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/names.hpp"

namespace hub::broker {
namespace {

// The ids in data's members document_id and replaced_document_ids; the schema has checked them.
std::vector<Uuid> ids_in(ByteView data) {
  std::vector<Uuid> out;
  MsgpackReader in(data);
  const auto read_id = [&] {
    const auto text = in.read_string();
    if (const auto id = text ? parse_uuid(*text) : std::nullopt) out.push_back(*id);
  };
  const std::uint32_t members = in.read_map().value_or(0);
  for (std::uint32_t i = 0; i < members; ++i) {
    const std::string_view name = in.read_string().value_or("");
    if (name == "document_id") {
      read_id();
    } else if (name == "replaced_document_ids") {
      const std::uint32_t count = in.read_array().value_or(0);
      for (std::uint32_t k = 0; k < count; ++k) read_id();
    } else if (!in.skip()) {
      break;
    }
  }
  return out;
}

bool is_of_the_recipient(std::string_view type_name) {
  return type_name == "acknowledgement" || type_name == "refusal";
}
bool is_of_the_sender(std::string_view type_name) {
  return type_name == "recall" || type_name == "update" || type_name == "replacement";
}

}  // namespace

void EarlierAcceptance::add(Position position, const DocumentDecided& record) {
  if (recipients_.empty()) {
    newest_ = position;
    sender_ = record.sender;
    recipients_.resize(record.outcomes.size());
  }
  for (std::size_t i = 0; i < record.outcomes.size() && i < recipients_.size(); ++i) {
    const wire::OutcomeRow& row = record.outcomes[i].row;
    if (recipients_[i] || !row.accepted()) continue;
    recipients_[i] = AcceptedRecipient{position,
                                       std::string(row.addressed),
                                       std::string(row.actual),
                                       std::string(row.agreement),
                                       std::string(row.clause),
                                       row.agreement_version};
  }
}

std::optional<std::uint8_t> EarlierAcceptance::outcome_of(std::string_view actual) const {
  for (std::size_t i = 0; i < recipients_.size(); ++i)
    if (recipients_[i] && recipients_[i]->actual == actual) return static_cast<std::uint8_t>(i);
  return std::nullopt;
}

bool is_about_others(const Configuration& configuration, const PreparedDocument& document) {
  if (!document.view || document.refusal) return false;
  if (configuration.registry.type_at(document.type).kind != registry::TypeKind::system) return false;
  const std::string_view name = registry::type_name(document.view->type);
  return is_of_the_sender(name) || is_of_the_recipient(name);
}

bool is_from_sender(const registry::DocumentView& document) {
  return is_of_the_sender(registry::type_name(document.type));
}

std::vector<Position> references_of(const State& state, const PreparedBatch& batch, std::size_t index) {
  const PreparedDocument& document = batch.documents[index];
  std::vector<std::optional<PartyIndex>> senders;
  if (is_from_sender(*document.view)) {
    senders = {batch.sender};
  } else {
    for (std::size_t i = 0; i < document.recipient_count; ++i)
      senders.push_back(batch.recipients[document.first_recipient + i].party);
  }
  std::vector<Position> out;
  for (const Uuid& id : ids_in(document.view->data))
    for (const auto& sender : senders) {
      const KnownDocument* known = sender ? state.known.find(*sender, id) : nullptr;
      out.push_back(known != nullptr && known->accepted ? known->position : Position(0));
    }
  return out;
}

}  // namespace hub::broker
