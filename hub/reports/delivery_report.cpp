#include "hub/reports/delivery_report.hpp"

#include "hub/ledger/report_texts.hpp"
#include "hub/reports/address.hpp"
#include "hub/reports/report_lines.hpp"

namespace hub::reports {
namespace {

using ReportJson = nlohmann::ordered_json;

ReportJson percentile_json(const Percentile& one) {
  return {{"seconds", static_cast<double>(one.micros) / kMicrosPerSecond}, {"document", one.document.value}};
}

ReportJson figures_json(const ReportLine& line) {
  ReportJson refused = ReportJson::object();
  for (const auto& [code, count] : line.refused) refused[code] = count;
  ReportJson out = {{"sent", line.sent},           {"accepted", line.accepted}, {"refused", std::move(refused)},
                    {"delivered", line.delivered}, {"answered", line.answered}, {"replays", line.replays},
                    {"readings", line.readings.size()}};
  for (const auto& [name, times] : {std::pair("to_deliver", line.to_deliver), std::pair("to_answer", line.to_answer)})
    if (times) out[name] = {{"p50", percentile_json(times->p50)}, {"p95", percentile_json(times->p95)}};
  return out;
}

// The same report of one line alone. A report that was cut begins at its oldest document, and so do its addresses.
ledger::SendingFilter filter_of(const ReportLine& line, const DeliveryReport& report) {
  const auto exact = [](const std::string& name) { return name.empty() ? std::string(ledger::kNone) : name; };
  ledger::SendingFilter out;
  out.from = report.filter.from;
  out.until = report.filter.until;
  out.before = report.filter.before;
  out.from_position = report.sendings.next ? report.sendings.next : report.filter.from_position;
  out.outcome = report.filter.outcome;
  out.reached = report.filter.reached;
  out.party = report.filter.party;
  out.agreement = exact(line.agreement);
  out.clause = exact(line.clause);
  out.sender = line.sender;
  out.recipient = exact(line.recipient);
  return out;
}

// Where the rows are that each figure of a line counts; a figure that is 0 has none.
ReportJson records_json(const ReportLine& line, const DeliveryReport& report) {
  ReportJson out = ReportJson::object();
  const auto put_address = [&](const std::string& figure, std::uint64_t count, const char* outcome, const char* reached) {
    if (count == 0) return;
    ledger::SendingFilter filter = filter_of(line, report);
    if (outcome != nullptr) filter.outcome = outcome;
    if (reached != nullptr) filter.reached.emplace_back(reached);
    out[figure] = address_of(kDeliveriesPath, ledger::texts_of(filter));
  };
  put_address("sent", line.sent, nullptr, nullptr);
  put_address("accepted", line.accepted, "accepted", nullptr);
  for (const auto& [code, count] : line.refused) put_address("refused " + code, count, code.c_str(), nullptr);
  put_address("delivered", line.delivered, nullptr, "delivered");
  put_address("answered", line.answered, nullptr, "answered");
  put_address("replays", line.replays, nullptr, "replayed");
  put_address("readings", line.readings.size(), nullptr, "read");
  return out;
}

ReportJson line_json(const ReportLine& line, const DeliveryReport& report) {
  ReportJson out = ReportJson::object();
  for (const auto& [name, text] : {std::pair("agreement", &line.agreement), std::pair("clause", &line.clause),
                                   std::pair("sender", &line.sender), std::pair("recipient", &line.recipient)})
    if (!text->empty()) out[name] = *text;
  out.update(figures_json(line));
  out["records"] = records_json(line, report);
  return out;
}

}  // namespace

ReportNames names_of(const ledger::Names& names) {
  ReportNames out;
  for (const ledger::Label& one : names.parties) out.parties[one.id] = one.vi;
  for (const ledger::Label& one : names.types) out.types[one.id] = one.vi;
  for (const ledger::AgreementName& one : names.agreements) out.agreements[one.title.id] = one.title.vi;
  return out;
}

ReportNames names_of(const ReportJson& names) {
  ReportNames out;
  for (const auto& [name, labels] :
       {std::pair("parties", &out.parties), std::pair("types", &out.types), std::pair("agreements", &out.agreements)})
    for (const ReportJson& one : names.value(name, ReportJson::array())) (*labels)[one.value("id", "")] = one.value("vi", "");
  return out;
}

ReportJson report_json(const DeliveryReport& report) {
  ReportJson out = {{"position", report.sendings.position.value}};
  if (report.sendings.time) out["time"] = format_rfc3339(*report.sendings.time);
  for (const auto& [name, text] : ledger::texts_of(report.filter)) out[name] = text;
  out["total"] = figures_json(total_of(report.sendings.rows));
  out["lines"] = ReportJson::array();
  for (const ReportLine& line : lines_of(report.sendings.rows)) out["lines"].push_back(line_json(line, report));
  out["readings"] = ReportJson::array();
  for (const ledger::BodyReading& one : report.sendings.readings) out["readings"].push_back(ledger::to_json(one));
  out["sendings"] = ReportJson::array();
  for (const ledger::Sending& one : report.sendings.rows) out["sendings"].push_back(ledger::to_json(one));
  if (report.sendings.next) out["next"] = report.sendings.next->value;
  return out;
}

Result<void> add_page(const ReportJson& page, ledger::Sendings& out) {
  // What became of documents is told as of the first page: the later ones are about older documents.
  if (!out.time && page.contains("time")) {
    out.position = Position(page.value("position", std::uint64_t{0}));
    out.time = parse_rfc3339(page.value("time", ""));
  }
  for (const ReportJson& one : page.value("sendings", ReportJson::array())) {
    auto row = ledger::sending_from_json(one);
    if (!row) return tl::unexpected(row.error());
    out.rows.push_back(std::move(*row));
  }
  for (const ReportJson& one : page.value("readings", ReportJson::array())) {
    auto reading = ledger::reading_from_json(one);
    if (!reading) return tl::unexpected(reading.error());
    out.readings.push_back(std::move(*reading));
  }
  out.next.reset();
  if (page.contains("next")) out.next = Position(page.value("next", std::uint64_t{0}));
  return {};
}

}  // namespace hub::reports
