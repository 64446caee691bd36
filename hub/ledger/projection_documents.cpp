// Documents and their outcomes as rows.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "hub/base/error_catalogue.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/folding.hpp"
#include "hub/ledger/projection.hpp"
#include "hub/ledger/word_search.hpp"

namespace hub::ledger {
namespace {

std::string facts_json(const std::vector<Fact>& facts) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const Fact& fact : facts) out[fact.name] = fact.value;
  // A fact may quote bytes that are no UTF-8.
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::optional<std::int64_t> optional_column(const std::optional<UnixMicros>& time) {
  return time ? std::optional(time->value) : std::nullopt;
}

}  // namespace

using sql::Statement;

Result<void> Projection::add_document(const broker::State& state, const broker::RecordHead& head,
                                      const broker::DocumentDecided& d) {
  const registry::Registry& registry = state.configuration.registry;
  Statement& insert = prepared(
      "INSERT INTO documents (position, time, id, conversation, type, sender, endpoint, subject, number, folded,"
      " urgency, document_time, deliver_at, accepted, refusal, facts, batch, batch_index, key_id, digest, envelope,"
      " body_bytes, storage_key, previous_refusal, earlier_acceptance)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const std::string id = to_text(d.id), conversation = to_text(d.conversation), key = to_hex(d.key);
  const std::string folded = fold(std::string(d.subject) + " " + std::string(d.number));
  const std::string facts = d.facts.empty() ? std::string() : facts_json(d.facts);
  insert.bind(column(head.position)).bind(head.time.value).bind(id).bind(conversation).bind(d.type);
  insert.bind(registry.party_at(d.sender).id).bind(registry.endpoint_at(d.endpoint).id).bind(d.subject).bind(d.number);
  insert.bind(folded).bind(std::int64_t{d.urgency}).bind(d.document_time.value).bind(optional_column(d.deliver_at));
  insert.bind(std::int64_t{d.accepted});
  if (d.refusal) {
    insert.bind(code_text(*d.refusal));
  } else {
    insert.bind_null();
  }
  if (d.facts.empty()) {
    insert.bind_null();
  } else {
    insert.bind(facts);
  }
  insert.bind(column(d.batch)).bind(std::int64_t{d.index}).bind(key).bind(ByteView(d.digest));
  insert.bind(ByteView(d.envelope)).bind(std::int64_t{head.body_bytes}).bind(std::int64_t{head.body_key});
  insert.bind(d.previous_refusal ? std::optional(column(*d.previous_refusal)) : std::nullopt);
  insert.bind(d.earlier_acceptance ? std::optional(column(*d.earlier_acceptance)) : std::nullopt);
  if (auto done = insert.run(); !done) return done;

  count("documents", d.accepted ? "accepted" : "refused", 1);
  if (auto done = add_refusals(head.position, d); !done) return done;
  if (auto done = add_participants(registry, head.position, d, folded); !done) return done;
  for (std::uint32_t i = 0; i < d.outcomes.size(); ++i)
    if (auto done = add_outcome(state, head, d, i); !done) return done;
  if (auto done = add_unneeded(head.position, d); !done) return done;
  Statement& contents = prepared("INSERT INTO document_contents (position, idx, digest) VALUES (?, ?, ?)");
  for (std::size_t i = 0; i < d.contents.size(); ++i) {
    contents.bind(column(head.position)).bind(static_cast<std::int64_t>(i));
    if (auto done = contents.bind(ByteView(d.contents[i])).run(); !done) return done;
  }
  if (auto done = add_case_references(head.position, d); !done) return done;
  return add_recalls(state, head, d);
}

// Whoever asks writes a number as they are used to: 15/2022/VA-VKS, 15-2022 va vks.
Result<void> Projection::add_case_references(Position position, const broker::DocumentDecided& d) {
  Statement& insert = prepared(
      "INSERT INTO case_references (folded, position, reference) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  for (const std::string_view reference : d.case_references)
    if (auto done = insert.bind(fold(reference)).bind(column(position)).bind(reference).run(); !done) return done;
  return {};
}

Result<void> Projection::add_unneeded(Position position, const broker::DocumentDecided& d) {
  Statement& insert = prepared("INSERT INTO unneeded_fields (position, idx, field) VALUES (?, ?, ?)");
  for (const broker::Unneeded& field : d.unneeded)
    for (const std::uint8_t outcome : field.outcomes)
      if (auto done = insert.bind(column(position)).bind(std::int64_t{outcome}).bind(field.name).run(); !done) return done;
  return {};
}

// Each code once, whether the document was refused as a whole or for some of its recipients.
Result<void> Projection::add_refusals(Position position, const broker::DocumentDecided& d) {
  std::set<std::string_view> codes;
  if (d.refusal) codes.insert(code_text(*d.refusal));
  for (const broker::Outcome& outcome : d.outcomes)
    if (!outcome.row.accepted() && !outcome.row.is_accepted_before()) codes.insert(outcome.row.outcome);
  Statement& insert = prepared("INSERT INTO refusals (code, position) VALUES (?, ?)");
  for (const std::string_view code : codes) {
    if (auto done = insert.bind(code).bind(column(position)).run(); !done) return done;
    count("refusals", code, 1);
  }
  return {};
}

Result<void> Projection::add_participants(const registry::Registry& registry, Position position,
                                          const broker::DocumentDecided& d, const std::string& folded) {
  std::set<std::pair<std::string_view, std::string_view>> roles = {{registry.party_at(d.sender).id, "sender"}};
  for (const broker::Outcome& outcome : d.outcomes) {
    roles.emplace(outcome.row.addressed, "addressed");
    if (outcome.row.actual != outcome.row.addressed && !outcome.row.actual.empty())
      roles.emplace(outcome.row.actual, "actual");
  }
  Statement& insert = prepared("INSERT INTO participants (party, position, role) VALUES (?, ?, ?)");
  for (const auto& [party, role] : roles)
    if (auto done = insert.bind(party).bind(column(position)).bind(role).run(); !done) return done;
  if (!keeps_words(database_.dialect())) return {};
  std::set<std::string_view> parties;
  for (const auto& [party, role] : roles) parties.insert(party);
  Statement& words = prepared("INSERT INTO document_words (rowid, folded) VALUES (?, ?)");
  return words.bind(column(position)).bind(words_of(folded, parties)).run();
}

Result<void> Projection::add_outcome(const broker::State& state, const broker::RecordHead& head,
                                     const broker::DocumentDecided& d, std::uint32_t index) {
  const wire::OutcomeRow& row = d.outcomes[index].row;
  Statement& insert = prepared(
      "INSERT INTO outcomes (position, idx, addressed, actual, outcome, agreement, version, clause)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(column(head.position)).bind(std::int64_t{index}).bind(row.addressed).bind(row.actual).bind(row.outcome);
  insert.bind(row.agreement).bind(std::int64_t{row.agreement_version}).bind(row.clause);
  if (auto done = insert.run(); !done) return done;
  count("outcomes", row.outcome, 1);
  if (!d.accepted || !d.outcomes[index].actual) return {};
  const auto endpoint = state.configuration.registry.delivery_endpoint(*d.outcomes[index].actual);
  const std::string& name = state.configuration.registry.endpoint_at(*endpoint).id;
  return open_delivery({head.position, static_cast<std::uint8_t>(index), {}}, row.actual, name, head.time);
}

}  // namespace hub::ledger
