// agreement what-if: what a configuration folder, perhaps a draft, would have decided on the documents of a hub's journal.
#include <memory>

#include "hub/agreements/explanation.hpp"
#include "hub/app/agreement_commands.hpp"
#include "hub/app/configuration_option.hpp"
#include "hub/app/durable_records.hpp"
#include "hub/app/table.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/broker/state.hpp"
#include "hub/runtime/body_sealer.hpp"
#include "hub/runtime/folder_secrets.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;

struct WhatIfOptions {
  std::string data, configuration;
  std::uint64_t from = 0;
};

// One recipient's outcome, as it was and as it would be: "accepted" with the clause, a code, or why nobody can say.
struct Comparison {
  Position position;
  std::string type, sender, addressed;
  std::string was = {}, now = {};
  bool undecidable = false;
};

constexpr const char* kErased = "undecidable: erased";
constexpr const char* kNotStored = "undecidable: a refused document's body is not stored";

std::string accepted_under(std::string_view agreement, std::uint64_t version, std::string_view clause) {
  return std::string("accepted, ").append(agreement) + " v" + std::to_string(version) + " §" + std::string(clause);
}

class WhatIf {
 public:
  WhatIf(const agreements::Configuration& draft, runtime::BodySealer& sealer) : draft_(draft), sealer_(sealer) {}

  Result<void> add(const journal::RecordView& view) {
    const auto kind = static_cast<broker::RecordKind>(view.kind);
    const bool is_document =
        kind == broker::RecordKind::document_accepted || kind == broker::RecordKind::document_refused;
    if (!is_document && kind != broker::RecordKind::configuration_changed) return {};
    const auto record = broker::decode(hub_.registry, view.kind, view.metadata, view.body_digest);
    if (!record) return tl::unexpected(record.error());
    if (const auto* changed = std::get_if<broker::ConfigurationChanged>(&*record))
      return broker::register_item(hub_, {changed->item, changed->id, changed->canonical});
    return compare(view, std::get<broker::DocumentDecided>(*record));
  }

  const std::vector<Comparison>& different() const { return different_; }
  std::uint64_t outcomes() const { return outcomes_; }
  std::uint64_t undecidable() const { return undecidable_; }

 private:
  Result<void> compare(const journal::RecordView& view, const broker::DocumentDecided& document) {
    const auto known = hub_.registry.type(document.type);
    // It goes where the document went that it is about, whatever the agreements say.
    if (!known || hub_.registry.type_at(*known).kind == registry::TypeKind::system) return {};
    const auto body = document.accepted ? sealer_.open(view, scratch_) : Result<ByteView>(ByteView());
    if (!body && body.error().code != ErrorCode::storage_key_missing) return tl::unexpected(body.error());
    for (const broker::Outcome& outcome : document.outcomes) {
      if (outcome.row.is_accepted_before()) continue;
      Comparison one{view.position, std::string(document.type), hub_.registry.party_at(document.sender).id,
                     std::string(outcome.row.addressed)};
      one.was = outcome.row.accepted()
                    ? accepted_under(outcome.row.agreement, outcome.row.agreement_version, outcome.row.clause)
                    : std::string(outcome.row.outcome);
      decide(one, view.time, body.value_or(ByteView()), document.accepted ? kErased : kNotStored);
      ++outcomes_;
      undecidable_ += one.undecidable;
      if (one.was != one.now) different_.push_back(std::move(one));
    }
    return {};
  }

  void decide(Comparison& one, UnixMicros at, ByteView body, const char* why_undecidable) const {
    const auto type = draft_.registry.type(one.type);
    const auto from = draft_.registry.party(one.sender), to = draft_.registry.party(one.addressed);
    if (!type || !from || !to) {
      one.now = code_text(type ? ErrorCode::recipient_unknown : ErrorCode::type_unknown);
      return;
    }
    const auto why = agreements::explain(draft_.table, {*type, *from, *to, at, body});
    if (!why.permission) {
      one.now = code_text(why.refusal->code);
      return;
    }
    const agreements::Agreement& agreement = draft_.table.agreement(why.permission->candidate->agreement);
    const agreements::Clause& clause = draft_.table.clause(*why.permission->candidate);
    one.undecidable = body.empty() && (clause.guard || clause.competence);
    one.now = one.undecidable ? why_undecidable : accepted_under(agreement.id, agreement.version, clause.id);
  }

  const agreements::Configuration& draft_;
  runtime::BodySealer& sealer_;
  broker::Configuration hub_;  // of the journal, as it was when each document was decided
  Buffer scratch_;
  std::vector<Comparison> different_;
  std::uint64_t outcomes_ = 0, undecidable_ = 0;
};

// The configuration of before `options.from` counts too.
Result<void> walk(const WhatIfOptions& options, WhatIf& what_if) {
  const auto take = [&](const journal::RecordView& view) -> Result<void> {
    const bool is_wanted = view.position.value >= options.from ||
                           view.kind == static_cast<std::uint8_t>(broker::RecordKind::configuration_changed);
    return is_wanted ? what_if.add(view) : Result<void>();
  };
  const auto walked = each_durable_record(options.data, take);
  return walked ? Result<void>() : tl::unexpected(walked.error());
}

int compare_decisions(const WhatIfOptions& options, const Output& output) {
  const auto draft = read_configuration({options.configuration, ""});
  if (!draft) return output.refused(draft.error());
  auto secrets = runtime::FolderSecrets::open_to_read(options.data + "/storage-keys");
  runtime::BodySealer sealer(secrets);
  WhatIf what_if(*draft, sealer);
  if (auto walked = walk(options, what_if); !walked) return output.refused(walked.error());
  const std::size_t changed = what_if.different().size() - what_if.undecidable();
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows = {{"position", "type", "from → to", "was", "would be"}};
  for (const Comparison& one : what_if.different()) {
    list.push_back({{"position", one.position.value},
                    {"type", one.type},
                    {"sender", one.sender},
                    {"recipient", one.addressed},
                    {"was", one.was},
                    {"would_be", one.now},
                    {"undecidable", one.undecidable}});
    rows.push_back({std::to_string(one.position.value), one.type, one.sender + " → " + one.addressed, one.was, one.now});
  }
  const std::string text = (rows.size() > 1 ? table(rows) + "\n" : "") + std::to_string(what_if.outcomes()) +
                           " outcomes: " + std::to_string(changed) + " would be others, " +
                           std::to_string(what_if.undecidable()) + " are undecidable";
  return output.done(text, {{"outcomes", what_if.outcomes()},
                            {"changed", changed},
                            {"undecidable", what_if.undecidable()},
                            {"different", list}});
}

}  // namespace

void add_agreement_what_if(CLI::App& agreement, Invocation& invocation) {
  auto options = std::make_shared<WhatIfOptions>();
  auto* command =
      agreement.add_subcommand("what-if", "What a configuration would have decided on the documents of a hub's journal")
          ->fallthrough();
  command->add_option("--data", options->data, "The hub's data folder; the hub may be running")->required();
  add_configuration_option(*command, options->configuration);
  command->add_option("--from-position", options->from, "Only documents from this position on");
  command->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return compare_decisions(*options, output); };
  });
}

}  // namespace hub::app
