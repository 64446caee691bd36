#include "hub/console/ledger_reader.hpp"

#include <memory>

namespace hub::console {

void LedgerReader::ask(Question question, Reply reply) {
  const bool taken = questions_.post([this, question = std::move(question), reply] {
    server_.post([reply, response = question()] { reply(response); });
  });
  if (!taken)
    reply(error_response(503, {ErrorCode::ledger_busy, {{"limit", std::to_string(kQuestionsWaitingMax)}}}));
}

void LedgerReader::ask_pulse(Question question, Question otherwise, Reply reply) {
  const auto waits = std::make_shared<bool>(true);  // the server's thread alone looks at it
  const auto answer = [waits, reply](const Response& response) {
    if (std::exchange(*waits, false)) reply(response);
  };
  const bool taken = pulses_.post([this, question = std::move(question), answer] {
    server_.post([answer, response = question()] { answer(response); });
  });
  if (!taken) return answer(otherwise());
  server_.after(kPulseTimeMax, [waits, answer, otherwise = std::move(otherwise)] {
    if (*waits) answer(otherwise());
  });
}

}  // namespace hub::console
