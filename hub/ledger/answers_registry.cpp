// The JSON of what is registered, and of who sent what to whom.
#include "hub/ledger/answers.hpp"

namespace hub::ledger {
namespace {

using Json = nlohmann::ordered_json;

Json label_json(const Label& label) { return {{"id", label.id}, {"vi", label.vi}, {"en", label.en}}; }

Json labels_json(const std::vector<Label>& labels) {
  Json out = Json::array();
  for (const Label& label : labels) out.push_back(label_json(label));
  return out;
}

Json agreement_json(const AgreementName& agreement) {
  Json out = label_json(agreement.title);
  out["version"] = agreement.version;
  out["directed"] = agreement.directed;
  out["in_force"] = {{"from", agreement.in_force_from}};
  if (!agreement.in_force_until.empty()) out["in_force"]["until"] = agreement.in_force_until;
  out["contact"] = agreement.contact;
  return out;
}

}  // namespace

Json to_json(const Flows& flows) {
  Json out = {{"documents", flows.documents}};
  if (flows.counted_from) out["counted_from"] = format_rfc3339(*flows.counted_from);
  if (flows.more) out["more"] = true;
  out["flows"] = Json::array();
  for (const Flow& flow : flows.rows) {
    Json row = {{"sender", flow.sender}};
    if (!flow.recipient.empty()) row["recipient"] = flow.recipient;
    row.update({{"type", flow.type}, {"accepted", flow.accepted}, {"refused", flow.refused}, {"late", flow.late}});
    out["flows"].push_back(std::move(row));
  }
  return out;
}

Json to_json(const Names& names) {
  Json out = {{"parties", labels_json(names.parties)}, {"types", labels_json(names.types)}, {"agreements", Json::array()}};
  for (const AgreementName& agreement : names.agreements) out["agreements"].push_back(agreement_json(agreement));
  return out;
}

Json to_json(const AgreementHistory& history) {
  Json out = {{"versions", Json::array()}, {"use", Json::array()}};
  for (const AgreementVersion& version : history.versions)
    out["versions"].push_back({{"position", version.position.value},
                               {"time", format_rfc3339(version.time)},
                               {"actor", version.actor},
                               {"text", Json::parse(version.canonical)}});
  for (const ClauseUse& use : history.use) {
    Json row = {{"version", use.version}};
    if (!use.clause.empty()) row["clause"] = use.clause;
    row.update({{"accepted", use.accepted}, {"refused", use.refused}});
    out["use"].push_back(std::move(row));
  }
  return out;
}

}  // namespace hub::ledger
