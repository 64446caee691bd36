#include "hub/app/receipt_text.hpp"

#include "hub/base/error_catalogue.hpp"
#include "hub/base/error_json.hpp"
#include "hub/base/time.hpp"

namespace hub::app {
namespace {

using evidence::Step;

struct Words {
  std::string_view vi, en;
};

const std::string* fact(const evidence::Finding& finding, std::string_view name) {
  for (const Fact& f : finding.facts)
    if (f.name == name) return &f.value;
  return nullptr;
}
bool says(const evidence::Finding& finding, std::string_view name, std::string_view value) {
  const std::string* found = fact(finding, name);
  return found != nullptr && *found == value;
}

Words words_of_decision(const evidence::Finding& f) {
  if (fact(f, "recipient") != nullptr) {
    if (says(f, "outcome", "accepted"))
      return {"Gửi {recipient} (đơn vị nhận: {actual}): được phép theo khoản {clause} của {agreement}, phiên bản {version}",
              "To {recipient} (received by {actual}): permitted by clause {clause} of {agreement} version {version}"};
    if (says(f, "agreement", "")) return {"Gửi {recipient}: bị từ chối ({outcome})", "To {recipient}: refused ({outcome})"};
    return {"Gửi {recipient}: bị từ chối ({outcome}); khoản gần nhất là {clause} của {agreement}, phiên bản {version}",
            "To {recipient}: refused ({outcome}); the nearest clause is {clause} of {agreement} version {version}"};
  }
  if (fact(f, "refusal") != nullptr)
    return {"Trung tâm từ chối văn bản {document} ({type}) của {sender} lúc {time}: {refusal}",
            "The hub refused document {document} ({type}) of {sender} at {time}: {refusal}"};
  if (says(f, "outcome", "refused"))
    return {"Trung tâm từ chối văn bản {document} ({type}) của {sender} lúc {time}",
            "The hub refused document {document} ({type}) of {sender} at {time}"};
  return {"Trung tâm tiếp nhận văn bản {document} ({type}) của {sender} lúc {time}",
          "The hub accepted document {document} ({type}) of {sender} at {time}"};
}

Words words_of_event(const evidence::Finding& f) {
  if (says(f, "effective", "false"))
    return {"{endpoint} báo trạng thái \"{status}\" cho kết quả số {outcome}; không làm thay đổi gì",
            "{endpoint} reported \"{status}\" for outcome {outcome}; it changed nothing"};
  if (!says(f, "reason", ""))
    return {"{endpoint} báo trạng thái \"{status}\" cho kết quả số {outcome}, lý do: {reason}",
            "{endpoint} reported \"{status}\" for outcome {outcome}, reason: {reason}"};
  return {"{endpoint} xác nhận trạng thái \"{status}\" cho kết quả số {outcome}",
          "{endpoint} confirmed \"{status}\" for outcome {outcome}"};
}

Words words_of(const evidence::Finding& f) {
  switch (f.step) {
    case Step::checkpoint:
      return {"Điểm chốt sổ của {origin}, {size} bản ghi, có chữ ký của khóa sổ ghi",
              "Checkpoint of {origin}, {size} records, signed by the tree key"};
    case Step::record:
      return {"Bản ghi {position} ({kind}, {time}) nằm trong sổ ghi đó", "Record {position} ({kind}, {time}) is in that log"};
    case Step::event: return words_of_event(f);
    case Step::decision: return words_of_decision(f);
    case Step::document: return {"Đúng văn bản đang có (SHA-256 {digest})", "It is the document at hand (SHA-256 {digest})"};
    case Step::signature: return {"{sender} đã ký văn bản bằng khóa {key}", "{sender} signed the document with key {key}"};
    case Step::certificate:
      return {"Khóa gốc của {party} ({root}) chứng nhận khóa ký từ {from} đến {until}",
              "The root key of {party} ({root}) certifies the signing key from {from} until {until}"};
    case Step::agreement:
      if (says(f, "compared", "true"))
        return {"{agreement}, phiên bản {version} (bản ghi {position}), có khoản {clause} và nêu đúng khóa gốc đó; trùng với bản đang có",
                "{agreement} version {version} (record {position}) has clause {clause} and names that root key; it is the copy at "
                "hand"};
      return {"{agreement}, phiên bản {version} (bản ghi {position}), có khoản {clause} và nêu đúng khóa gốc đó; hãy so SHA-256 với bản đã ký: {digest}",
              "{agreement} version {version} (record {position}) has clause {clause} and names that root key; compare its "
              "SHA-256 with your signed copy: {digest}"};
  }
  return {};
}

// Times as people here read them.
std::vector<Fact> for_people(std::vector<Fact> facts) {
  for (Fact& f : facts)
    if (f.name == "time" || f.name == "from" || f.name == "until")
      if (const auto time = parse_rfc3339(f.value)) f.value = format_local(*time) + " (+07)";
  return facts;
}

}  // namespace

std::string verdict_text(const evidence::Verdict& verdict) {
  std::string out;
  std::size_t number = 0;
  for (const evidence::Finding& finding : verdict.findings) {
    const Words words = words_of(finding);
    const std::vector<Fact> facts = for_people(finding.facts);
    const std::string start = std::to_string(++number);
    out += (out.empty() ? "" : "\n") + start + ". " + fill(words.vi, facts) + ".\n" +
           std::string(start.size() + 2, ' ') + fill(words.en, facts) + ".";
  }
  return out;
}

nlohmann::ordered_json verdict_json(const evidence::Verdict& verdict) {
  nlohmann::ordered_json steps = nlohmann::ordered_json::array();
  for (const evidence::Finding& finding : verdict.findings) {
    nlohmann::ordered_json step = {{"step", evidence::name_of(finding.step)}};
    for (const Fact& f : finding.facts) step[f.name] = f.value;
    steps.push_back(std::move(step));
  }
  nlohmann::ordered_json out = {{"ok", !verdict.failure}, {"steps", std::move(steps)}};
  if (verdict.failure) out["error"] = to_json(*verdict.failure);
  return out;
}

}  // namespace hub::app
