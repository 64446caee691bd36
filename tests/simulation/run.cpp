#include "tests/simulation/run.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "tests/simulation/sim_adapter.hpp"
#include "tests/simulation/sim_hub.hpp"

namespace hub::simulation {
namespace {

constexpr UnixMicros kStart{1'710'205'200'000'000};  // 2024-03-12 08:00 in Vietnam
constexpr std::int64_t kLivenessMicros = 3'600 * kMicrosPerSecond;

class Run {
 public:
  explicit Run(const Options& options)
      : options_(options), scenery_(make_scenery(options.parties, options.seed)), chance_(options.seed),
        scheduler_(kStart), network_(scheduler_, chance_, options_),
        hub_(scheduler_, chance_, network_, options_, scenery_) {
    for (std::size_t i = 0; i < scenery_.parties.size(); ++i)
      adapters_.push_back(std::make_unique<SimAdapter>(scheduler_, chance_, network_, options_, scenery_, i));
  }

  Outcome play() {
    hub_.start();
    for (auto& adapter : adapters_) adapter->start();
    plan_documents();
    plan_faults();
    const std::int64_t deadline = kStart.value + options_.faults_micros + kLivenessMicros;
    while (problem().empty() && !finished() && scheduler_.now().value < deadline && scheduler_.step()) continue;
    Outcome outcome;
    outcome.problem = problem();
    if (outcome.problem.empty() && !finished()) outcome.problem = "without faults it did not come to an end";
    if (outcome.problem.empty()) outcome.problem = check();
    if (hub_.running()) {
      outcome.hash = hub_.hash();
      outcome.records = hub_.records();
    }
    for (const auto& adapter : adapters_) outcome.delivered += adapter->inbox().size();
    outcome.crashes = hub_.crashes();
    outcome.from_snapshot = hub_.starts_from_snapshot();
    return outcome;
  }

 private:
  std::int64_t some_time() { return chance_.between(0, options_.faults_micros); }

  void plan_documents() {
    for (auto& adapter : adapters_)
      for (std::uint32_t i = 0; i < options_.documents; ++i) {
        ++documents_left_;
        scheduler_.after(some_time(), [this, &adapter] {
          --documents_left_;
          adapter->make_document();
        });
      }
  }

  void plan_faults() {
    for (std::uint32_t i = 0; i < options_.hub_crashes; ++i)
      scheduler_.after(some_time(), [this] {
        if (!hub_.running()) return;
        hub_.crash();
        scheduler_.after(chance_.between(1'000, 300'000), [this] { hub_.start(); });
      });
    for (std::uint32_t i = 0; i < options_.adapter_crashes; ++i)
      scheduler_.after(some_time(), [this] {
        SimAdapter& adapter = *adapters_[chance_.below(adapters_.size())];
        adapter.crash();
        scheduler_.after(chance_.between(1'000, 300'000), [&adapter] { adapter.start(); });
      });
    for (std::uint32_t i = 0; i < options_.connection_losses; ++i)
      scheduler_.after(some_time(), [this] { adapters_[chance_.below(adapters_.size())]->lose_connection(); });
    for (std::uint32_t i = 0; i < options_.snapshots; ++i)
      scheduler_.after(some_time(), [this] { hub_.take_snapshot(); });
    for (std::uint32_t i = 0; i < options_.orders; ++i)
      scheduler_.after(some_time(), [this] { hub_.order_something(); });
  }

  bool finished() const {
    return documents_left_ == 0 && scheduler_now() > options_.faults_micros && hub_.quiet() &&
           std::all_of(adapters_.begin(), adapters_.end(), [](const auto& a) { return a->done(); }) &&
           nothing_is_under_way();
  }
  // Every delivery has arrived, failed for good or been stopped, and its sender knows.
  bool nothing_is_under_way() const {
    const auto& entries = hub_.book().entries();
    return std::all_of(entries.begin(), entries.end(), [&](const broker::DeliveryEntry& entry) {
      return entry.state.status != wire::DeliveryStatus::pending && sender_knows(entry);
    });
  }
  bool sender_knows(const broker::DeliveryEntry& entry) const {
    return std::any_of(adapters_.begin(), adapters_.end(), [&](const auto& adapter) {
      return adapter->has_receipt(entry.document, entry.outcome_index, entry.state.status);
    });
  }
  std::int64_t scheduler_now() const { return const_cast<Scheduler&>(scheduler_).now().value - kStart.value; }

  std::string problem() const {
    if (!hub_.problem().empty()) return hub_.problem();
    for (const auto& adapter : adapters_)
      if (!adapter->problem().empty()) return adapter->problem();
    return {};
  }

  std::string check() {
    hub_.check_replay();
    if (!hub_.problem().empty()) return hub_.problem();
    for (const auto& sender : adapters_)
      for (const SimDocument& document : sender->outbox())
        if (auto bad = check_document(*sender, document); !bad.empty()) return bad;
    for (const auto& recipient : adapters_)
      if (auto bad = check_inbox(*recipient); !bad.empty()) return bad;
    for (const broker::DeliveryEntry& entry : hub_.book().entries())
      if (auto bad = check_delivery(entry); !bad.empty()) return bad;
    return {};
  }

  // What the hub takes for delivered lies in one inbox, and what it takes for a dead letter in none.
  std::string check_delivery(const broker::DeliveryEntry& entry) const {
    using enum wire::DeliveryStatus;
    const std::string name = std::to_string(entry.document.value) + "-" + std::to_string(entry.outcome_index);
    const auto has_it = [&](const auto& adapter) { return adapter->has(entry.key()); };
    const auto copies = std::count_if(adapters_.begin(), adapters_.end(), has_it);
    if (copies > 1) return "delivery " + name + " lies in two inboxes";
    const wire::DeliveryStatus status = entry.state.status;
    if (status == failed && copies != 0) return "dead letter " + name + " lies in an inbox";
    const bool can_be_anywhere = status == failed || status == stopped || status == replayed;
    if (!can_be_anywhere && copies != 1)
      return "delivery " + name + " is " + std::string(wire::name_of(status)) + " and lies in no inbox";
    return {};
  }

  const SimAdapter& adapter_of(const std::string& party) const {
    return **std::find_if(adapters_.begin(), adapters_.end(), [&](const auto& a) { return a->party() == party; });
  }

  // Accepted: once at each recipient for each record that accepted it for that one, under the leaf that the sender was
  // told; at none that could not store it. Refused: nowhere.
  std::string check_document(const SimAdapter& sender, const SimDocument& document) const {
    if (document.accepted == document.accepted_rows.empty()) return "a row that does not fit: " + to_text(document.id);
    for (std::size_t i = 0; i < document.recipients.size(); ++i) {
      const auto& inbox = adapter_of(document.recipients[i]).inbox();
      std::map<Position, std::size_t> copies;
      for (const InboxItem& item : inbox) {
        if (item.id != document.id) continue;
        if (item.replay.value == 0) ++copies[item.position];
        const auto leaf = document.leaves.find(item.position);
        // When the answer to a resend is lost, and its recipient refuses it again, the next one is another record.
        if (leaf == document.leaves.end() && document.resent) continue;
        if (leaf == document.leaves.end() || leaf->second != item.leaf)
          return "a recipient's leaf is not the sender's: " + to_text(document.id);
        if (!document.accepted_rows.contains({item.position, static_cast<std::uint8_t>(i)}))
          return "delivered, and not accepted: " + to_text(document.id);
      }
      for (const auto& [position, count] : copies)
        if (count != 1)
          return std::to_string(count) + " copies of " + to_text(document.id) + " at " + document.recipients[i];
      if (!document.accepted) continue;
      const auto row = std::find_if(document.accepted_rows.begin(), document.accepted_rows.end(),
                                    [&](const auto& accepted) { return accepted.second == i; });
      if (row == document.accepted_rows.end()) return "no recipient's row for " + to_text(document.id);
      // A report may come before the acknowledgement of its delivery, and then says more.
      const bool is_told = std::any_of(wire::kStatusNames.begin(), wire::kStatusNames.end(), [&](const auto& named) {
        return named.status != wire::DeliveryStatus::replayed && sender.has_receipt(row->first, row->second, named.status);
      });
      if (!is_told) return "no receipt for " + to_text(document.id);
    }
    return {};
  }

  // FIFO within a (sender, conversation): in the order of acceptance. A timed document keeps its own time.
  std::string check_inbox(const SimAdapter& recipient) const {
    std::map<std::pair<std::string, Uuid>, Position> last;
    for (const InboxItem& item : recipient.inbox()) {
      const auto& outbox = adapter_of(item.sender).outbox();
      const auto sent =
          std::find_if(outbox.begin(), outbox.end(), [&](const SimDocument& d) { return d.id == item.id; });
      if (sent == outbox.end()) return "a document that nobody sent: " + to_text(item.id);
      // What failed or came again has its own time.
      if (item.replay.value != 0 || sent->resent || trouble_of(sent->id) != Trouble::none) continue;
      if (sent->timed) continue;
      Position& before = last[{item.sender, item.conversation}];
      if (item.position < before) return "out of order in its conversation: " + to_text(item.id);
      before = item.position;
    }
    return {};
  }

  const Options options_;
  const Scenery scenery_;
  Chance chance_;
  Scheduler scheduler_;
  SimNetwork network_;
  SimHub hub_;
  std::vector<std::unique_ptr<SimAdapter>> adapters_;
  std::size_t documents_left_ = 0;
};

}  // namespace

Outcome run(const Options& options) { return Run(options).play(); }

}  // namespace hub::simulation
