#include "adapters/folder/description.hpp"

namespace hub::folder {

Description describe(const registry::DocumentView& document, std::string file) {
  return {document.id,
          std::move(file),
          std::string(document.type),
          std::string(document.subject),
          std::string(document.docnumber),
          std::string(document.source),
          std::string(document.to)};
}

Answer answer_of(const wire::DocumentResult& result) {
  Answer out{std::string(result.outcome), result.position, result.leaf, result.time, result.facts, {}};
  for (const wire::ResultRow& row : result.rows) {
    const auto read = wire::read_row(row.row);
    if (!read) continue;  // a row that says nothing; the outcome of the whole still stands
    out.recipients.push_back({std::string(read->addressed), std::string(read->actual), std::string(read->outcome),
                              std::string(read->agreement), std::string(read->clause), read->agreement_version,
                              row.facts});
  }
  return out;
}

Answer answer_of(const Error& error) { return {std::string(code_text(error.code)), {}, {}, {}, error.facts, {}}; }

Buffer write_answer(const wire::DocumentResult& result) {
  Buffer out;
  wire::ResultsWriter(out, 0, 1).add(result);
  return out;
}

Result<Answer> read_answer(ByteView bytes) {
  const auto frame = wire::read_frame(bytes);
  if (!frame) return tl::unexpected(frame.error());
  const auto results = wire::read_results(frame->payload);
  if (!results) return tl::unexpected(results.error());
  if (results->results.size() != 1)
    return fail(ErrorCode::frame_malformed, {{"offset", "2"}, {"reason", "one result was expected"}});
  return answer_of(results->results[0]);
}

}  // namespace hub::folder
