// Contents of attachments: what a document lacks, what was uploaded, what is asked for, what is dropped. The bytes are
// another thread's (bulk.hpp).
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/registry/document.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

// The answer to a document that would be accepted and whose contents are not there. It has no record of its own, only
// the permits, and leaves when these are durable.
std::optional<wire::DocumentResult> Engine::need_contents(std::size_t index) {
  auto& document = std::get<broker::DocumentDecided>(document_);
  const auto missing = broker::decide_contents(recorder_.state(), batch_, index, recorder_.now(), document);
  if (!missing) return std::nullopt;
  for (const broker::ContentPermitted& permit : missing->permits) recorder_.record(permit);
  wire::DocumentResult result;
  result.outcome = code_text(missing->answer.code);
  result.time = recorder_.now();
  result.facts = missing->answer.facts;
  return result;
}

bool Engine::record_content_stored(PartyIndex sender, const crypto::Digest& digest, std::uint64_t size) {
  const auto record = broker::decide_content_stored(recorder_.state(), sender, digest, size);
  if (record) recorder_.record(*record);
  return record.has_value();
}

Result<DeliveredContent> Engine::delivered_content(PartyIndex recipient, Position position, std::uint8_t outcome_index,
                                                   std::uint64_t attachment) const {
  const auto unknown = fail(ErrorCode::content_unknown, {{"position", std::to_string(position.value)}});
  if (position >= recorder_.journal().durable_end()) return unknown;
  Buffer scratch;
  const auto view = recorder_.journal().read(position, scratch);
  if (!view) return tl::unexpected(view.error());
  if (view->kind != static_cast<std::uint8_t>(broker::RecordKind::document_accepted)) return unknown;
  const auto record = broker::decode(registry(), view->kind, view->metadata, view->body_digest);
  HUB_CHECK(record.has_value());
  const auto& decided = std::get<broker::DocumentDecided>(*record);
  if (outcome_index >= decided.outcomes.size() || decided.outcomes[outcome_index].actual != recipient) return unknown;
  Buffer body_scratch;
  const auto body = recorder_.open_body(*view, body_scratch);
  if (!body) return tl::unexpected(body.error());
  const auto document = registry::read_document(*body);
  HUB_CHECK(document.has_value());
  const auto attachments = registry::read_attachments(document->attachments);
  if (attachment >= attachments.size()) return unknown;
  const registry::AttachmentView& found = attachments[attachment];
  return DeliveredContent{registry().party_at(decided.sender).id, found.sha256, found.size};
}

void Engine::drop_contents() {
  for (const broker::ContentDropped& dropped : broker::decide_content_drops(recorder_.state(), recorder_.now())) {
    recorder_.record(dropped);
    if (!on_content_dropped_) continue;
    when_durable([this, key = broker::ContentKey{dropped.sender, dropped.digest}] {
      // It may have been permitted again since, and even stored: then its file is not what was dropped.
      if (state().contents.find(key) == nullptr) on_content_dropped_(registry().party_at(key.sender).id, key.digest);
    });
  }
}

}  // namespace hub::runtime
