// What is said about a document in files for people and for the agency's system.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/registry/document.hpp"
#include "hub/wire/submit.hpp"

namespace hub::folder {

struct Description {
  Uuid id;
  std::string file;  // its name in the outbox
  std::string type, subject, docnumber, source, to;
};
Description describe(const registry::DocumentView& document, std::string file);

// One recipient's part of a hub's answer.
struct RecipientOutcome {
  std::string party, actual, outcome, agreement, clause;
  std::uint32_t version = 0;
  std::vector<Fact> facts;
};

// The hub's answer to a document, owned.
struct Answer {
  std::string outcome;
  Position position;
  crypto::Digest leaf{};
  UnixMicros time;
  std::vector<Fact> facts;
  std::vector<RecipientOutcome> recipients;

  bool accepted() const { return outcome == wire::kAccepted; }
  // A recipient was refused: sent again, that one is decided anew.
  bool is_open() const {
    return accepted() && std::any_of(recipients.begin(), recipients.end(), [](const RecipientOutcome& r) {
             return r.outcome != wire::kAccepted && r.outcome != wire::kAcceptedBefore;
           });
  }
  bool recorded() const { return time.value != 0; }  // a refusal before the hub has no record
};

Answer answer_of(const wire::DocumentResult& result);
// A refusal that was decided here.
Answer answer_of(const Error& error);

// An answer as bytes for the store: a RESULTS frame of one.
Buffer write_answer(const wire::DocumentResult& result);
Result<Answer> read_answer(ByteView bytes);

}  // namespace hub::folder
