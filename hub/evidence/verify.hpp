// Checks a receipt: offline, without a hub, with public keys alone. Each step rests on the ones before it.
//
//   checkpoint    the hub's tree key signed the root of so many records
//   record        the record stands at its position in that tree
//   event         it says what became of one delivery of a document
//   decision      the document's record: who sent what, and what was decided for whom, under which clause
//   document      the document at hand is that one
//   signature     the sender's key signed it
//   certificate   the sender's root key vouches for that key at the time of the decision
//   agreement     the agreement that the clause stands in, as the hub had registered it, names that root key; it is the
//                 one at hand
//
// The chain begins with a key of the hub's tree and ends with an agreement that the parties have: a hub that forges a
// notice has no root key for it. What a receipt can't show: that a key was not revoked, or that nothing was left out
// of the tree for others (for that, checkpoints are compared).
#pragma once

#include "hub/crypto/signed_note.hpp"
#include "hub/evidence/receipt.hpp"

namespace hub::evidence {

enum class Step { checkpoint, record, event, decision, document, signature, certificate, agreement };
std::string_view name_of(Step step);

struct Finding {
  Step step{};
  std::vector<Fact> facts;
};

// What the checker believes beforehand.
struct Trust {
  std::vector<crypto::NoteKey> tree_keys;    // of one hub, whose origin is their name; one at least
  std::optional<Buffer> document;            // the document, as it was signed
  std::vector<std::string> agreements;       // canonical, as the checker has them
  bool chain = false;                        // down to the agreement; else the decision is the last step
};

struct Verdict {
  std::vector<Finding> findings;  // of the steps that hold
  std::optional<Error> failure;   // of the first that doesn't; nothing: everything holds
};

// `file`: a tlog-proof.
Verdict verify_receipt(std::string_view file, const Trust& trust);

}  // namespace hub::evidence
