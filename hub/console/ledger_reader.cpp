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
  // The server's thread alone looks at it. What is answered holds its connection no longer.
  const auto waiting = std::make_shared<Reply>(std::move(reply));
  const auto answer = [waiting](const Response& response) {
    if (const Reply given = std::exchange(*waiting, nullptr)) given(response);
  };
  const bool taken = pulses_.post([this, question = std::move(question), answer] {
    server_.post([answer, response = question()] { answer(response); });
  });
  if (!taken) return answer(otherwise());
  server_.after(kPulseTimeMax, [waiting, answer, otherwise = std::move(otherwise)] {
    if (*waiting) answer(otherwise());
  });
}

}  // namespace hub::console
