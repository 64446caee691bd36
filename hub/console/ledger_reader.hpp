// Asks the ledger beside the server's thread, which must answer monitors whatever a question or a
// database takes. People's questions have threads of their own; what monitors ask has another, and a time limit.
//
// Threads: the server's; questions run on the reader's.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "hub/access/worker.hpp"
#include "hub/console/http_message.hpp"
#include "hub/console/http_server.hpp"

namespace hub::console {

constexpr std::size_t kQuestionThreads = 2;  // a long question keeps no short one waiting
// One more is 503 ledger-busy. Each holds a connection, of which enough must be left for everything else.
constexpr std::size_t kQuestionsWaitingMax = 16;
static_assert(2 * (kQuestionThreads + kQuestionsWaitingMax) < kConnectionsMax);
constexpr std::size_t kPulsesWaitingMax = 8;
constexpr std::chrono::milliseconds kPulseTimeMax{2'000};

class LedgerReader {
 public:
  using Question = std::function<Response()>;
  explicit LedgerReader(HttpServer& server) : server_(server) {}

  void ask(Question question, Reply reply);
  // `otherwise`, made on the server's thread, when the ledger has not answered within kPulseTimeMax.
  void ask_pulse(Question question, Question otherwise, Reply reply);

 private:
  HttpServer& server_;
  access::Worker questions_{kQuestionsWaitingMax, kQuestionThreads};
  access::Worker pulses_{kPulsesWaitingMax};
};

}  // namespace hub::console
