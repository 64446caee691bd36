#include "hub/app/top_screen.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "hub/app/table.hpp"
#include "hub/base/time.hpp"

namespace hub::app {
namespace {

using StatusJson = nlohmann::ordered_json;

constexpr std::size_t kEndpointColumns = 34;

// "hub_documents_total{outcome=…} 3": the labels, and the value.
template <class Take>
void each_sample(std::string_view metrics, std::string_view name, const Take& take) {
  while (!metrics.empty()) {
    const std::size_t end = std::min(metrics.find('\n'), metrics.size());
    const std::string_view line = metrics.substr(0, end);
    metrics.remove_prefix(std::min(end + 1, metrics.size()));
    const std::size_t space = line.rfind(' ');
    if (!line.starts_with(name) || space == line.npos) continue;
    const std::string_view labels = line.substr(name.size(), space - name.size());
    if (labels.empty() || labels.front() == '{') take(labels, std::strtod(std::string(line.substr(space + 1)).c_str(), nullptr));
  }
}

// "3 d 4 h", "12 m 5 s": two units at most.
std::string span_text(std::int64_t micros) {
  const std::int64_t s = std::max<std::int64_t>(0, micros / kMicrosPerSecond);
  const auto two = [](std::int64_t large, const char* name, std::int64_t small, const char* small_name) {
    return std::to_string(large) + name + (small == 0 ? "" : " " + std::to_string(small) + small_name);
  };
  if (s < 60) return std::to_string(s) + "s";
  if (s < 3'600) return two(s / 60, "m", s % 60, "s");
  if (s < 48 * 3'600) return two(s / 3'600, "h", s / 60 % 60, "m");
  return two(s / 86'400, "d", s / 3'600 % 24, "h");
}

std::optional<UnixMicros> time_member(const StatusJson& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? std::nullopt : parse_rfc3339(found->get<std::string>());
}

std::string rate_text(double now, double before, double seconds) {
  char out[40];
  std::snprintf(out, sizeof out, "%.1f/min", seconds > 0 ? std::max(0.0, now - before) / seconds * 60 : 0.0);
  return out;
}

std::string traffic_line(const HubCounters& now, const std::optional<HubCounters>& before, double seconds) {
  const auto text = [&](double HubCounters::*member) {
    if (before) return rate_text(now.*member, (*before).*member, seconds);
    char out[40];
    std::snprintf(out, sizeof out, "%.0f", now.*member);
    return std::string(out);
  };
  return "documents  accepted " + text(&HubCounters::accepted) + "  refused " + text(&HubCounters::refused) +
         "   deliveries " + text(&HubCounters::delivered) + (before ? "" : "   since it started");
}

std::string ledger_text(const StatusJson& status) {
  if (!status.contains("ledger")) return "ledger missing";
  const StatusJson& ledger = status["ledger"];
  const std::uint64_t lag = ledger.value("lag_records", std::uint64_t{0});
  if (lag == 0) return "ledger level";
  return "ledger " + std::to_string(lag) + " records, " +
         span_text(static_cast<std::int64_t>(ledger.value("lag_seconds", 0.0) * kMicrosPerSecond)) + " behind";
}

struct EndpointLine {
  int trouble = 0;  // 2: gone, 1: something waits
  std::int64_t oldest = 0;
  std::string text;
};

EndpointLine endpoint_line(const StatusJson& endpoint, UnixMicros now) {
  const std::uint64_t waiting = endpoint.value("waiting", std::uint64_t{0});
  const std::uint64_t in_flight = endpoint.value("in_flight", std::uint64_t{0});
  const bool enabled = endpoint.value("enabled", true), connected = endpoint.value("connected", false);
  const auto oldest = time_member(endpoint, "oldest");
  EndpointLine out;
  out.trouble = (enabled && !connected ? 2 : 0) + (waiting + in_flight > 0 ? 1 : 0);
  out.oldest = oldest ? now.value - oldest->value : 0;
  char line[256];
  std::snprintf(line, sizeof line, "%-34.34s %-9s %8llu %8llu %8s %8llu", endpoint.value("endpoint", "").c_str(),
                !enabled ? "disabled" : endpoint.value("paused", false) ? "paused" : connected ? "connected" : "gone", static_cast<unsigned long long>(waiting),
                static_cast<unsigned long long>(in_flight), oldest ? span_text(out.oldest).c_str() : "-",
                static_cast<unsigned long long>(endpoint.value("receipts_pending", std::uint64_t{0})));
  static_assert(kEndpointColumns + 1 + 9 + 4 * 9 == kTableWidth);
  out.text = line;
  return out;
}

}  // namespace

HubCounters read_counters(const std::string& metrics) {
  HubCounters out;
  each_sample(metrics, "hub_documents_total", [&](std::string_view labels, double value) {
    (labels.find("outcome=\"accepted\"") != labels.npos ? out.accepted : out.refused) += value;
  });
  each_sample(metrics, "hub_deliveries_acknowledged_total", [&](std::string_view, double value) { out.delivered += value; });
  return out;
}

std::vector<std::string> top_lines(const StatusJson& status, const HubCounters& now,
                                   const std::optional<HubCounters>& before, double seconds) {
  const StatusJson& live = status.at("live");
  const StatusJson& journal = live.at("journal");
  const UnixMicros time = time_member(live, "time").value_or(UnixMicros(0));
  const std::uint64_t end = journal.value("end", std::uint64_t{0}), durable = journal.value("durable_end", std::uint64_t{0});
  std::vector<std::string> out;
  out.push_back(live.value("origin", "") + (live.value("demo", false) ? " (demo)" : "") + "  " + format_local(time) +
                " (+07)  up " + span_text(time.value - time_member(live, "started").value_or(time).value));
  out.push_back(traffic_line(now, before, seconds));
  std::string records = "journal " + std::to_string(durable) + " records durable, " + std::to_string(end - durable) + " not yet   " +
                        ledger_text(status);
  if (journal.value("low_on_space", false)) records += "   DISK FULL";
  out.push_back(records);
  out.emplace_back();
  char header[kTableWidth + 1];
  std::snprintf(header, sizeof header, "%-34s %-9s %8s %8s %8s %8s", "ENDPOINT", "STATE", "WAITING", "FLIGHT", "OLDEST", "RECEIPTS");
  out.emplace_back(header);
  std::vector<EndpointLine> endpoints;
  for (const StatusJson& endpoint : live.at("endpoints")) endpoints.push_back(endpoint_line(endpoint, time));
  std::stable_sort(endpoints.begin(), endpoints.end(), [](const EndpointLine& a, const EndpointLine& b) {
    return a.trouble != b.trouble ? a.trouble > b.trouble : a.oldest > b.oldest;
  });
  for (EndpointLine& one : endpoints) out.push_back(std::move(one.text));
  return out;
}

}  // namespace hub::app
