// What the engine tells of itself, and its timing of what it does.
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

Figures Engine::figures() const {
  const broker::State& state = recorder_.state();
  Figures out;
  out.meters = meters_;
  out.now = recorder_.now();
  out.origin = state.created.origin;
  out.demo = state.created.demo;
  out.journal = recorder_.journal().id();
  out.end = recorder_.journal().end();
  out.durable_end = recorder_.journal().durable_end();
  out.low_on_space = recorder_.journal().low_on_space();
  out.connections = connections_.size();
  out.scheduled = state.schedule.size();
  out.endpoints.reserve(state.endpoints.size());
  for (std::uint32_t i = 0; i < state.endpoints.size(); ++i) {
    const broker::EndpointState& streams = state.endpoints[i];
    const registry::Endpoint& endpoint = registry().endpoint_at(EndpointIndex(i));
    EndpointFigures figures;
    figures.endpoint = endpoint.id;
    figures.enabled = endpoint.enabled;
    figures.connected = i < sessions_.size() && sessions_[i].has_value();
    figures.paused = streams.deliveries.is_paused();
    figures.last_order = streams.last_order;
    figures.waiting = streams.deliveries.waiting();
    figures.in_flight = streams.deliveries.in_flight();
    if (const auto oldest = streams.deliveries.oldest_queued_s())
      figures.oldest = UnixMicros(std::int64_t{*oldest} * kMicrosPerSecond);
    figures.receipts_pending = streams.receipts.last().value - streams.receipts.acknowledged().value;
    out.sessions += figures.connected ? 1 : 0;
    out.endpoints.push_back(std::move(figures));
  }
  return out;
}

void Engine::group_durable(std::unique_ptr<journal::Group> group) {
  durable_at_ = clock_.steady();
  meters_.sync.observe(ports::SteadyNanos(0), ports::SteadyNanos(group->sync_nanos));
  meters_.group_records.observe(static_cast<double>(group->records));
  meters_.group_bytes += group->size_bytes;
  recorder_.journal().finished(std::move(group));
}

// What became of a document, and of it for each of its recipients.
void Engine::count_document(const wire::DocumentResult& result) {
  const auto& outcomes = std::get<broker::DocumentDecided>(document_).outcomes;
  std::string_view agreement;
  bool named = false;
  for (const broker::Outcome& outcome : outcomes) {
    meters_.recipients.add(outcome.row.outcome, outcome.row.agreement);
    if (named) continue;
    named = outcome.row.outcome == result.outcome;
    agreement = outcome.row.agreement;
  }
  meters_.documents.add(result.outcome, agreement);
}

// The batches whose answers have just left.
void Engine::time_answers(Position durable) {
  std::optional<ports::SteadyNanos> answered;
  while (const auto batch = batch_times_.release(durable)) {
    if (!answered) answered = clock_.steady();
    // A batch of resends alone waits for nothing.
    const ports::SteadyNanos durable_at = std::max(batch->decided, durable_at_);
    meters_.durable.observe(batch->decided, durable_at);
    meters_.answer.observe(durable_at, *answered);
    meters_.accepted_in.observe(batch->received, *answered);
  }
}

void Engine::time_acknowledged(Session& s, StreamSequence stored) {
  if (s.frames_sent.empty() || s.frames_sent.front().last > stored) return;
  const ports::SteadyNanos now = clock_.steady();
  while (!s.frames_sent.empty() && s.frames_sent.front().last <= stored) {
    meters_.acknowledged_in.observe(s.frames_sent.front().at, now);
    s.frames_sent.pop_front();
  }
}

}  // namespace hub::runtime
