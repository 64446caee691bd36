#include "hub/broker/decide.hpp"

#include <algorithm>

#include "hub/agreements/explanation.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/broker/unneeded.hpp"
#include "hub/registry/msgpack_pointer.hpp"
#include "hub/registry/names.hpp"

namespace hub::broker {
namespace {

std::optional<Error> check_time(const registry::DocumentView& view, UnixMicros now) {
  if (view.time.value > now.value + kClockSkewMicros)
    return Error{ErrorCode::document_from_future,
                 {{"actual", format_rfc3339(view.time)}, {"limit", format_rfc3339(now)}}};
  if (view.time.value < now.value - kHorizonMicros)
    return Error{
        ErrorCode::document_too_old,
        {{"actual", format_rfc3339(view.time)}, {"limit", format_rfc3339(UnixMicros(now.value - kHorizonMicros))}}};
  return std::nullopt;
}

// Facts as a record and an answer hold them: few and short, cut between characters. An answer also tells what was
// considered, in more room.
std::vector<Fact> bounded(std::vector<Fact> facts) {
  if (facts.size() > kRecordedFactsMax) facts.resize(kRecordedFactsMax);
  for (Fact& fact : facts) {
    const std::size_t limit = fact.name.starts_with("considered") ? kConsideredBytesMax : kRecordedFactBytesMax;
    fact.value.resize(utf8_prefix(fact.value, limit));
  }
  return facts;
}

std::string_view fact_of(const std::vector<Fact>& facts, std::string_view name) {
  const auto fact = std::find_if(facts.begin(), facts.end(), [&](const Fact& f) { return f.name == name; });
  return fact == facts.end() ? std::string_view() : std::string_view(fact->value);
}

// Who receives at all: an enrolled party, other than the sender.
bool can_receive(const State& state, const PreparedBatch& batch, PartyIndex party) {
  return party != batch.sender && state.configuration.registry.delivery_endpoint(party).has_value();
}

// Why a recipient gets nothing. Names the agreement and clause where one is in question.
Error refuse_recipient(const State& state, const PreparedBatch& batch, const PreparedDocument& document,
                       const PreparedRecipient& recipient, UnixMicros now) {
  if (recipient.party == batch.sender)
    return {ErrorCode::recipient_is_sender, {{"party", std::string(recipient.name)}}};
  const auto unknown = [](std::string_view name) {
    return Error{ErrorCode::recipient_unknown, {{"recipient", std::string(name)}}};
  };
  if (!recipient.party || !can_receive(state, batch, *recipient.party)) return unknown(recipient.name);
  const agreements::DecisionTable& table = state.configuration.table;
  auto why = agreements::explain(table, {document.type, batch.sender, *recipient.party, now, document.bytes});
  // A clause permits it, and it is the competent party, whom it would go to, that can't receive.
  return why.refusal ? std::move(*why.refusal) : unknown(table.party_id(why.permission->recipient));
}

Outcome refused_outcome(const PreparedRecipient& recipient, Error error, const State& state) {
  const agreements::DecisionTable& table = state.configuration.table;
  Outcome out;
  out.facts = bounded(std::move(error.facts));
  out.row.addressed = out.row.actual = recipient.name;
  out.row.outcome = code_text(error.code);
  // The row must outlive the facts: agreement and clause are named from the table.
  const auto index = table.find(fact_of(out.facts, "agreement"));
  if (!index) return out;
  const agreements::Agreement& agreement = table.agreement(*index);
  out.row.agreement = agreement.id;
  out.row.agreement_version = agreement.version;
  for (const auto& clause : agreement.clauses)
    if (clause.id == fact_of(out.facts, "clause")) out.row.clause = clause.id;
  return out;
}

// An endpoint may list the type versions that its agency's system can read.
std::optional<Error> refuse_version(const State& state, const PreparedDocument& document, PartyIndex recipient) {
  const registry::Registry& registry = state.configuration.registry;
  const registry::Endpoint& endpoint = registry.endpoint_at(*registry.delivery_endpoint(recipient));
  if (endpoint.takes(document.view->type)) return std::nullopt;
  std::string accepts;
  for (const std::string& type : endpoint.accepts) accepts.append(accepts.empty() ? "" : ", ").append(type);
  return Error{ErrorCode::type_version_not_accepted,
               {{"recipient", registry.party_at(recipient).id},
                {"type", std::string(document.view->type)},
                {"accepts", accepts}}};
}

// A document about others follows from them: what permitted each of them between these two parties permits it.
Outcome decide_about_others(const State& state, const PreparedBatch& batch, const PreparedDocument& document,
                            const PreparedRecipient& recipient, std::span<const EarlierAcceptance> references) {
  const registry::Registry& registry = state.configuration.registry;
  const std::string& sender = registry.party_at(batch.sender).id;
  const AcceptedRecipient* permitted = nullptr;
  std::size_t found = 0;
  for (const EarlierAcceptance& reference : references) {
    if (reference.recipients().empty()) continue;
    const bool is_own = reference.sender() == batch.sender;
    if (!is_own && reference.sender() != recipient.party) continue;
    const auto outcome = reference.outcome_of(is_own ? recipient.name : std::string_view(sender));
    if (!outcome) continue;
    ++found;
    permitted = &*reference.recipients()[*outcome];
  }
  const std::size_t wanted = references.size() / (is_from_sender(*document.view) ? 1 : document.recipient_count);
  if (permitted == nullptr || found < wanted) {
    const auto id = registry::text_at(document.view->data, "/document_id");
    return refused_outcome(recipient, {ErrorCode::reference_unknown, {{"document_id", std::string(id.value_or("?"))}}},
                           state);
  }
  if (!can_receive(state, batch, *recipient.party))
    return refused_outcome(recipient, {ErrorCode::recipient_unknown, {{"recipient", std::string(recipient.name)}}},
                           state);
  if (auto refusal = refuse_version(state, document, *recipient.party))
    return refused_outcome(recipient, std::move(*refusal), state);
  Outcome out;
  out.row = {recipient.name,   recipient.name, wire::kAccepted, permitted->agreement, permitted->agreement_version,
             permitted->clause};
  out.actual = recipient.party;
  return out;
}

Outcome decide_recipient(const State& state, const PreparedBatch& batch, const PreparedDocument& document,
                         const PreparedRecipient& recipient, UnixMicros now,
                         std::span<const EarlierAcceptance> references) {
  if (is_about_others(state.configuration, document) && recipient.party && recipient.party != batch.sender)
    return decide_about_others(state, batch, document, recipient, references);
  const agreements::DecisionTable& table = state.configuration.table;
  for (std::size_t i = 0; i < recipient.candidates.size(); ++i) {
    const agreements::Candidate& candidate = recipient.candidates[i];
    const agreements::Verdict& verdict = batch.verdicts[recipient.first_verdict + i];
    if (!in_force(candidate, now) || !verdict.permitted()) continue;
    if (!can_receive(state, batch, *recipient.party) || !can_receive(state, batch, verdict.recipient)) break;
    if (auto refusal = refuse_version(state, document, verdict.recipient))
      return refused_outcome(recipient, std::move(*refusal), state);
    const agreements::Agreement& agreement = table.agreement(candidate.agreement);
    Outcome out;
    out.row = {recipient.name,    table.party_id(verdict.recipient), wire::kAccepted, agreement.id,
               agreement.version, table.clause(candidate).id};
    out.actual = verdict.recipient;
    out.needs = candidate.needs;
    return out;
  }
  return refused_outcome(recipient, refuse_recipient(state, batch, document, recipient, now), state);
}

Outcome accepted_before(const State& state, const AcceptedRecipient& earlier) {
  Outcome out;
  out.row = {earlier.addressed,         earlier.actual, wire::kAcceptedBefore, earlier.agreement,
             earlier.agreement_version, earlier.clause};
  out.actual = state.configuration.registry.party(earlier.actual);
  return out;
}

// A document that was rerouted to a party which gets it anyway is not sent to it twice: that addressee is refused.
void refuse_second_copies(const State& state, const PreparedBatch& batch, const PreparedDocument& document,
                          std::vector<Outcome>& outcomes) {
  const auto is_rerouted = [](const Outcome& o) { return o.row.accepted() && o.row.actual != o.row.addressed; };
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!is_rerouted(outcomes[i])) continue;
    const bool twice = std::any_of(outcomes.begin(), outcomes.end(), [&](const Outcome& other) {
      return &other != &outcomes[i] && other.actual == outcomes[i].actual &&
             (!is_rerouted(other) || &other < &outcomes[i]);
    });
    if (!twice) continue;
    const wire::OutcomeRow row = outcomes[i].row;
    const agreements::DecisionTable& table = state.configuration.table;
    Error error =
        agreements::over_level(table, *table.find(row.agreement), row.clause, *outcomes[i].actual, document.bytes);
    error.facts.push_back({"recipient", std::string(row.addressed)});
    error.facts.push_back({"party", table.party_id(batch.sender)});
    outcomes[i] = refused_outcome(batch.recipients[document.first_recipient + i], std::move(error), state);
  }
}

// The rows' bytes, once: they are hashed, recorded, answered and delivered as they are here.
void write_rows(DocumentDecided& out) {
  out.row_bytes.clear();
  std::size_t ends[wire::kRecipientsMax];
  for (std::size_t i = 0; i < out.outcomes.size(); ++i) {
    wire::write_row(out.row_bytes, out.outcomes[i].row);
    ends[i] = out.row_bytes.size();
  }
  std::size_t start = 0;
  for (std::size_t i = 0; i < out.outcomes.size(); start = ends[i++])
    out.outcomes[i].bytes = ByteView(out.row_bytes).subspan(start, ends[i] - start);
}

// Of a recall: the deliveries that it asks back, where operators' replays have brought them.
void name_recalled(const State& state, const PreparedDocument& document, std::span<const EarlierAcceptance> references,
                   DocumentDecided& out) {
  if (references.empty() || registry::type_name(document.view->type) != "recall") return;
  for (const Outcome& outcome : out.outcomes) {
    const auto index = outcome.actual ? references[0].outcome_of(outcome.row.actual) : std::nullopt;
    if (!index) continue;
    const DeliveryEntry* entry = state.book.find_last(references[0].recipients()[*index]->position, *index);
    if (entry != nullptr) out.recalls.push_back({entry->origin, *index, {}});
  }
}

void finish_document(const State& state, const PreparedDocument& document,
                     std::span<const EarlierAcceptance> references, DocumentDecided& out) {
  out.accepted =
      std::any_of(out.outcomes.begin(), out.outcomes.end(), [](const Outcome& o) { return o.actual.has_value(); });
  if (out.accepted) name_recalled(state, document, references, out);
  name_unneeded(document.view->data, out);
  write_rows(out);
}

// What every record of a document says, refused or not.
void describe_document(const State& state, const PreparedBatch& batch, std::size_t index, DocumentDecided& out) {
  const PreparedDocument& document = batch.documents[index];
  out.outcomes.clear();
  out.facts.clear();
  out.contents.clear();
  out.case_references.clear();
  out.refusal.reset();
  out.previous_refusal.reset();
  out.deliver_at.reset();
  out.earlier_acceptance.reset();
  out.recalls.clear();
  out.unneeded.clear();
  out.accepted = false;
  out.index = static_cast<std::uint32_t>(index);
  out.sender = batch.sender;
  out.endpoint = batch.endpoint;
  out.key = batch.key;
  out.envelope = batch.envelope;
  out.digest = document.digest;
  if (!document.view) {  // it could not be read: nothing of it is known but its digest
    out.id = out.conversation = Uuid{};
    out.type = out.subject = out.number = {};
    out.urgency = 0;
    out.document_time = UnixMicros(0);
    return;
  }
  const registry::DocumentView& view = *document.view;
  out.id = view.id;
  out.conversation = view.conversation;
  out.type = view.type;
  out.subject = view.subject;
  out.number = view.docnumber;
  out.urgency = view.urgency;
  out.document_time = view.time;
  out.deliver_at = view.deliver_at;
  for (const registry::AttachmentView& attachment : registry::read_attachments(view.attachments))
    out.contents.push_back(attachment.sha256);
  if (document.refusal) return;  // what doesn't fit its type may hold anything there
  for (const std::string& pointer : state.configuration.registry.type_at(document.type).case_reads)
    if (const auto reference = registry::text_at(document.bytes, pointer)) out.case_references.push_back(*reference);
}

void refuse_document(Error error, DocumentDecided& out) {
  out.refusal = error.code;
  out.facts = bounded(std::move(error.facts));
}

}  // namespace

std::optional<Error> decide_batch(const State& state, const PreparedBatch& batch, UnixMicros now) {
  if (batch.refusal) return batch.refusal;
  const registry::Registry& registry = state.configuration.registry;
  if (auto key = registry.keys().valid(registry.party_at(batch.sender).id, batch.key, now); !key) return key.error();
  return std::nullopt;
}

std::optional<Position> decide_document(const State& state, const PreparedBatch& batch, std::size_t index,
                                        UnixMicros now, std::span<const EarlierAcceptance> references,
                                        DocumentDecided& out) {
  const PreparedDocument& document = batch.documents[index];
  describe_document(state, batch, index, out);
  const KnownDocument* known = document.view ? state.known.find(batch.sender, out.id) : nullptr;
  if (known != nullptr && known->accepted) {
    if (std::equal(known->digest_start.begin(), known->digest_start.end(), document.digest.begin()))
      return known->position;
    refuse_document({ErrorCode::document_id_conflict,
                     {{"document_id", to_text(out.id)}, {"position", std::to_string(known->position.value)}}},
                    out);
    return std::nullopt;
  }
  if (known != nullptr) out.previous_refusal = known->position;
  std::optional<Error> refusal = document.refusal;
  if (!refusal) refusal = check_time(*document.view, now);
  if (refusal) {
    refuse_document(std::move(*refusal), out);
    return std::nullopt;
  }
  for (std::size_t i = 0; i < document.recipient_count; ++i) {
    const PreparedRecipient& recipient = batch.recipients[document.first_recipient + i];
    out.outcomes.push_back(decide_recipient(state, batch, document, recipient, now, references));
  }
  refuse_second_copies(state, batch, document, out.outcomes);
  finish_document(state, document, references, out);
  return std::nullopt;
}

bool decide_resend(const State& state, const PreparedBatch& batch, std::size_t index, UnixMicros now,
                   const EarlierAcceptance& earlier, std::span<const EarlierAcceptance> references,
                   DocumentDecided& out) {
  const PreparedDocument& document = batch.documents[index];
  const auto has_it = [&](std::size_t i) {
    const auto& accepted = earlier.recipients()[i];
    if (!accepted) return false;
    const DeliveryEntry* entry = state.book.find_last(accepted->position, static_cast<std::uint8_t>(i));
    if (entry == nullptr || entry->state.status != DeliveryStatus::refused) return true;
    // Who can't know of the refusal yet only repeats what was not answered.
    return state.endpoints[entry->sender.value].receipts.waits_for(entry->last_record);
  };
  bool is_settled = earlier.recipients().size() != document.recipient_count || document.refusal.has_value() ||
                    check_time(*document.view, now).has_value();
  if (is_settled) return false;
  is_settled = true;
  for (std::size_t i = 0; i < document.recipient_count; ++i) is_settled = is_settled && has_it(i);
  if (is_settled) return false;
  describe_document(state, batch, index, out);
  out.earlier_acceptance = earlier.newest();
  for (std::size_t i = 0; i < document.recipient_count; ++i) {
    const PreparedRecipient& recipient = batch.recipients[document.first_recipient + i];
    out.outcomes.push_back(has_it(i) ? accepted_before(state, *earlier.recipients()[i])
                                     : decide_recipient(state, batch, document, recipient, now, references));
  }
  refuse_second_copies(state, batch, document, out.outcomes);
  // Those were only there to be compared with: nothing goes to them.
  for (std::size_t i = 0; i < document.recipient_count; ++i)
    if (has_it(i)) {
      out.outcomes[i] = accepted_before(state, *earlier.recipients()[i]);
      out.outcomes[i].actual.reset();
    }
  finish_document(state, document, references, out);
  return true;
}

}  // namespace hub::broker
