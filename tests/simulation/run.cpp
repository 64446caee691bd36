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
  }

  bool finished() const {
    return documents_left_ == 0 && scheduler_now() > options_.faults_micros && hub_.quiet() &&
           std::all_of(adapters_.begin(), adapters_.end(), [](const auto& a) { return a->done(); });
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
    return {};
  }

  const SimAdapter& adapter_of(const std::string& party) const {
    return **std::find_if(adapters_.begin(), adapters_.end(), [&](const auto& a) { return a->party() == party; });
  }

  // Accepted: once at each recipient, under the leaf that the sender was told, with a receipt. Refused: nowhere.
  std::string check_document(const SimAdapter& sender, const SimDocument& document) const {
    for (std::size_t i = 0; i < document.recipients.size(); ++i) {
      const auto& inbox = adapter_of(document.recipients[i]).inbox();
      std::size_t copies = 0;
      for (const InboxItem& item : inbox) {
        if (item.id != document.id) continue;
        ++copies;
        if (item.position != document.position || item.leaf != document.leaf)
          return "a recipient's leaf is not the sender's: " + to_text(document.id);
      }
      if (copies != (document.accepted ? 1u : 0u))
        return std::to_string(copies) + " copies of " + to_text(document.id) + " at " + document.recipients[i];
      if (document.accepted && !sender.has_receipt(document.position, static_cast<std::uint8_t>(i)))
        return "no receipt for " + to_text(document.id);
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
