#include "hub/reports/overreach_report.hpp"

#include "hub/ledger/queries.hpp"
#include "hub/ledger/report_texts.hpp"
#include "hub/reports/address.hpp"
#include "hub/reports/csv.hpp"

namespace hub::reports {
namespace {

using OverreachJson = nlohmann::ordered_json;

constexpr const char* kDocumentsPath = "/api/v1/documents";

std::string text_of(const OverreachJson& row, const char* name) {
  const OverreachJson& value = row.at(name);
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The members of each row, as they are named.
std::string rows_csv(const OverreachJson& rows, const std::vector<std::string>& columns) {
  std::string out(kCsvMark);
  out += csv_row(columns);
  for (const OverreachJson& row : rows) {
    std::vector<std::string> cells;
    for (const std::string& name : columns) cells.push_back(text_of(row, name.c_str()));
    out += csv_row(cells);
  }
  return out;
}

}  // namespace

OverreachJson overreach_json(const ledger::OverreachQuestion& question, const ledger::Overreach& overreach) {
  OverreachJson out = {{"position", overreach.position.value}};
  if (overreach.time) out["time"] = format_rfc3339(*overreach.time);
  for (const auto& [name, text] : ledger::texts_of(question)) out[name] = text;
  out["permissions"] = overreach.permissions;
  if (overreach.counted_from) out["counted_from"] = format_rfc3339(*overreach.counted_from);
  out["unused"] = OverreachJson::array();
  for (const ledger::ClausePermission& one : overreach.unused)
    out["unused"].push_back({{"agreement", one.agreement},
                             {"version", one.version},
                             {"clause", one.clause},
                             {"type", one.type},
                             {"sender", one.sender},
                             {"recipient", one.recipient}});
  out["unneeded"] = OverreachJson::array();
  for (const ledger::UnneededField& one : overreach.unneeded)
    out["unneeded"].push_back(
        {{"agreement", one.agreement},
         {"clause", one.clause},
         {"sender", one.sender},
         {"recipient", one.recipient},
         {"field", one.field},
         {"documents", one.documents},
         {"records", address_of(kDocumentsPath, ledger::texts_of(ledger::documents_of(one, question, overreach)))}});
  out["readings"] = to_json(overreach.readings, "acts");
  out["replays"] = to_json(overreach.replays, "acts");
  return out;
}

std::string unneeded_csv(const OverreachJson& report) {
  return rows_csv(report.at("unneeded"), {"agreement", "clause", "sender", "recipient", "field", "documents", "records"});
}

std::string unused_csv(const OverreachJson& report) {
  return rows_csv(report.at("unused"), {"agreement", "version", "clause", "type", "sender", "recipient"});
}

}  // namespace hub::reports
