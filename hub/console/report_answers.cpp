#include "hub/console/report_answers.hpp"

#include <nlohmann/json.hpp>

#include "hub/console/ledger_filter.hpp"
#include "hub/ledger/queries.hpp"
#include "hub/reports/address.hpp"
#include "hub/reports/delivery_report.hpp"
#include "hub/reports/overreach_report.hpp"

namespace hub::console {
namespace {

tl::unexpected<Error> bad_parameter(const std::string& name, const std::string& reason) {
  return fail(ErrorCode::parameter_invalid, {{"parameter", name}, {"reason", reason}});
}

struct ReportForm {
  std::string format = "json", table;
};

// Taken out of the parameters. The tables are those of csv; the first one is meant when none is named.
Result<ReportForm> take_form(Parameters& parameters, const char* first_table, const char* second_table) {
  ReportForm form{"json", first_table};
  if (const auto given = parameters.extract("format"); !given.empty()) form.format = given.mapped();
  if (form.format != "json" && form.format != "csv" && form.format != "html")
    return bad_parameter("format", "json, csv or html");
  const auto table = parameters.extract("table");
  if (table.empty()) return form;
  form.table = table.mapped();
  if (form.format != "csv") return bad_parameter("table", "only a csv file has one table");
  if (form.table != first_table && form.table != second_table)
    return bad_parameter("table", std::string(first_table) + " or " + second_table);
  return form;
}

Response download(std::string content_type, const std::string& file, std::string body) {
  Response response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file + "\"");
  return response;
}

std::vector<std::string_view> with_form(std::span<const std::string_view> filters) {
  std::vector<std::string_view> out(filters.begin(), filters.end());
  out.push_back("format");
  out.push_back("table");
  return out;
}

std::string next_address(const reports::DeliveryReport& report, const ReportForm& form) {
  ledger::SendingFilter filter = report.filter;
  filter.before = report.sendings.next;
  auto texts = ledger::texts_of(filter);
  texts.emplace_back("format", form.format);
  texts.emplace_back("table", form.table);
  return reports::address_of(reports::kDeliveriesPath, texts);
}

}  // namespace

std::span<const std::string_view> delivery_report_parameters() {
  static const auto kNames = with_form(ledger::sending_parameters());
  return kNames;
}

std::span<const std::string_view> overreach_report_parameters() {
  static const auto kNames = with_form(ledger::overreach_parameters());
  return kNames;
}

Response delivery_report_response(const std::string& path, const Parameters& parameters) {
  Parameters rest = parameters;
  const auto form = take_form(rest, "sendings", "lines");
  if (!form) return refused(form.error());
  const auto filter = read_filter<ledger::SendingFilter>(rest);
  if (!filter) return refused(filter.error());
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  auto sendings = (*queries)->sendings(*filter);
  if (!sendings) return refused(sendings.error());
  const reports::DeliveryReport report{*filter, std::move(*sendings)};
  if (form->format == "json") return json_response(reports::report_json(report));
  if (form->format == "html") {
    const auto names = (*queries)->names();
    if (!names) return refused(names.error());
    return download("text/html; charset=utf-8", "deliveries.html", reports::report_html(report, reports::names_of(*names)));
  }
  const bool has_lines = form->table == "lines";
  Response response = download("text/csv; charset=utf-8", has_lines ? "delivery-figures.csv" : "deliveries.csv",
                               has_lines ? reports::lines_csv(report) : reports::sendings_csv(report));
  if (report.sendings.next)
    response.headers.emplace_back("Link", "<" + next_address(report, *form) + ">; rel=\"next\"");
  return response;
}

Response overreach_response(const std::string& path, const Parameters& parameters, const SeenBy& seen_by) {
  Parameters rest = parameters;
  const auto form = take_form(rest, "unneeded", "unused");
  if (!form) return refused(form.error());
  auto question = read_filter<ledger::OverreachQuestion>(rest);
  if (!question) return refused(question.error());
  if (seen_by) question->party = *seen_by;
  if (question->party.empty())
    return refused({ErrorCode::parameter_invalid, {{"parameter", "party"}, {"reason", "name the party"}}});
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  const auto overreach = (*queries)->overreach(*question);
  if (!overreach) return refused(overreach.error());
  const auto report = reports::overreach_json(*question, *overreach);
  if (form->format == "json") return json_response(report);
  if (form->format == "csv")
    return form->table == "unused" ? download("text/csv; charset=utf-8", "unused-permissions.csv", reports::unused_csv(report))
                                   : download("text/csv; charset=utf-8", "unneeded-fields.csv", reports::unneeded_csv(report));
  const auto names = (*queries)->names();
  if (!names) return refused(names.error());
  return download("text/html; charset=utf-8", "overreach.html", reports::overreach_html(report, reports::names_of(*names)));
}

Response audit_response(const std::string& path, const Parameters& parameters) {
  const auto filter = read_filter<ledger::AuditFilter>(parameters);
  if (!filter) return refused(filter.error());
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  const auto page = (*queries)->audit(*filter);
  return page ? json_response(ledger::to_json(*page, "acts")) : refused(page.error());
}

}  // namespace hub::console
