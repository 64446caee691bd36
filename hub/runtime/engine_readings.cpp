// Bodies that administrators read.
#include "hub/broker/readings.hpp"
#include "hub/registry/document_json.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

Result<BodyReading> Engine::on_reading(std::string_view text) {
  const auto reading = broker::decide_reading(state(), recorder_.journal().id(), text, recorder_.now());
  if (!reading) return tl::unexpected(reading.error());
  if (reading->document >= recorder_.journal().durable_end()) return fail(ErrorCode::record_unknown);
  Buffer record_scratch, body_scratch;
  const auto view = recorder_.journal().read(reading->document, record_scratch);
  if (!view) return tl::unexpected(view.error());
  if (view->kind != static_cast<std::uint8_t>(broker::RecordKind::document_accepted))
    return fail(ErrorCode::record_unknown);
  const auto body = recorder_.open_body(*view, body_scratch);
  if (!body) return tl::unexpected(body.error());
  const auto document = registry::read_document(*body);
  if (!document) return tl::unexpected(document.error());
  return BodyReading{recorder_.record(*reading).position, registry::document_to_json(*document)};
}

}  // namespace hub::runtime
