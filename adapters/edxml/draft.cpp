#include "adapters/edxml/draft.hpp"

#include "adapters/edxml/file_name.hpp"
#include "adapters/edxml/media_type.hpp"
#include "adapters/edxml/refusal.hpp"

namespace hub::edxml {
namespace {

tl::unexpected<Error> missing(Line line, const std::string& element) {
  return refuse(line, "thiếu " + element, element + " is missing");
}

std::string_view without_scheme(std::string_view content_id) {
  if (content_id.starts_with('<') && content_id.ends_with('>'))
    content_id = content_id.substr(1, content_id.size() - 2);
  return content_id.starts_with("cid:") ? content_id.substr(4) : content_id;
}

// What the manifest says of an attachment: by its ContentId, else by its place when nobody uses ids.
const AttachmentHeader* manifest_item(const Draft& draft, std::size_t index) {
  const std::string_view id = without_scheme(draft.encoded[index].header.content_id);
  for (const AttachmentHeader& item : draft.manifest)
    if (!id.empty() && without_scheme(item.content_id) == id) return &item;
  if (id.empty() && index < draft.manifest.size() && draft.manifest[index].content_id.empty())
    return &draft.manifest[index];
  return nullptr;
}

// A zip that somebody named so is meant itself, unless what it holds is a zip in turn: then it is the wrapping.
StagedFile& choose(StagedAttachment& attachment, const std::string& name) {
  const bool is_zip = attachment.content.head().starts_with(kZipBegin);
  if (!is_zip && attachment.zip && is_zip_name(name)) std::swap(attachment.content, *attachment.zip);
  return attachment.content;
}

Result<Attachment> finish_attachment(Draft& draft, std::size_t index, std::set<std::string>& names) {
  EncodedAttachment& encoded = draft.encoded[index];
  AttachmentHeader header = encoded.header;
  if (!encoded.file) return missing(header.line, "ContentTransferEncoded");
  if (const AttachmentHeader* item = manifest_item(draft, index)) {
    if (header.name.empty()) header.name = item->name, header.name_line = item->name_line;
    if (header.declared_type.empty()) header.declared_type = item->declared_type;
    if (header.description.empty()) header.description = item->description;
  }
  Attachment out;
  out.line = header.line;
  auto name = header.name.empty() ? "attachment-" + std::to_string(index + 1) : safe_file_name(header.name);
  if (!name)
    return refuse(header.name_line, "tên tệp đính kèm \"" + header.name + "\" không an toàn",
                  "\"" + header.name + "\" is no safe name of an attachment");
  out.name = free_name(*name, names);
  if (out.name != header.name) draft.note(header.line, "attachment \"" + header.name + "\" is called " + out.name);
  const StagedFile& file = choose(*encoded.file, out.name);
  out.media_type = sniff_media_type(file.head(), out.name);
  if (is_damaged_as_text(file.head()))
    draft.note(header.line, "attachment " + out.name + " was damaged by the system that made it: bytes became U+FFFD");
  if (file.size() == 0) draft.note(header.line, "attachment " + out.name + " is empty");
  out.declared_type = std::move(header.declared_type);
  out.description = std::move(header.description);
  out.path = file.path();
  out.size = file.size();
  out.sha256 = file.sha256();
  return out;
}

// Everything that has no attachment behind it is only told of: some buses carry the contents apart.
void note_unfilled_references(Draft& draft) {
  for (const AttachmentHeader& item : draft.manifest) {
    bool filled = item.content_id.empty();
    for (const EncodedAttachment& encoded : draft.encoded)
      filled = filled || without_scheme(encoded.header.content_id) == without_scheme(item.content_id);
    if (!filled) draft.note(item.line, "the manifest names \"" + item.name + "\", and no attachment has its content");
  }
}

Result<File> finish_message(Draft& draft) {
  Message& message = draft.message;
  const Line line = message.header_line;
  if (message.from.organ_id.empty()) return missing(message.from.line ? message.from.line : line, "From/OrganId");
  if (message.from.name.empty()) return missing(message.from.line, "From/OrganName");
  if (message.to.empty()) return missing(line, "To");
  for (const Organisation& to : message.to)
    if (to.organ_id.empty()) return missing(to.line, "To/OrganId");
  if (message.code_number.empty()) return missing(line, "Code/CodeNumber");
  if (message.code_notation.empty()) return missing(line, "Code/CodeNotation");
  if (!draft.has_promulgation_date) return missing(line, "PromulgationInfo/PromulgationDate");
  if (message.subject.empty()) return missing(line, "Subject");
  std::set<std::string> names;
  for (std::size_t i = 0; i < draft.encoded.size(); ++i) {
    auto attachment = finish_attachment(draft, i, names);
    if (!attachment) return tl::unexpected(attachment.error());
    message.attachments.push_back(std::move(*attachment));
  }
  note_unfilled_references(draft);
  for (EncodedAttachment& encoded : draft.encoded) encoded.file->content.release();
  return File{std::move(message), std::move(draft.notes), 0, {}};
}

Result<File> finish_status(Draft& draft) {
  const Line line = draft.message.header_line;
  if (draft.message.from.organ_id.empty())
    return missing(draft.message.from.line ? draft.message.from.line : line, "From/OrganId");
  if (draft.message.response_for.empty()) return missing(line, "ResponseFor");
  if (draft.message.response_for.size() > 1)
    return refuse(draft.message.response_for[1].line, "thông điệp trạng thái chỉ được nói về một văn bản",
                  "a status message tells of one document");
  StatusMessage& status = draft.status;
  status.from = std::move(draft.message.from);
  status.response_for = std::move(draft.message.response_for.front());
  if (status.response_for.document_id.empty() && status.response_for.code.empty())
    return missing(status.response_for.line, "ResponseFor/DocumentId");
  if (!draft.encoded.empty())
    draft.note(draft.encoded.front().header.line, "attachments of a status message are left out");
  return File{std::move(status), std::move(draft.notes), 0, {}};
}

}  // namespace

Result<File> finish(Draft draft) {
  if (!draft.has_message_header) return missing(1, "edXMLHeader/MessageHeader");
  return draft.has_status_code ? finish_status(draft) : finish_message(draft);
}

}  // namespace hub::edxml
