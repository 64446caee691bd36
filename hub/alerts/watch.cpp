#include "hub/alerts/watch.hpp"

namespace hub::alerts {

Watch::Watch(std::string ledger, std::vector<Handover> ways, const AlertTimes& times, Tell tell)
    : ledger_(std::move(ledger)), tell_(std::move(tell)), ways_(std::move(ways)), board_(times) {
  thread_ = std::thread([this] { serve(); });
}

Watch::~Watch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Watch::look(FiguresCopy figures, UnixMicros now) {
  {
    const std::lock_guard lock(mutex_);
    next_ = Look{std::move(figures), now};
  }
  changed_.notify_one();
}

void Watch::serve() {
  for (;;) {
    Look look;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || next_; });
      if (ending_) return;
      look = std::move(*next_);
      next_.reset();
    }
    take(look);
  }
}

void Watch::take(const Look& look) {
  read_ledger(look);
  const auto changes = board_.look(find_conditions(look.figures.get(), seen_, look.now), look.now);
  if (!changes.empty()) tell_(std::make_shared<const Told>(Told{board_.active(), board_.changes()}));
  for (Handover& way : ways_) {
    for (const Change& change : changes) way.add(change);
    way.send();
  }
}

// What it said last holds on while it can't be read: a server that is away is no end of what is wrong.
void Watch::read_ledger(const Look& look) {
  if (auto seen = ask_ledger(look)) {
    seen_ = std::move(*seen);
  } else if (seen_) {
    seen_->readable = false;
  }
}

Result<LedgerSeen> Watch::ask_ledger(const Look& look) {
  const auto queries = ledger::Queries::open(ledger_);
  if (!queries) return tl::unexpected(queries.error());
  std::optional<Position> durable_end;
  if (look.figures) durable_end = look.figures->durable_end;
  auto status = (*queries)->status(durable_end, look.now);
  if (!status) return tl::unexpected(status.error());
  auto expiries = (*queries)->expiries();
  if (!expiries) return tl::unexpected(expiries.error());
  ledger::DeliveryFilter failed;
  failed.state = "failed";
  auto dead_letters = (*queries)->deliveries_by_cause(failed);
  if (!dead_letters) return tl::unexpected(dead_letters.error());
  if (auto followed = follow_documents(**queries, status->position); !followed) return tl::unexpected(followed.error());
  return LedgerSeen{true, std::move(*status), std::move(*expiries), std::move(*dead_letters), rhythm_.silent(look.now)};
}

// Those that came since the last look, so many in one.
Result<void> Watch::follow_documents(ledger::Queries& queries, Position end) {
  if (followed_ && *followed_ > end) followed_ = end;  // it was rebuilt
  const auto sent = queries.sent_since(followed_, kDocumentsRead);
  if (!sent) return tl::unexpected(sent.error());
  for (const ledger::Sent& one : *sent) {
    rhythm_.add(one.sender, one.type, one.time);
    followed_ = one.position.next();
  }
  return {};
}

}  // namespace hub::alerts
