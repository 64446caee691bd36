#include "hub/console/exposition.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "hub/base/error_catalogue.hpp"

namespace hub::console {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

double seconds(std::int64_t micros) { return static_cast<double>(micros) / 1e6; }

class Families {
 public:
  MetricFamily& add(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
    return families_.back();
  }
  template <class Number>
  void counter(const char* name, const char* help, Number value) {
    sample(add(name, help, MetricType::Counter), {}, value);
  }
  template <class Number>
  void gauge(const char* name, const char* help, Number value, Labels labels = {}) {
    sample(add(name, help, MetricType::Gauge), std::move(labels), value);
  }
  template <class Number>
  static void sample(MetricFamily& family, Labels labels, Number value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = static_cast<double>(value);
    family.metric.push_back(std::move(metric));
  }
  template <const auto& kBounds>
  static void buckets(MetricFamily& family, Labels labels, const runtime::Histogram<kBounds>& histogram) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.histogram.sample_count = histogram.count();
    metric.histogram.sample_sum = histogram.sum;
    std::uint64_t cumulated = 0;
    for (std::size_t i = 0; i < kBounds.size(); ++i)
      metric.histogram.bucket.push_back({cumulated += histogram.counts[i], kBounds[i]});
    family.metric.push_back(std::move(metric));
  }
  template <const auto& kBounds>
  void histogram(const char* name, const char* help, const runtime::Histogram<kBounds>& histogram) {
    buckets(add(name, help, MetricType::Histogram), {}, histogram);
  }
  void codes(const char* name, const char* help, const runtime::CodeCounts& counts) {
    MetricFamily& family = add(name, help, MetricType::Counter);
    for (const auto& [code, count] : counts) sample(family, {{"code", std::string(code_text(code))}}, count);
  }
  void outcomes(const char* name, const char* help, const runtime::OutcomeCounts& counts) {
    MetricFamily& family = add(name, help, MetricType::Counter);
    for (const auto& [key, count] : counts.sorted())
      sample(family, {{"outcome", key.first}, {"agreement", key.second}}, count);
  }
  // A family without a sample is left out, as the format has nothing to say of it.
  std::string text() {
    std::erase_if(families_, [](const MetricFamily& family) { return family.metric.empty(); });
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  std::vector<MetricFamily> families_;
};

void add_documents(Families& out, const runtime::Meters& m) {
  out.outcomes("hub_documents_total",
               "Documents decided, each once: accepted or the code of its refusal, and the agreement that decided.",
               m.documents);
  out.outcomes("hub_recipient_outcomes_total", "Decisions for single recipients of documents.", m.recipients);
  out.counter("hub_documents_again_total", "Documents that had been accepted before and were answered so.",
              m.documents_again);
  out.counter("hub_document_bytes_total", "Bytes of submitted documents.", m.document_bytes);
  out.counter("hub_batches_total", "Batches of documents that were prepared and decided.", m.batches);
  out.codes("hub_batches_refused_total", "Batches refused as a whole, by code.", m.batches_refused);
  out.codes("hub_frames_refused_total", "Frames answered with an error, by code.", m.frames_refused);
}

void add_durations(Families& out, const runtime::Meters& m) {
  MetricFamily& stages = out.add("hub_stage_duration_seconds",
                                 "How long batches took in each stage of their way: prepare, decide, durable (until "
                                 "their records were synced), answer (until the answer left).",
                                 MetricType::Histogram);
  Families::buckets(stages, {{"stage", "prepare"}}, m.prepare);
  Families::buckets(stages, {{"stage", "decide"}}, m.decide);
  Families::buckets(stages, {{"stage", "durable"}}, m.durable);
  Families::buckets(stages, {{"stage", "answer"}}, m.answer);
  out.histogram("hub_accept_duration_seconds", "From a batch's arrival at the engine until its answer left.",
                m.accepted_in);
  out.histogram("hub_delivery_acknowledge_duration_seconds",
                "From sending a frame of deliveries until its endpoint had stored all of it.", m.acknowledged_in);
}

void add_journal(Families& out, const runtime::Figures& f) {
  out.histogram("hub_journal_sync_duration_seconds", "How long each sync of the journal (fdatasync) took.",
                f.meters.sync);
  out.histogram("hub_journal_group_records", "Records that were written and synced together.", f.meters.group_records);
  out.counter("hub_journal_written_bytes_total", "Bytes of records written to the journal.", f.meters.group_bytes);
  out.gauge("hub_journal_end_position", "The position that the next record gets.", f.end.value);
  out.gauge("hub_journal_durable_position", "Every record before this position is on the disk.", f.durable_end.value);
  out.gauge("hub_journal_low_on_space", "1 while new documents are refused because the disk is full.",
            f.low_on_space ? 1 : 0);
  out.counter("hub_probes_total", "Probes recorded to see whether records become durable.", f.meters.probes);
}

// One sample an endpoint: depth and age of its queues.
void add_queues(Families& out, const runtime::Figures& f) {
  const auto each = [&](const char* name, const char* help, auto value) {
    MetricFamily& family = out.add(name, help, MetricType::Gauge);
    for (const runtime::EndpointFigures& endpoint : f.endpoints)
      Families::sample(family, {{"endpoint", endpoint.endpoint}}, value(endpoint));
  };
  each("hub_deliveries_waiting", "Deliveries that were not sent yet.", [](const auto& e) { return e.waiting; });
  each("hub_deliveries_in_flight", "Deliveries on their way: given a sequence and not acknowledged.",
       [](const auto& e) { return e.in_flight; });
  each("hub_delivery_oldest_age_seconds",
       "How long the oldest delivery that is not acknowledged could have gone; 0 "
       "when there is none.",
       [&](const auto& e) { return e.oldest ? std::max(0.0, seconds(f.now.value - e.oldest->value)) : 0.0; });
  each("hub_receipts_pending", "Receipts that the sender has not acknowledged.",
       [](const auto& e) { return e.receipts_pending; });
  each("hub_endpoint_connected", "1 while the endpoint has a session.",
       [](const auto& e) { return e.connected ? 1 : 0; });
  each("hub_endpoint_paused", "1 while deliveries to it are held back by an operator's order.",
       [](const auto& e) { return e.paused ? 1 : 0; });
  out.gauge("hub_deliveries_scheduled", "Deliveries whose time has not come.", f.scheduled);
  out.counter("hub_deliveries_sent_total", "Deliveries sent, again after a reconnection too.",
              f.meters.deliveries_sent);
  out.counter("hub_deliveries_acknowledged_total", "Deliveries acknowledged as stored within a session.",
              f.meters.deliveries_acknowledged);
  out.counter("hub_receipts_sent_total", "Receipts sent, again after a reconnection too.", f.meters.receipts_sent);
}

void add_connections(Families& out, const runtime::Figures& f) {
  out.gauge("hub_connections", "Connections of endpoints, with or without a session.", f.connections);
  out.gauge("hub_sessions", "Endpoints with a session.", f.sessions);
  out.counter("hub_sessions_opened_total", "Sessions that were opened.", f.meters.sessions_opened);
  out.codes("hub_connections_dismissed_total", "Connections that the hub ended, by code.", f.meters.dismissed);
  out.counter("hub_strangers_refused_total", "Handshakes with keys that are not enrolled.", f.meters.strangers_refused);
  out.counter("hub_heartbeats_sent_total", "Heartbeats sent into silence.", f.meters.heartbeats_sent);
  out.counter("hub_heartbeats_received_total", "Heartbeats of endpoints.", f.meters.heartbeats_heard);
}

// Until something ends, by the hub's own clock, which may not be that of Prometheus.
void add_expiry(Families& out, const char* name, const char* help, const char* label, UnixMicros now,
                const std::vector<ledger::Expiry>& expiries) {
  MetricFamily& family = out.add(name, help, MetricType::Gauge);
  for (const ledger::Expiry& one : expiries) Families::sample(family, {{label, one.id}}, seconds(one.at.value - now.value));
}

void add_ledger(Families& out, const LedgerFigures& ledger, UnixMicros now) {
  out.gauge("hub_ledger_position", "The ledger holds every record before this position.", ledger.position.value);
  out.gauge("hub_ledger_lag_records", "Durable records that the ledger does not hold yet.", ledger.lag_records);
  out.gauge("hub_ledger_lag_seconds", "How old the ledger's last record is while newer ones are missing; else 0.",
            seconds(ledger.lag_micros));
  add_expiry(out, "hub_party_key_expiry_seconds",
             "Until the last certified signing key of a party ends; below 0 since it has ended.", "party", now,
             ledger.expiries.keys);
  add_expiry(out, "hub_agreement_expiry_seconds",
             "Until an agreement that has an end is no longer in force; below 0 since then.", "agreement", now,
             ledger.expiries.agreements);
}

void add_process(Families& out, const ProcessFigures& process) {
  out.gauge("hub_build_info", "Always 1; the version is a label.", 1, {{"version", process.version}});
  out.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.",
            seconds(process.started.value));
  if (process.disk_free_bytes)
    out.gauge("hub_disk_free_bytes", "Free space of the disk that the journal is on.", *process.disk_free_bytes);
  if (process.certificate_left_micros)
    out.gauge("hub_http_certificate_expiry_seconds",
              "Until the certificate that this HTTP server shows ends; below 0 since it has ended.",
              seconds(*process.certificate_left_micros));
  out.gauge("hub_http_connections", "Connections to this HTTP server.", process.http_connections);
  out.counter("hub_http_connections_refused_total", "Connections closed because there were too many.",
              process.http_refused);
  out.counter("hub_http_requests_total", "HTTP requests answered, errors too.", process.http_answered);
}

}  // namespace

std::string exposition(const runtime::Figures& figures, const ProcessFigures& process,
                       const std::optional<LedgerFigures>& ledger) {
  Families out;
  add_documents(out, figures.meters);
  add_durations(out, figures.meters);
  add_journal(out, figures);
  add_queues(out, figures);
  add_connections(out, figures);
  if (ledger) add_ledger(out, *ledger, figures.now);
  add_process(out, process);
  return out.text();
}

}  // namespace hub::console
