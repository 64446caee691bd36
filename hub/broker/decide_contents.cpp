#include "hub/broker/decide_contents.hpp"

#include <algorithm>

namespace hub::broker {
namespace {

Error needed(std::size_t missing, std::uint64_t bytes) {
  return {ErrorCode::attachments_needed, {{"missing", std::to_string(missing)}, {"bytes", std::to_string(bytes)}}};
}

Error over_quota(const State& state, PartyIndex sender, std::uint64_t actual, std::uint64_t limit) {
  return {ErrorCode::attachments_quota,
          {{"party", state.configuration.registry.party_at(sender).id},
           {"actual", std::to_string(actual)},
           {"limit", std::to_string(limit)}}};
}

// The content that the document means can't be the one that has this digest: their sizes differ.
void refuse_size(const registry::AttachmentView& attachment, std::uint64_t stored, DocumentDecided& out) {
  const std::string digest = to_hex(attachment.sha256);
  out.accepted = false;
  out.outcomes.clear();
  out.refusal = ErrorCode::attachment_digest_wrong;
  out.facts = {{"actual", digest + ", " + std::to_string(stored)},
               {"expected", digest + ", " + std::to_string(attachment.size)}};
}

}  // namespace

std::optional<ContentsMissing> decide_contents(const State& state, const PreparedBatch& batch, std::size_t index,
                                               UnixMicros now, DocumentDecided& out) {
  const registry::DocumentView& document = *batch.documents[index].view;
  if (document.attachments.empty()) return std::nullopt;
  ContentsMissing missing;
  std::vector<crypto::Digest> seen;
  std::uint64_t missing_bytes = 0;
  ContentUsage usage = state.contents.unused(batch.sender);
  for (const registry::AttachmentView& attachment : registry::read_attachments(document.attachments)) {
    if (std::find(seen.begin(), seen.end(), attachment.sha256) != seen.end()) continue;
    const Content* known = state.contents.find({batch.sender, attachment.sha256});
    if (known != nullptr && known->stored) {
      if (known->size == attachment.size) continue;
      refuse_size(attachment, known->size, out);
      return std::nullopt;
    }
    seen.push_back(attachment.sha256);
    missing_bytes += attachment.size;
    if (known != nullptr && known->size == attachment.size && known->until.value - now.value > kContentPermitMicros / 2)
      continue;
    usage.count += known == nullptr ? 1 : 0;
    usage.bytes += attachment.size - (known == nullptr ? 0 : known->size);
    missing.permits.push_back({batch.endpoint, batch.sender, attachment.sha256, attachment.size,
                               UnixMicros(now.value + kContentPermitMicros)});
  }
  if (seen.empty()) return std::nullopt;
  missing.answer = needed(seen.size(), missing_bytes);
  if (missing.permits.empty()) return missing;
  if (usage.count > kUnusedContentsMax)
    return ContentsMissing{over_quota(state, batch.sender, usage.count, kUnusedContentsMax), {}};
  if (usage.bytes > kUnusedContentBytesMax)
    return ContentsMissing{over_quota(state, batch.sender, usage.bytes, kUnusedContentBytesMax), {}};
  return missing;
}

ContentStanding content_standing(const State& state, PartyIndex sender, const crypto::Digest& digest,
                                 std::uint64_t size) {
  const Content* known = state.contents.find({sender, digest});
  if (known == nullptr || known->size != size) return ContentStanding::unknown;
  return known->stored ? ContentStanding::stored : ContentStanding::permitted;
}

std::optional<ContentStored> decide_content_stored(const State& state, PartyIndex sender, const crypto::Digest& digest,
                                                   std::uint64_t size) {
  if (content_standing(state, sender, digest, size) != ContentStanding::permitted) return std::nullopt;
  return ContentStored{sender, digest, size};
}

std::vector<ContentDropped> decide_content_drops(const State& state, UnixMicros now) {
  std::vector<ContentDropped> out;
  for (const ContentKey& key : state.contents.due(now, kContentsDroppedAtOnce)) {
    const Content& content = *state.contents.find(key);
    out.push_back({key.sender, key.digest,
                   content.released ? "the documents with it are erased"
                   : content.stored ? "no document was accepted in time"
                                    : "not uploaded in time"});
  }
  return out;
}

}  // namespace hub::broker
