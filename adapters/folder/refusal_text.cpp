#include "adapters/folder/refusal_text.hpp"

#include <algorithm>
#include <sstream>

#include "adapters/folder/status_files.hpp"

namespace hub::folder {
namespace {

struct Labels {
  std::string_view refused, document, number, sending, reason, considered, action, contact, evidence, position, no_record;
  std::string_view considered_fact;
};

constexpr Labels kVietnamese = {"KHÔNG ĐƯỢC CHẤP NHẬN: ",
                                "Văn bản:    ",
                                ", số ",
                                "Gửi:        ",
                                "Lý do:      ",
                                "Đã xét:     ",
                                "Cần làm:    ",
                                "Liên hệ:    ",
                                "Bằng chứng: ",
                                "vị trí {position} trong sổ ghi, {time}",
                                "không có; tệp chưa được gửi đến trung tâm",
                                "considered_vi"};
constexpr Labels kEnglish = {"NOT ACCEPTED: ",
                             "Document:   ",
                             ", no. ",
                             "Sending:    ",
                             "Reason:     ",
                             "Considered: ",
                             "To do:      ",
                             "Contact:    ",
                             "Evidence:   ",
                             "position {position} in the journal, {time}",
                             "none; the hub holds no record of this file",
                             "considered_en"};

struct Refusal {
  std::string recipient;  // empty: the document as a whole
  std::string code;
  std::vector<Fact> facts;
};

// A refused document names its reason as a whole, or one for each recipient.
std::vector<Refusal> refusals(const Answer& answer) {
  std::vector<Refusal> out;
  for (const RecipientOutcome& r : answer.recipients)
    if (r.outcome != wire::kAccepted) out.push_back({r.party, r.outcome, r.facts});
  if (out.empty()) out.push_back({"", answer.outcome, answer.facts});
  if (answer.recipients.size() == 1) out[0].recipient.clear();
  return out;
}

std::string first_lower(std::string_view title) {
  std::string out(title);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

// A code of a newer hub has no text here: the code itself has to do.
struct Words {
  std::string title, reason, action;
  bool names_contact = false;  // the action says already whom to ask
};
Words words_for(const Refusal& refusal, Language language) {
  const auto code = error_code(refusal.code);
  if (!code) return {refusal.code, refusal.code, refusal.code, false};
  const CatalogueEntry& entry = catalogue_entry(*code);
  const ErrorTexts& texts = language == Language::vietnamese ? entry.vietnamese : entry.english;
  return {first_lower(texts.title), fill(texts.reason, refusal.facts), fill(texts.action, refusal.facts),
          texts.action.find("{contact}") != texts.action.npos};
}

std::string with_recipient(const Refusal& refusal, const std::string& text) {
  return refusal.recipient.empty() ? text : refusal.recipient + ": " + text;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, " ");
  return digits;
}

std::string refusal_text(const Description& document, const Answer& answer, Language language) {
  const Labels& labels = language == Language::vietnamese ? kVietnamese : kEnglish;
  const auto all = refusals(answer);
  const Words head = words_for(all[0], language);
  std::string out;
  const auto line = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) out.append(label).append(text).append("\n");
  };
  line(labels.refused, head.title + " (" + all[0].code + ")");
  const std::string& subject = document.subject.empty() ? document.file : document.subject;
  line(labels.document, document.docnumber.empty() ? subject
                                                   : subject + std::string(labels.number) + document.docnumber);
  if (!document.to.empty()) line(labels.sending, document.source + " → " + document.to);
  for (const Refusal& refusal : all) {
    line(labels.reason, with_recipient(refusal, words_for(refusal, language).reason));
    for (const Fact& fact : refusal.facts) {
      if (fact.name != labels.considered_fact) continue;
      std::istringstream lines(fact.value);  // what each agreement says, a line each
      for (std::string one; std::getline(lines, one);) line(labels.considered, one);
    }
  }
  std::vector<std::string> actions, contacts;  // the same advice for several recipients stands once
  for (const Refusal& refusal : all) {
    const Words words = words_for(refusal, language);
    if (std::find(actions.begin(), actions.end(), words.action) == actions.end()) actions.push_back(words.action);
    const auto contact = std::find_if(refusal.facts.begin(), refusal.facts.end(),
                                      [](const Fact& fact) { return fact.name == "contact"; });
    if (contact != refusal.facts.end() && !words.names_contact &&
        std::find(contacts.begin(), contacts.end(), contact->value) == contacts.end())
      contacts.push_back(contact->value);
  }
  for (const std::string& action : actions) line(labels.action, action);
  for (const std::string& contact : contacts) line(labels.contact, contact);
  line(labels.evidence, answer.recorded()
                            ? fill(labels.position, {{"position", grouped(answer.position.value)},
                                                     {"time", format_local(answer.time)}})
                            : std::string(labels.no_record));
  return out;
}

std::vector<NamedText> refusal_files(const AgencyFolder& folder, const Description& document, const Answer& answer,
                                     const std::string& stem) {
  return {{&folder.refused, stem + ".vi.txt", refusal_text(document, answer, Language::vietnamese)},
          {&folder.refused, stem + ".en.txt", refusal_text(document, answer, Language::english)},
          {&folder.refused, stem + ".refusal.json", refusal_json(document, answer)}};
}

}  // namespace hub::folder
