// What follows from a document's attachments, and from what becomes of their contents. As decide.hpp: nothing here
// changes anything.
#pragma once

#include "hub/broker/prepare.hpp"
#include "hub/broker/state.hpp"

namespace hub::broker {

// More contents than this are not dropped in one go.
constexpr std::size_t kContentsDroppedAtOnce = 64;

// Why a document that would be accepted is not: its contents are not there. Nothing of it is recorded but the permits.
struct ContentsMissing {
  Error answer;                           // attachments_needed, or attachments_quota without permits
  std::vector<ContentPermitted> permits;  // new, or renewed when half of the time is over
};

// For a document that decide_document accepted into `out`: nothing when all its contents are stored. Where a stored
// content has another size than the document says, `out` becomes a refusal (attachment_digest_wrong).
std::optional<ContentsMissing> decide_contents(const State& state, const PreparedBatch& batch, std::size_t index,
                                               UnixMicros now, DocumentDecided& out);

enum class ContentStanding : std::uint8_t { unknown, permitted, stored };
ContentStanding content_standing(const State& state, PartyIndex sender, const crypto::Digest& digest,
                                 std::uint64_t size);

// An upload is complete and synced: nothing when it is not permitted (any more).
std::optional<ContentStored> decide_content_stored(const State& state, PartyIndex sender, const crypto::Digest& digest,
                                                   std::uint64_t size);

// What was not uploaded, or not used, in time.
std::vector<ContentDropped> decide_content_drops(const State& state, UnixMicros now);

}  // namespace hub::broker
