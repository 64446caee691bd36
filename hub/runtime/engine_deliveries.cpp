// What recipients say about their deliveries, and what operators order.
#include "hub/base/check.hpp"
#include "hub/broker/decide_reports.hpp"
#include "hub/broker/endpoint_orders.hpp"
#include "hub/broker/orders.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/broker/roles.hpp"
#include "hub/broker/storage_orders.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

void Engine::on_report(ports::ConnectionId from, EndpointIndex endpoint, ByteView payload) {
  const auto report = wire::read_report(payload);
  if (!report) return refuse(from, report.error());
  broker::ReportDecision decision = broker::decide_report(recorder_.state(), recorder_.journal().id(), endpoint,
                                                          *report, recorder_.now(), recorder_.random());
  wire::Answer answer{report->request, std::move(decision.refusal), decision.last_record};
  if (decision.record) answer.position = recorder_.record(*decision.record).position;
  Buffer frame;
  wire::write(frame, answer);
  hold(from, std::move(frame));
}

Result<Position> Engine::on_order(std::string_view text) {
  if (broker::statement_kind(text) == broker::kStorageOrderKind) return on_storage_order(text);
  const broker::State& state = recorder_.state();
  if (broker::statement_kind(text) == broker::kRoleKind) {
    const auto change = broker::decide_role(state, recorder_.journal().id(), text);
    if (!change) return tl::unexpected(change.error());
    return record_role(*change);
  }
  if (broker::statement_kind(text) == broker::kEndpointOrderKind) {
    const auto order = broker::decide_endpoint_order(state, recorder_.journal().id(), text);
    if (!order) return tl::unexpected(order.error());
    return recorder_.record(*order).position;
  }
  const auto order = broker::read_order(text, state.created.administrators);
  if (!order) return tl::unexpected(order.error());
  auto record = broker::decide_order(state, recorder_.journal().id(), *order);
  if (!record) return tl::unexpected(record.error());
  if (record->action == broker::OrderAction::replay) {
    auto row = row_now(*record);
    if (!row) return tl::unexpected(row.error());
    record->row_now = std::move(*row);
  }
  return recorder_.record(*record).position;
}

// Under the agreements of now, of a document as it stands in the journal.
Result<Buffer> Engine::row_now(const broker::DeliveryOrdered& replay) {
  const auto view = recorder_.journal().read(replay.delivery.document, again_scratch_);
  if (!view) return tl::unexpected(view.error());
  auto then = broker::decode(registry(), view->kind, view->metadata, view->body_digest);
  HUB_CHECK(then.has_value() && std::holds_alternative<broker::DocumentDecided>(*then));
  const auto& decided = std::get<broker::DocumentDecided>(*then);
  if (auto refusal = broker::refuse_unapproved(registry(), decided, replay)) return tl::unexpected(std::move(*refusal));
  const auto body = recorder_.open_body(*view, body_scratch_);
  if (!body) return tl::unexpected(body.error());
  return broker::permit_replay(recorder_.state(), decided, replay.delivery, *body, recorder_.now());
}

broker::EarlierAcceptance Engine::read_earlier(Position position) {
  broker::EarlierAcceptance out;
  for (std::optional<Position> next = position; next;) {
    const auto view = recorder_.journal().read(*next, again_scratch_);
    HUB_CHECK(view.has_value());
    const auto record = broker::decode(registry(), view->kind, view->metadata, view->body_digest);
    HUB_CHECK(record.has_value() && std::holds_alternative<broker::DocumentDecided>(*record));
    const auto& document = std::get<broker::DocumentDecided>(*record);
    out.add(*next, document);
    next = document.earlier_acceptance;
  }
  return out;
}

}  // namespace hub::runtime
