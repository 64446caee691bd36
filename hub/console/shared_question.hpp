// A question to the engine that requests share: whoever asks while one is on its way gets that one's answer, so that
// many requests cost the engine no more than one. An answer may serve for a while after it came.
//
// Owned by the server's thread; what is asked runs on the engine's. It outlives the engine's last turn.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>

#include "hub/console/http_server.hpp"
#include "hub/runtime/mailbox.hpp"

namespace hub::console {

template <class Answer>
class SharedQuestion {
 public:
  using Clock = std::chrono::steady_clock;
  struct Answered {
    Answer answer;
    std::chrono::microseconds took;  // from the asking
  };
  // Gets nullptr when there was no answer in time.
  using Done = std::function<void(const Answered*)>;
  // On the engine's thread; hands the answer over there, at once or later.
  using Ask = std::function<void(runtime::Engine&, std::function<void(Answer)>)>;

  SharedQuestion(HttpServer& server, runtime::Mailbox& mailbox, std::chrono::milliseconds patience,
                 std::chrono::milliseconds fresh, Ask ask)
      : server_(server), mailbox_(mailbox), patience_(patience), fresh_(fresh), ask_(std::move(ask)) {}
  SharedQuestion(const SharedQuestion&) = delete;
  SharedQuestion& operator=(const SharedQuestion&) = delete;

  void ask(Done done) {
    if (newest_ && Clock::now() - answered_at_ < fresh_) return done(&*newest_);
    if (!asked_at_ && !post()) return done(nullptr);
    const std::uint64_t number = ++waiters_made_;
    waiters_.emplace(number, std::move(done));
    server_.after(patience_, [this, number] { give_up(number); });
  }
  // Nobody waits any longer.
  void stop() {
    while (!waiters_.empty()) give_up(waiters_.begin()->first);
  }

 private:
  bool post() {
    const bool posted = mailbox_.post([this](runtime::Engine& engine) {
      ask_(engine, [this](Answer answer) {
        server_.post([this, answer = std::move(answer)]() mutable { take(std::move(answer)); });
      });
    });
    if (posted) asked_at_ = Clock::now();
    return posted;
  }

  void take(Answer answer) {
    answered_at_ = Clock::now();
    newest_ =
        Answered{std::move(answer), std::chrono::duration_cast<std::chrono::microseconds>(answered_at_ - *asked_at_)};
    asked_at_.reset();
    const auto waiters = std::exchange(waiters_, {});
    for (const auto& [number, done] : waiters) done(&*newest_);
  }

  void give_up(std::uint64_t number) {
    const auto waiter = waiters_.extract(number);
    if (!waiter.empty()) waiter.mapped()(nullptr);
  }

  HttpServer& server_;
  runtime::Mailbox& mailbox_;
  const std::chrono::milliseconds patience_, fresh_;
  const Ask ask_;
  std::optional<Clock::time_point> asked_at_;  // of the one that is on its way
  Clock::time_point answered_at_;
  std::optional<Answered> newest_;
  std::map<std::uint64_t, Done> waiters_;
  std::uint64_t waiters_made_ = 0;
};

}  // namespace hub::console
