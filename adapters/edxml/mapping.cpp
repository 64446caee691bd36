#include "adapters/edxml/mapping.hpp"

#include <algorithm>
#include <set>

#include "adapters/edxml/change_document.hpp"
#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/hub_data.hpp"
#include "adapters/edxml/mapping_rule.hpp"
#include "adapters/edxml/official_document.hpp"
#include "adapters/edxml/refusal.hpp"
#include "adapters/edxml/words.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"

namespace hub::edxml {
namespace {

using Json = nlohmann::json;

tl::unexpected<Error> unknown(const Organisation& organisation) {
  return fail(ErrorCode::organisation_unknown,
              {{"line", std::to_string(organisation.line)}, {"organ_id", organisation.organ_id}});
}

class Mapper {
 public:
  Mapper(const Message& message, const Organisations& organisations)
      : message_(message), organisations_(organisations) {}

  Result<MappedDocument> run(const std::vector<Mapping>& mappings) {
    if (auto addressed = address(); !addressed) return tl::unexpected(addressed.error());
    out_.fields.id = document_uuid(message_, organisations_);
    out_.fields.subject = message_.subject;
    conversation();
    if (const auto* data = hub_data_attachment()) return from_hub_data(*data);
    docnumber();
    urgency();
    if (message_.business.kind != BusinessKind::new_document) return change();
    for (const Mapping& mapping : mappings)
      if (const auto captures = match(mapping, message_)) return mapped(mapping, *captures);
    out_.why = "no hub-data.json, no change, and none of " + std::to_string(mappings.size()) + " mappings matches";
    return official();
  }

 private:
  Result<void> address() {
    const auto* from = organisations_.by_id(message_.from.organ_id);
    if (!from) return unknown(message_.from);
    out_.fields.source = from->party;
    std::set<std::string> known;
    for (const Organisation& to : message_.to) {
      const auto* party = organisations_.by_id(to.organ_id);
      if (!party) return unknown(to);
      if (!known.insert(party->party).second)
        return refuse(to.line, "mã " + to.organ_id + " là của một nơi nhận đã có: " + party->party,
                      "code " + to.organ_id + " is that of a recipient who stands here already: " + party->party);
      out_.fields.to += (out_.fields.to.empty() ? "" : ",") + party->party;
    }
    return {};
  }

  void conversation() {
    for (const DocumentReference& reference : message_.response_for)
      if (const auto candidates = candidate_uuids(reference, organisations_); !candidates.empty()) {
        out_.fields.conversation = candidates.front();
        return;
      }
  }

  void docnumber() {
    out_.fields.docnumber = document_number(message_.code_number, message_.code_notation);
    if (out_.fields.docnumber.size() > registry::kDocumentNumberBytesMax) leave_docnumber_out();
  }
  void leave_docnumber_out() {
    out_.notes.push_back("number and notation \"" + out_.fields.docnumber +
                         "\" are left out: too long, or no plain number");
    out_.fields.docnumber.clear();
  }

  void urgency() {
    out_.fields.urgency = message_.priority;
    if (message_.priority < registry::kUrgencyMax) return;
    out_.fields.urgency = registry::kUrgencyMax - 1;
    out_.notes.push_back("Priority 4 is taken as 3, which ranks alike: the header has no time of delivery");
  }

  const Attachment* hub_data_attachment() const {
    const auto found = std::find_if(message_.attachments.begin(), message_.attachments.end(),
                                    [](const Attachment& a) { return a.name == kHubDataName; });
    return found == message_.attachments.end() ? nullptr : &*found;
  }

  Result<MappedDocument> from_hub_data(const Attachment& data) {
    auto header = out_.fields;
    header.docnumber = document_number(message_.code_number, message_.code_notation);
    if (header.docnumber.size() > registry::kDocumentNumberBytesMax) header.docnumber.clear();
    header.urgency = std::min<std::uint8_t>(message_.priority, registry::kUrgencyMax - 1);
    auto fields = read_hub_data(data, std::move(header));
    if (!fields) return tl::unexpected(fields.error());
    out_.fields = std::move(*fields);
    out_.rule = kHubDataName;
    out_.why = "the attachment at line " + std::to_string(data.line);
    carry_attachments();
    return std::move(out_);
  }

  Result<MappedDocument> change() {
    const auto change = change_document(message_, organisations_);
    if (!change) return tl::unexpected(change.error());
    fixed_subject(change->subject);
    out_.rule = "BussinessDocType " + std::to_string(static_cast<int>(message_.business.kind));
    out_.why = "Bussiness at line " + std::to_string(message_.business.line);
    typed(change->type, change->data);
    if (message_.business.kind == BusinessKind::recall) {
      leave_attachments_out("recall/1 has none, and recalls the whole document");
    } else if (!message_.attachments.empty()) {
      return new_text_in_change(change->type);
    }
    return std::move(out_);
  }

  // The attachments of an update or a replacement are the new text: it must not get lost on the way.
  tl::unexpected<Error> new_text_in_change(const std::string& type) const {
    return refuse(message_.attachments.front().line,
                  type + " không có tệp đính kèm: gửi nội dung mới thành một văn bản mới (BussinessDocType 0), rồi gửi "
                         "lại tệp này không kèm tệp, với DocumentId của văn bản mới",
                  type + " has no attachments: send the new text as a new document (BussinessDocType 0), then this file "
                         "again without them, with the new document's DocumentId");
  }

  Result<MappedDocument> mapped(const Mapping& mapping, const Captures& captures) {
    const auto data = fill_data(mapping, message_, captures);
    if (!data) return tl::unexpected(data.error());
    out_.rule = mapping.name;
    for (const Condition& condition : mapping.conditions)
      out_.why += (out_.why.empty() ? "" : ", ") + condition.element;
    out_.why += " match " + mapping.file;
    typed(mapping.type, *data);
    if (mapping.subject) fixed_subject(mapping.subject->make(out_.fields.data));
    if (mapping.carry_attachments) {
      carry_attachments();
    } else {
      leave_attachments_out("mapping " + mapping.name + " says so");
    }
    return std::move(out_);
  }

  Result<MappedDocument> official() {
    const auto data = official_document(message_, out_.notes);
    if (!data) return tl::unexpected(data.error());
    out_.rule = "official-document";
    typed(std::string(kOfficialDocumentType), *data);
    carry_attachments();
    return std::move(out_);
  }

  void typed(const std::string& type, const Json& data) {
    out_.fields.type = type;
    out_.fields.data = Json::to_msgpack(data);
  }

  // A type whose subject is fixed takes no number in which a name would fit.
  void fixed_subject(std::string subject) {
    out_.fields.subject = std::move(subject);
    if (!out_.fields.docnumber.empty() && !registry::is_plain_document_number(out_.fields.docnumber))
      leave_docnumber_out();
  }

  void carry_attachments() {
    for (const Attachment& attachment : message_.attachments)
      if (attachment.name != kHubDataName) out_.attachments.push_back(attachment);
  }
  void leave_attachments_out(const std::string& why) {
    for (const Attachment& attachment : message_.attachments)
      out_.notes.push_back("attachment " + attachment.name + " is left out: " + why);
  }

  const Message& message_;
  const Organisations& organisations_;
  MappedDocument out_;
};

}  // namespace

Result<MappedDocument> map_message(const Message& message, const Organisations& organisations,
                                   const std::vector<Mapping>& mappings) {
  return Mapper(message, organisations).run(mappings);
}

}  // namespace hub::edxml
