// A coordination agreement: who may send what to whom, each rule beside the words that it comes from. People write
// YAML; the canonical form (RFC 8785 JSON of the same content, with the root keys of its parties) is what parties sign
// and what enters the journal. Both are read here.
//
//   agreement, version, basis (signed | directed), title {vi, en}, source {free names: texts}, in_force {from, until?},
//   parties {alias: party id}, addressees? {alias: party id}, groups? {name: [aliases]}, contact {alias: text},
//   bilateral? {party: alias, with_each: group} (in files alone, see bilateral.hpp), clauses [clause],
//   retention_months? (how long its documents are kept, whatever their types say), root_keys? {alias: fingerprint} (in the
//   canonical form alone)
//   a clause: id, words, words_corrected?, reading (explicit | inferred), reading_note?, permit {type, from, to},
//   over_level? (refuse | reroute), when? (a guard: JSON Schema over the whole document), needs? [field]
//
// Parties sign; addressees (press, competent bodies, a standing committee) take part and don't. permit.type has no
// version and means every registered one; from names an alias or a group, and so does to, or it is
// {competent_for: pointer, at_level: pointer}: the addressee, not of the press, whose level stands in the document at the
// one and whose place is, or lies around, what stands there at the other. over_level belongs to such a clause: what
// becomes of a document that is addressed above the competent level. needs: the members of `data` that the words need;
// what else a document has is let through, and told to the party that sent it. Dates are local (Asia/Ho_Chi_Minh) and
// inclusive.
// Threads: values, immutable once read.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hub/base/time.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/registry.hpp"
#include "hub/registry/schema.hpp"

namespace hub::agreements {

// Fields that a clause may say it needs: as many as a type can have.
constexpr std::size_t kNeedsMax = registry::kSchemaPropertiesMax;

// Who is competent stands in the document (thẩm quyền theo cấp và địa bàn).
struct Competence {
  std::string place, level;  // JSON Pointers to texts in the document
  bool reroute = false;      // a document sent over the competent level's head goes to the competent party, or is refused
};

struct Clause {
  std::string id;
  std::string words, words_corrected;  // verbatim; corrected where the source has a typing error, else empty
  bool inferred = false;               // the rule is not explicit in the words
  std::string type;                    // without version
  std::string from_name, to_name;      // as written: alias or group; of a competence, its two pointers
  std::vector<std::string> from, to;   // party ids; of a competence, all addressees
  std::optional<Competence> competence;
  std::optional<registry::Schema> guard;
  std::string guard_text;              // as JSON
  std::vector<std::string> needs;      // members of `data`; none: the agreement doesn't say what is needed
};

struct Agreement {
  std::string id;
  std::uint32_t version = 0;
  bool directed = false;  // rests on a directive, nobody signs
  std::string title_vi, title_en;
  LocalDate from;
  std::optional<LocalDate> until;
  std::vector<std::pair<std::string, std::string>> parties;     // alias, party id
  std::vector<std::pair<std::string, std::string>> addressees;  // alias, party id
  std::vector<std::pair<std::string, std::string>> root_keys;   // alias, fingerprint; of parties with a key
  std::string contact;                                          // whom to ask
  std::optional<std::uint32_t> retention_months;                // its documents are kept so long; else as their types say
  std::vector<Clause> clauses;
};

// Every mistake goes to the fault; the agreement is whole when there is none.
Agreement read_agreement(const nlohmann::json& value, registry::Fault& fault);
// config_invalid with the place; schema_invalid is reported the same way, at the guard.
Result<Agreement> read_agreement(const nlohmann::json& value, const registry::Marks& marks);
Result<Agreement> parse_canonical(std::string_view text);

// What the registry must hold for the agreement to be compiled: its parties, its types, unchanged root keys, one
// competent party for a place and level, the fields that clauses need. Also refuses a clause that sends pre-trial
// information to the press.
void check_against(const registry::Registry& registry, const Agreement& agreement, registry::Fault& fault);

// The canonical form of an agreement that was read from `value`, with root_keys as the registry has them now.
Result<std::string> canonical_agreement(const nlohmann::json& value, const Agreement& agreement,
                                        const registry::Registry& registry);

}  // namespace hub::agreements
