#include "hub/app/report_text.hpp"

#include <cstdio>

#include "hub/app/table.hpp"
#include "hub/base/time.hpp"

namespace hub::app {
namespace {

using ReportJson = nlohmann::ordered_json;
using ReportRows = std::vector<std::vector<std::string>>;

std::string member(const ReportJson& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string local_member(const ReportJson& object, const char* name) {
  const auto time = parse_rfc3339(member(object, name));
  return time ? format_local(*time) : std::string();
}

// "p50 / p95" in seconds.
std::string durations(const ReportJson& line, const char* name) {
  if (!line.contains(name)) return "-";
  char out[64];
  const auto seconds = [&](const char* percentile) { return line[name][percentile].value("seconds", 0.0); };
  std::snprintf(out, sizeof out, "%.3f / %.3f", seconds("p50"), seconds("p95"));
  return out;
}

std::string refusals(const ReportJson& line) {
  std::uint64_t count = 0;
  std::string codes;
  for (const auto& [code, of_code] : line["refused"].items()) {
    count += of_code.get<std::uint64_t>();
    codes += " " + code;
  }
  return std::to_string(count) + codes;
}

std::vector<std::string> line_row(const ReportJson& line, std::string what) {
  return {std::move(what),
          member(line, "sent"),
          refusals(line),
          member(line, "delivered") + ", " + durations(line, "to_deliver"),
          member(line, "answered") + ", " + durations(line, "to_answer"),
          member(line, "replays"),
          member(line, "readings")};
}

std::string document_of(const ReportJson& act) {
  if (act.contains("endpoint")) return member(act, "endpoint");
  if (act.contains("user")) return member(act, "role") + ": " + member(act, "user");
  if (!act.contains("document")) return member(act, "item") + " " + member(act, "item_id") + member(act, "storage_key");
  const ReportJson& document = act["document"];
  const std::string recipient = member(act, "recipient");
  return member(document, "position") + " " + member(document, "type") + " of " + member(document, "sender") +
         (recipient.empty() ? "" : " → " + recipient);
}

}  // namespace

std::string delivery_report_text(const ReportJson& report) {
  if (report["lines"].empty()) return "nothing was sent";
  ReportRows rows = {{"agreement, from → to", "sent", "refused", "delivered, p50 / p95 s", "answered, p50 / p95 s", "replays", "read"}};
  for (const ReportJson& line : report["lines"]) {
    std::string what = member(line, "agreement");
    if (line.contains("clause")) what += " §" + member(line, "clause");
    what += (what.empty() ? "" : " ") + member(line, "sender") + " → " + (line.contains("recipient") ? member(line, "recipient") : "?");
    rows.push_back(line_row(line, what));
  }
  rows.push_back(line_row(report["total"], "in all"));
  std::string out = table(rows);
  if (report.contains("next")) out += "\ncut; older documents: --before " + member(report, "next");
  return out;
}

std::string audit_text(const ReportJson& page) {
  if (page["acts"].empty()) return "nothing";
  ReportRows rows = {{"record", "time (+07)", "who", "what", "about", "reason"}};
  for (const ReportJson& act : page["acts"])
    rows.push_back({member(act, "position"), local_member(act, "time"), member(act, "actor"),
                    member(act, "action"), document_of(act), member(act, "reason")});
  return table(rows) + (page.contains("next") ? "\nmore: --before " + member(page, "next") : "");
}

std::string overreach_text(const ReportJson& overreach) {
  std::string out = std::to_string(overreach["unused"].size()) + " of " + member(overreach, "permissions") +
                    " permissions were not used";
  if (overreach.contains("counted_from")) out += ", as far as is known since " + local_member(overreach, "counted_from");
  if (!overreach["unused"].empty()) {
    ReportRows rows = {{"agreement", "clause", "type", "from", "to"}};
    for (const ReportJson& one : overreach["unused"])
      rows.push_back({member(one, "agreement") + " v" + member(one, "version"), member(one, "clause"), member(one, "type"),
                      member(one, "sender"), member(one, "recipient")});
    out += "\n\n" + table(rows);
  }
  if (!overreach["unneeded"].empty()) {
    ReportRows rows = {{"not needed", "agreement", "clause", "from", "to", "documents"}};
    for (const ReportJson& one : overreach["unneeded"])
      rows.push_back({member(one, "field"), member(one, "agreement"), member(one, "clause"), member(one, "sender"),
                      member(one, "recipient"), member(one, "documents")});
    out += "\n\n" + table(rows);
  }
  out += "\n\nbodies read:\n" + audit_text(overreach["readings"]);
  return out + "\n\nreplays:\n" + audit_text(overreach["replays"]);
}

}  // namespace hub::app
