#include "hub/app/ledger_text.hpp"

#include <algorithm>

#include "hub/app/table.hpp"
#include "hub/base/time.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

std::string text(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

// "2024-03-12 08:00:00", Vietnamese time; empty when it is not there.
std::string local(const Json& object, const char* name) {
  const auto time = parse_rfc3339(text(object, name));
  return time ? format_local(*time) : std::string();
}

std::string more(const Json& page) {
  return page.contains("next") ? "\nmore: --before " + text(page, "next") : std::string();
}

std::string recipient(const Json& outcome) {
  const std::string addressed = text(outcome, "addressed"), actual = text(outcome, "actual");
  return addressed == actual || actual.empty() ? addressed : addressed + " (rerouted to " + actual + ")";
}

std::string outcome_state(const Json& outcome) {
  return outcome.contains("state") ? text(outcome, "state") : text(outcome, "outcome");
}

std::string clause(const Json& outcome) {
  if (!outcome.contains("agreement")) return {};
  const std::string id = text(outcome, "clause");
  return text(outcome, "agreement") + " v" + text(outcome, "version") + (id.empty() ? "" : " §" + id);
}

std::string unneeded(const Json& outcome) {
  std::string out;
  for (const Json& field : outcome.value("unneeded", Json::array()))
    out.append(out.empty() ? ", without need " : ", ").append(field.get<std::string>());
  return out;
}

// "→ btg.huyen delivered, → vks.huyen pending", or why the document was refused as a whole.
std::string became(const Json& document) {
  std::string out = document.contains("refusal") ? "refused: " + text(document, "refusal") : std::string();
  for (const Json& outcome : document["outcomes"])
    out += (out.empty() ? "→ " : ", → ") + recipient(outcome) + " " + outcome_state(outcome);
  return out;
}

}  // namespace

std::string documents_text(const Json& page) {
  if (page["documents"].empty()) return "no document";
  Rows rows = {{"position", "time (+07)", "from", "type, subject", "to, state"}};
  for (const Json& d : page["documents"])
    rows.push_back({text(d, "position"), local(d, "time"), text(d, "sender"),
                    text(d, "type") + " " + text(d, "subject"), became(d)});
  return table(rows) + more(page);
}

std::string deliveries_text(const Json& page) {
  if (page["deliveries"].empty()) return "no delivery";
  Rows rows = {{"delivery", "from", "to", "state", "since (+07)", "cause"}};
  for (const Json& l : page["deliveries"])
    rows.push_back({text(l, "id"), text(l, "sender"), text(l, "recipient"), text(l, "state"), local(l, "since"),
                    text(l, "cause")});
  return table(rows) + more(page);
}

std::string causes_text(const Json& causes) {
  if (causes["causes"].empty()) return "no delivery with a failure";
  Rows rows = {{"cause", "deliveries", "oldest (+07)", "newest (+07)"}};
  for (const Json& c : causes["causes"])
    rows.push_back({text(c, "cause"), text(c, "count"), local(c, "oldest"), local(c, "newest")});
  return table(rows);
}

namespace {

// What happened, by the position of the record that says so.
struct Moment {
  std::uint64_t position;
  std::string time, what;
};

void add_events(std::vector<Moment>& moments, const Json& delivery) {
  for (const Json& event : delivery["events"]) {
    std::string what = text(event, "status") + ": " + text(delivery, "recipient");
    if (event.contains("actor")) what += ", by " + text(event, "actor");
    for (const char* name : {"cause", "reason"})
      if (event.contains(name)) what += ", " + text(event, name);
    if (event.contains("reported_time")) what += ", at " + local(event, "reported_time") + " by its own clock";
    if (event.contains("effective")) what += " (changed nothing)";
    moments.push_back({event["record"].get<std::uint64_t>(), local(event, "time"), what});
  }
}

std::vector<Moment> moments_of(const Json& trace) {
  const Json& document = trace["document"];
  std::vector<Moment> moments;
  for (const Json& related : trace["related"]) {
    const Json& other = related["document"];
    moments.push_back(
        {other["position"].get<std::uint64_t>(), local(other, "time"),
         text(related, "relation") + ": " + text(other, "type") + " " + text(other, "sender") + " " + became(other)});
  }
  if (trace.contains("batch")) {
    const Json& batch = trace["batch"];
    moments.push_back({batch["position"].get<std::uint64_t>(), local(batch, "time"),
                       "batch of " + text(batch, "count") + " received from " + text(batch, "endpoint") +
                           ", signed with key " + text(batch, "key_id")});
  }
  std::string decided = document["accepted"].get<bool>() ? "accepted" : "refused";
  if (document.contains("refusal")) decided += ": " + text(document, "refusal");
  moments.push_back({document["position"].get<std::uint64_t>(), local(document, "time"), decided});
  for (const Json& delivery : trace["deliveries"]) add_events(moments, delivery);
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.position < b.position; });
  return moments;
}

void put(Rows& rows, const char* name, const std::string& value) {
  if (!value.empty()) rows.push_back({name, value});
}

}  // namespace

std::string trace_text(const Json& trace) {
  const Json& d = trace["document"];
  Rows facts;
  put(facts, "document", text(d, "id"));
  put(facts, "position", text(d, "position"));
  put(facts, "type", text(d, "type"));
  put(facts, "subject", text(d, "subject"));
  put(facts, "number", text(d, "number"));
  put(facts, "from", text(d, "sender") + ", endpoint " + text(d, "endpoint"));
  put(facts, "signed", local(d, "document_time") + " (+07)");
  put(facts, "deliver at", local(d, "deliver_at"));
  if (text(d, "conversation") != text(d, "id")) put(facts, "conversation", text(d, "conversation"));
  if (trace.contains("case_references"))
    for (const Json& reference : trace["case_references"]) put(facts, "case", reference.get<std::string>());
  put(facts, "leaf", text(trace, "leaf"));
  put(facts, "digest", text(trace, "digest"));
  if (trace.contains("facts"))
    for (const auto& [name, value] : trace["facts"].items()) put(facts, name.c_str(), value.get<std::string>());
  std::string out = table(facts);

  if (!d["outcomes"].empty()) {
    Rows outcomes = {{"to", "outcome", "clause", "state"}};
    for (const Json& o : d["outcomes"])
      outcomes.push_back({recipient(o), text(o, "outcome"), clause(o) + unneeded(o),
                          o.contains("state") ? text(o, "state") + " since " + local(o, "since") : std::string()});
    out += "\n\n" + table(outcomes);
  }
  Rows timeline = {{"time (+07)", "record", "what"}};
  for (const Moment& m : moments_of(trace)) timeline.push_back({m.time, std::to_string(m.position), m.what});
  return out + "\n\n" + table(timeline);
}

namespace {

std::string counts(const Json& object) {
  std::string out;
  for (const auto& [name, count] : object.items()) out += (out.empty() ? "" : ", ") + name + " " + count.dump();
  return out;
}

std::string lag(const Json& status) {
  if (!status.contains("lag_records")) return "unknown: the journal is not at hand";
  if (status["lag_records"] == 0) return "none: everything durable is in";
  std::string out = text(status, "lag_records") + " records";
  if (!status.contains("lag_seconds")) return out;
  return out + ", " + std::to_string(static_cast<std::int64_t>(status["lag_seconds"].get<double>())) + " s";
}

}  // namespace

std::string status_text(const Json& s) {
  Rows rows;
  put(rows, "hub", text(s, "origin") + (s["demo"].get<bool>() ? " (demonstration data)" : ""));
  put(rows, "journal", text(s, "journal_id"));
  put(rows, "ledger",
      "position " + text(s, "position") + (s.contains("time") ? ", " + local(s, "time") + " (+07)" : ""));
  put(rows, "lag", lag(s));
  if (s.contains("hub_running")) put(rows, "by its records", s["hub_running"].get<bool>() ? "running" : "stopped");
  put(rows, "documents",
      text(s, "documents") + ": accepted " + text(s, "accepted") + ", refused " + text(s, "refused"));
  put(rows, "refusals", counts(s["refusals"]));
  put(rows, "deliveries", counts(s["deliveries"]));
  std::string out = table(rows);
  if (s["endpoints"].empty()) return out;
  Rows endpoints = {{"endpoint", "connection", "since (+07)", "pending", "oldest (+07)"}};
  for (const Json& e : s["endpoints"]) {
    const bool enabled = e["enabled"].get<bool>(), connected = e["connected"].get<bool>();
    std::string connection = !enabled ? "disabled" : connected ? "connected" : e.contains("since") ? "silent" : "never";
    if (e.value("paused", false)) connection += ", paused";
    endpoints.push_back({text(e, "id"), connection, local(e, "since"), text(e, "pending"), local(e, "oldest_pending")});
  }
  return out + "\n\n" + table(endpoints);
}

}  // namespace hub::app
