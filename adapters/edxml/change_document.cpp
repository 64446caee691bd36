#include "adapters/edxml/change_document.hpp"

#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/refusal.hpp"
#include "adapters/edxml/words.hpp"
#include "hub/base/check.hpp"

namespace hub::edxml {
namespace {

// The first whose words stand in the reason decides; words are without accents.
struct Meaning {
  std::string_view words, reason;
};

constexpr Meaning kRecallMeanings[] = {
    {"sai noi nhan", "wrong-recipient"},
    {"nham noi nhan", "wrong-recipient"},
    {"nham dia chi", "wrong-recipient"},
    {"sai dia chi", "wrong-recipient"},
    {"nham don vi", "wrong-recipient"},
    {"sai don vi", "wrong-recipient"},
    {"huy bo", "annulled"},
    {"bai bo", "annulled"},
    {"het hieu luc", "annulled"},
    {"sai noi dung", "wrong-content"},
    {"sai sot", "wrong-content"},
    {"noi dung", "wrong-content"},
    {"sai so", "wrong-content"},
    {"sai ngay", "wrong-content"},
};
constexpr Meaning kUpdateMeanings[] = {
    {"dinh chinh", "correction"}, {"sai", "correction"}, {"sua", "correction"}, {"nham", "correction"}};
constexpr Meaning kReplaceMeanings[] = {{"gop", "merged"},
                                        {"hop nhat", "merged"},
                                        {"quyet dinh moi", "new-decision"},
                                        {"quy dinh moi", "new-decision"},
                                        {"van ban moi", "new-decision"},
                                        {"chinh sach moi", "new-decision"}};

template <std::size_t N>
std::string meaning(const std::string& reason, const Meaning (&meanings)[N], const char* otherwise) {
  const std::string words = " " + folded(reason) + " ";
  for (const Meaning& known : meanings)
    if (words.find(" " + std::string(known.words) + " ") != words.npos) return std::string(known.reason);
  return otherwise;
}

// The DocumentIds that are changed.
std::vector<std::string> originals(const Message& message) {
  std::vector<std::string> out;
  for (const Replacement& replaced : message.business.replacements)
    if (!replaced.document_id.empty()) out.push_back(replaced.document_id);
  if (out.empty() && !message.business.document_id.empty()) out.push_back(message.business.document_id);
  // Without the trace's id, a recall or an update repeats the id of the document that it is about.
  if (out.empty() && message.business.kind != BusinessKind::replace && !message.document_id.empty())
    out.push_back(message.document_id);
  return out;
}

// The document that holds the new text: under its own id, else this message is it.
Uuid new_document(const Message& message, const std::vector<std::string>& changed, const std::string& party,
                  const Organisations& organisations) {
  for (const std::string& id : changed)
    if (message.document_id == id) return document_uuid(message, organisations);
  return message.document_id.empty() ? document_uuid(message, organisations)
                                     : original_uuid(party, message.document_id);
}

}  // namespace

Result<ChangeDocument> change_document(const Message& message, const Organisations& organisations) {
  HUB_CHECK(message.business.kind != BusinessKind::new_document);
  const std::vector<std::string> changed = originals(message);
  if (changed.empty())
    return refuse(message.business.line, "không nêu văn bản nào được thu hồi, cập nhật hay thay thế (DocumentId)",
                  "it does not say which document is recalled, updated or replaced (DocumentId)");
  const std::string party = party_or_code(message.from.organ_id, organisations);
  const std::string original = to_text(original_uuid(party, changed.front()));
  const std::string replacing = to_text(new_document(message, changed, party, organisations));
  const std::string& reason = message.business.reason;
  switch (message.business.kind) {
    case BusinessKind::recall:
      return ChangeDocument{"recall/1",
                            "Thu hồi văn bản " + original,
                            {{"document_id", original}, {"reason", meaning(reason, kRecallMeanings, "sent-in-error")}}};
    case BusinessKind::update:
      return ChangeDocument{"update/1",
                            "Cập nhật văn bản " + original,
                            {{"document_id", original},
                             {"new_document_id", replacing},
                             {"reason", meaning(reason, kUpdateMeanings, "supplement")}}};
    default:
      break;
  }
  constexpr std::size_t kReplacedMax = 50;  // of replacement/1
  if (changed.size() > kReplacedMax)
    return tl::unexpected(beyond(message.business.line, "số văn bản bị thay thế", "documents replaced", kReplacedMax));
  nlohmann::json replaced = nlohmann::json::array();
  for (const std::string& id : changed) replaced.push_back(to_text(original_uuid(party, id)));
  return ChangeDocument{"replacement/1",
                        "Văn bản " + replacing + " thay thế văn bản đã gửi",
                        {{"new_document_id", replacing},
                         {"replaced_document_ids", std::move(replaced)},
                         {"reason", meaning(reason, kReplaceMeanings, "wrong-content")}}};
}

}  // namespace hub::edxml
