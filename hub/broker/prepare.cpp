#include "hub/broker/prepare.hpp"

#include "hub/base/error_catalogue.hpp"
#include "hub/broker/unneeded.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/secrecy.hpp"

namespace hub::broker {
namespace {

// The protocol's bounds on documents are those of the documents themselves; neither module may use the other.
static_assert(wire::kDocumentBytesMax == registry::kDocumentBytesMax);
static_assert(wire::kRecipientsMax == registry::kRecipientsMax);
static_assert(wire::kNameBytesMax == registry::kNameBytesMax);
static_assert(wire::kCredentialBytesMax == registry::kCredentialBytesMax);
static_assert(wire::kReasonBytesMax == registry::kReasonBytesMax);

void digest_documents(const wire::Submit& submit, PreparedBatch& out) {
  out.digests.clear();
  for (const ByteView document : submit.documents) out.digests.push_back(crypto::sha256(document));
}

// The signature over the root; the key's dates are the core's to judge, at the time of the record.
std::optional<Error> check_signature(const Configuration& configuration, std::string_view origin,
                                     PreparedBatch& batch) {
  thread_local std::vector<crypto::Digest> leaves;
  leaves.clear();
  for (const crypto::Digest& digest : batch.digests) leaves.push_back(crypto::batch_leaf(digest));
  batch.root = crypto::merkle_root(leaves);
  const std::string_view sender = configuration.registry.party_at(batch.sender).id;
  const Buffer text = crypto::batch_signed_text(
      {origin, sender, batch.key, static_cast<std::uint32_t>(batch.digests.size()), batch.root});
  batch.envelope = crypto::envelope_digest(text, batch.signature);
  const auto* key = configuration.registry.keys().find(sender, batch.key);
  if (key == nullptr)
    return Error{ErrorCode::key_unknown, {{"party", std::string(sender)}, {"key", to_hex(batch.key)}}};
  if (!crypto::verify(key->key, text, batch.signature))
    return Error{ErrorCode::signature_invalid, {{"party", std::string(sender)}, {"key", to_hex(batch.key)}}};
  return std::nullopt;
}

Error wrong_number() {
  return {ErrorCode::schema_violation,
          {{"pointer", "/docnumber"},
           {"reason_vi", "số, ký hiệu của loại văn bản này bắt đầu bằng chữ số và không có dấu cách, như 1214-CV/HU"},
           {"reason_en", "the number of this type begins with a digit and has no blank, such as 1214-CV/HU"}}};
}

std::optional<Error> check_content(const Configuration& configuration, PreparedBatch& batch,
                                   PreparedDocument& document) {
  const auto view = registry::read_document(document.bytes);
  if (!view) return view.error();
  document.view = *view;
  const std::string_view sender = configuration.registry.party_at(batch.sender).id;
  if (view->source != sender)
    return Error{ErrorCode::sender_mismatch, {{"actual", std::string(view->source)}, {"party", std::string(sender)}}};
  const auto type = configuration.registry.type(view->type);
  if (!type) return Error{ErrorCode::type_unknown, {{"type", std::string(view->type)}}};
  document.type = *type;
  const registry::Type& known = configuration.registry.type_at(*type);
  const bool subject_fits = !known.subject_fixed || known.subject->matches(view->subject, view->data);
  // What stands in the place of a fixed subject may name a person: the refusal is recorded without it.
  if (!subject_fits) document.view->subject = {};
  const bool number_fits =
      !known.subject_fixed || view->docnumber.empty() || registry::is_plain_document_number(view->docnumber);
  if (!number_fits) document.view->docnumber = {};
  if (auto refusal = registry::refuse_attachments(known, view->attachment_totals)) return refusal;
  if (auto valid = known.schema.validate(view->data); !valid) return valid.error();
  if (!subject_fits) return known.subject->wrong(view->data);
  if (!number_fits) return wrong_number();
  return std::nullopt;
}

// Before anything else of a document is looked at. The batch as a whole is refused: its record would name the digest of
// each document.
std::optional<Error> find_secrecy_mark(const wire::Submit& submit) {
  for (std::size_t i = 0; i < submit.documents.size(); ++i) {
    auto refusal = registry::refuse_secrecy_mark(submit.documents[i]);
    if (!refusal) continue;
    refusal->facts.push_back({"index", std::to_string(i)});
    return refusal;
  }
  return std::nullopt;
}

void find_routes(const Configuration& configuration, PreparedBatch& batch, PreparedDocument& document) {
  document.first_recipient = batch.recipients.size();
  bool has_needs = false;
  for (const std::string_view name : registry::recipients(document.view->to)) {
    PreparedRecipient recipient{name, configuration.registry.party(name), {}, batch.verdicts.size()};
    if (recipient.party)
      recipient.candidates = configuration.table.candidates(document.type, batch.sender, *recipient.party);
    for (const agreements::Candidate& candidate : recipient.candidates) {
      batch.verdicts.push_back(configuration.table.judge(candidate, *recipient.party, document.bytes));
      has_needs = has_needs || candidate.needs != nullptr;
    }
    batch.recipients.push_back(recipient);
  }
  document.recipient_count = batch.recipients.size() - document.first_recipient;
  if (has_needs) document.unneeded_bytes = bound_unneeded(document.view->data, document.recipient_count);
}

// What a document's metadata can hold beside its subject, number, rows and facts: names, ids, digests, their headers.
constexpr std::size_t kMetadataBytesMax = 1024;

constexpr std::size_t kSealedBytes = 16;       // an encrypted body is longer by its tag
constexpr std::size_t kKeyMetadataBytes = 64;  // of a storage key's record

constexpr std::size_t kPermitBytesMax = 256;  // of a content's permit

}  // namespace

RecordBound bound_records(const PreparedBatch& batch) {
  RecordBound bound{batch.digests.size() + 1, kMetadataBytesMax + batch.digests.size() * 32};
  for (const PreparedDocument& document : batch.documents) {
    ++bound.records;  // of a storage key; its class is not known before the decision
    bound.bytes += document.bytes.size() + kSealedBytes + kKeyMetadataBytes + kMetadataBytesMax +
                   kRecordedFactsMax * (wire::kNameBytesMax + kRecordedFactBytesMax);
    if (!document.view) continue;
    bound.bytes += std::min(document.bytes.size(), registry::kCaseReferencesMax * registry::kCaseReferenceBytesMax);
    bound.bytes += document.view->subject.size() + document.view->docnumber.size() + document.unneeded_bytes;
    // Either a permit for each content, or their digests in the document's record.
    bound.records += document.view->attachment_totals.count;
    bound.bytes += document.view->attachment_totals.count * kPermitBytesMax;
  }
  bound.bytes += batch.recipients.size() * wire::kRowBytesMax;
  return bound;
}

void prepare(const Configuration& configuration, std::string_view origin, EndpointIndex endpoint,
             const wire::Submit& submit, PreparedBatch& out) {
  out.endpoint = endpoint;
  out.sender = configuration.registry.endpoint_at(endpoint).party;
  out.number = submit.batch;
  out.key = submit.key;
  out.signature = submit.signature;
  out.documents.clear();
  out.recipients.clear();
  out.verdicts.clear();
  digest_documents(submit, out);
  out.refusal = check_signature(configuration, origin, out);
  if (!out.refusal) out.refusal = find_secrecy_mark(submit);
  if (out.refusal) return;
  std::size_t recipients = 0;
  out.documents.resize(submit.documents.size());
  for (std::size_t i = 0; i < out.documents.size(); ++i) {
    PreparedDocument& document = out.documents[i];
    document.bytes = submit.documents[i];
    document.digest = out.digests[i];
    document.refusal = check_content(configuration, out, document);
    if (document.refusal) continue;
    recipients += document.view->recipient_count;
    if (recipients > wire::kBatchRecipientsMax) {
      out.refusal =
          Error{ErrorCode::batch_too_large,
                {{"limit", std::to_string(wire::kBatchRecipientsMax)}, {"actual", std::to_string(recipients)}}};
      return;
    }
    find_routes(configuration, out, document);
  }
}

}  // namespace hub::broker
