#include "hub/console/recording.hpp"

#include "hub/runtime/engine.hpp"

namespace hub::console {

void Recording::record(Record record, Done done) {
  const std::uint64_t number = ++made_;
  const bool posted = mailbox_.post([this, number, record = std::move(record)](runtime::Engine& engine) {
    const Recorded recorded = record(engine);
    const auto hand_over = [this, number, recorded] {
      server_.post([this, number, recorded] { finish(number, recorded); });
    };
    if (!recorded) return hand_over();
    engine.when_durable(hand_over);
  });
  if (!posted) return done(std::nullopt);
  waiting_.emplace(number, std::move(done));
  server_.after(patience_, [this, number] { finish(number, std::nullopt); });
}

void Recording::stop() {
  while (!waiting_.empty()) finish(waiting_.begin()->first, std::nullopt);
}

void Recording::finish(std::uint64_t number, const std::optional<Recorded>& recorded) {
  const auto done = waiting_.extract(number);
  if (!done.empty()) done.mapped()(recorded);
}

}  // namespace hub::console
