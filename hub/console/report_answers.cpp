#include "hub/console/report_answers.hpp"

#include <nlohmann/json.hpp>

#include "hub/console/ledger_filter.hpp"
#include "hub/ledger/queries.hpp"
#include "hub/reports/address.hpp"
#include "hub/reports/delivery_report.hpp"

namespace hub::console {
namespace {

tl::unexpected<Error> bad_parameter(const std::string& name, const std::string& reason) {
  return fail(ErrorCode::parameter_invalid, {{"parameter", name}, {"reason", reason}});
}

struct ReportForm {
  std::string format = "json", table = "sendings";
};

// Taken out of the parameters.
Result<ReportForm> take_form(Parameters& parameters) {
  ReportForm form;
  if (const auto given = parameters.extract("format"); !given.empty()) form.format = given.mapped();
  if (form.format != "json" && form.format != "csv" && form.format != "html")
    return bad_parameter("format", "json, csv or html");
  const auto table = parameters.extract("table");
  if (table.empty()) return form;
  form.table = table.mapped();
  if (form.format != "csv") return bad_parameter("table", "only a csv file has one table");
  if (form.table != "sendings" && form.table != "lines") return bad_parameter("table", "sendings or lines");
  return form;
}

Response download(std::string content_type, const std::string& file, std::string body) {
  Response response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file + "\"");
  return response;
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
  static const std::vector<std::string_view> kNames = [] {
    const auto filters = ledger::sending_parameters();
    std::vector<std::string_view> out(filters.begin(), filters.end());
    out.push_back("format");
    out.push_back("table");
    return out;
  }();
  return kNames;
}

Response delivery_report_response(const std::string& path, const Parameters& parameters) {
  Parameters rest = parameters;
  const auto form = take_form(rest);
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
  auto question = read_filter<ledger::OverreachQuestion>(parameters);
  if (!question) return refused(question.error());
  if (seen_by) question->party = *seen_by;
  if (question->party.empty())
    return refused({ErrorCode::parameter_invalid, {{"parameter", "party"}, {"reason", "name the party"}}});
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  const auto overreach = (*queries)->overreach(*question);
  return overreach ? json_response(ledger::to_json(*overreach)) : refused(overreach.error());
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
