// How fast the ledger catches up with a journal, and how long questions take then: of so many documents, each to one
// recipient, acknowledged in tens. The journal and the ledger lie in FOLDER, which is made and removed.
//   ledger_bench FOLDER [DOCUMENTS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "hub/base/check.hpp"
#include "hub/crypto/keys.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/ledger/queries.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "hub/runtime/real_ports.hpp"
#include "hub/runtime/recorder.hpp"
#include "tests/simulation/scenery.hpp"

using namespace hub;

namespace {

constexpr std::uint32_t kParties = 50, kBatch = 10;
constexpr std::uint64_t kGroup = 1000;                              // documents
constexpr std::int64_t kMicrosPerBatch = 3'000 * kMicrosPerSecond;  // so a million documents are ten years
constexpr std::size_t kBodyBytes = 700, kRounds = 60;
const char* const kWords[] = {"báo",  "cáo", "kết",  "quả",  "xét",   "xử",   "thông", "tin",
                              "vụ",   "án",  "điều", "động", "phối",  "hợp",  "tuyên", "truyền",
                              "quý",  "năm", "đơn",  "thư",  "khiếu", "nại",  "tố",    "cáo",
                              "giám", "sát", "kiểm", "tra",  "hội",   "nghị", "triển", "khai"};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct SteppedClock final : ports::Clock {
  UnixMicros time{1'710'205'200'000'000};
  UnixMicros now() override { return time; }
  ports::SteadyNanos steady() override { return ports::SteadyNanos(time.value * 1000); }
};

// A journal of decided documents: what decides them is not measured here.
class Writer {
 public:
  explicit Writer(ports::Disk& disk) : scenery_(simulation::make_scenery(kParties, 1)), state_(1) {
    randomness_.fill(id_);
    journal_ = journal::Journal::create(disk, id_, {}).value();
    recorder_ = std::make_unique<runtime::Recorder>(clock_, randomness_, *journal_, state_);
    recorder_->read_clock();
    broker::JournalCreated created;
    created.origin = "bench.hub";
    record(created);
    record(broker::HubStarted{"bench"});
    for (const registry::Item& item : scenery_.items)
      record(broker::ConfigurationChanged{item.kind, item.id, item.canonical, "administrator:bench"});
    for (std::uint32_t i = 0; i < kParties; ++i)
      record(broker::EndpointConnected{EndpointIndex(i), SessionId(i + 1), {}, {}, 1 << 20, 1 << 30, "bench"});
  }

  void write(std::uint64_t documents) {
    for (std::uint64_t n = 0; n < documents; n += kBatch) {
      clock_.time.value += kMicrosPerBatch;
      recorder_->read_clock();
      batch(n);
      if (n % kGroup == 0) commit();
    }
    commit();
  }
  journal::DurableEnd end() const { return {id_, journal_->durable_end()}; }

 private:
  journal::Appended record(const broker::Record& record, ByteView body = {}, const crypto::Digest& digest = {}) {
    if (!journal_->room(4096, body.size())) commit();
    return recorder_->record(record, body, digest);
  }
  void commit() {
    auto group = journal_->take_group();
    if (!group) return;
    HUB_CHECK(journal_->write(*group).has_value());
    journal_->finished(std::move(group));
  }

  // Ten documents of one party, and the acknowledgement of their recipient.
  void batch(std::uint64_t first) {
    const std::uint32_t sender = below(kParties);
    const std::uint32_t recipient = (sender + 1 + below(kParties - 1)) % kParties;
    broker::BatchReceived received;
    received.endpoint = EndpointIndex(sender);
    received.sender = PartyIndex(sender);
    received.count = kBatch;
    const Position batch = record(received).position;
    for (std::uint32_t i = 0; i < kBatch; ++i) document(batch, first + i, i, sender, recipient);
    const auto& queue = state_.endpoints[recipient].deliveries;
    record(broker::DeliveriesAcknowledged{EndpointIndex(recipient), queue.dispatched(), 1 << 20, 1 << 30});
  }

  void document(Position batch, std::uint64_t number, std::uint32_t index, std::uint32_t sender,
                std::uint32_t recipient) {
    std::string subject;
    for (int i = 0; i < 8; ++i) subject += std::string(i == 0 ? "" : " ") + kWords[random_() % std::size(kWords)];
    const bool accepted = random_() % 50 != 0;
    Bytes<16> bytes{};
    store_le(bytes.data(), random_());
    store_le(bytes.data() + 8, number);
    broker::DocumentDecided d;
    d.accepted = accepted;
    d.batch = batch;
    d.index = index;
    d.id = d.conversation = uuid_from_digest(bytes);
    d.type = simulation::kPermittedType;
    d.sender = PartyIndex(sender);
    d.endpoint = EndpointIndex(sender);
    d.subject = subject;
    d.number = "12/KH-UBND";
    d.urgency = random_() % 20 == 0 ? 2 : 0;
    d.document_time = clock_.time;
    const std::string to = scenery_.parties[recipient].id;
    const std::string clause = "clause-" + std::to_string(random_() % 40);
    Buffer row;
    wire::write_row(row, {to, to, accepted ? wire::kAccepted : "type-not-permitted", "a/b", 1, clause});
    broker::Outcome outcome;
    outcome.bytes = row;
    outcome.row = wire::read_row(row).value();
    if (accepted) outcome.actual = PartyIndex(recipient);
    d.outcomes.push_back(outcome);
    store_le(d.digest.data(), number);
    record(d, accepted ? ByteView(body_) : ByteView(), accepted ? d.digest : crypto::Digest{});
  }

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

  simulation::Scenery scenery_;
  SteppedClock clock_;
  runtime::SystemRandomness randomness_;
  journal::JournalId id_{};
  broker::State state_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<runtime::Recorder> recorder_;
  std::mt19937_64 random_{7};
  const Buffer body_ = Buffer(kBodyBytes, 1);
};

// Milliseconds: half, 95 of 100, the slowest.
void measure(const char* name, const std::function<void(std::uint64_t round)>& ask) {
  std::vector<double> times;
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    ask(round);
    times.push_back(seconds_since(start) * 1000);
  }
  std::sort(times.begin(), times.end());
  std::printf("%-36s %8.2f %8.2f %8.2f ms\n", name, times[kRounds / 2], times[kRounds * 95 / 100], times.back());
}

void ask_everything(const std::string& path, Position end) {
  std::printf("%-36s %8s %8s %8s\n", "question, a page of 50", "p50", "p95", "max");
  const auto list = [&](const char* name, const std::function<ledger::DocumentFilter(std::uint64_t)>& filter) {
    measure(name, [&](std::uint64_t round) {
      HUB_CHECK(ledger::Queries::open(path).value()->documents(filter(round)).has_value());
    });
  };
  const auto party = [](std::uint64_t round) { return "party-" + std::to_string(round % kParties); };
  list("newest", [](std::uint64_t) { return ledger::DocumentFilter{}; });
  list("a page in the middle", [&](std::uint64_t round) {
    return ledger::DocumentFilter{.before = Position(end.value * (round + 1) / (kRounds + 1))};
  });
  list("of a party", [&](std::uint64_t round) { return ledger::DocumentFilter{.party = party(round)}; });
  list("of a sender to a recipient", [&](std::uint64_t round) {
    return ledger::DocumentFilter{.sender = party(round), .recipient = party(round + 7)};
  });
  list("under a clause", [](std::uint64_t round) {
    return ledger::DocumentFilter{.agreement = "a/b", .clause = "clause-" + std::to_string(round % 40)};
  });
  list("with two words", [](std::uint64_t round) {
    return ledger::DocumentFilter{.text = std::string(kWords[round % 30]) + " " + kWords[(round + 5) % 30]};
  });
  list("two words, of a party", [&](std::uint64_t round) {
    return ledger::DocumentFilter{.party = party(round), .text = std::string(kWords[round % 30]) + " dieu"};
  });
  list("refused with a code", [](std::uint64_t) { return ledger::DocumentFilter{.code = "type-not-permitted"}; });
  list("urgent", [](std::uint64_t) { return ledger::DocumentFilter{.urgency = 2}; });
  list("delivered", [](std::uint64_t) { return ledger::DocumentFilter{.state = "delivered"}; });
  list("pending", [](std::uint64_t) { return ledger::DocumentFilter{.state = "pending"}; });
  measure("deliveries to a party", [&](std::uint64_t round) {
    HUB_CHECK(ledger::Queries::open(path).value()->deliveries({.recipient = party(round)}).has_value());
  });
  const auto some = ledger::Queries::open(path).value()->documents({.limit = 60}).value();
  measure("trace", [&](std::uint64_t round) {
    HUB_CHECK(ledger::Queries::open(path).value()->trace(some.rows[round].id).has_value());
  });
  measure("status", [&](std::uint64_t) {
    HUB_CHECK(ledger::Queries::open(path).value()->status(end, UnixMicros(0)).has_value());
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: ledger_bench FOLDER [DOCUMENTS]\n"), 2;
  const std::string folder = argv[1];
  const std::uint64_t documents = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  crypto::initialise();
  std::filesystem::create_directory(folder);
  auto disk = runtime::PosixDisk::open(folder).value();
  const std::string path = folder + "/ledger.sqlite";
  journal::DurableEnd end;
  {
    Writer writer(*disk);
    writer.write(documents);
    end = writer.end();
  }
  const auto none = [](Position, Position) {};
  {
    const auto start = std::chrono::steady_clock::now();
    auto ledger = ledger::Ledger::open(path, *disk, end, none).value();
    Position told;
    auto last = start;
    while (ledger->advance(end.end).value() > 0) {
      const std::uint64_t records = ledger->position().value - told.value;
      if (records < end.end.value / 10) continue;
      const double part = static_cast<double>(records) / static_cast<double>(end.end.value);
      std::printf("at record %llu: %.0f documents/s\n", static_cast<unsigned long long>(ledger->position().value),
                  static_cast<double>(documents) * part / seconds_since(last));
      told = ledger->position();
      last = std::chrono::steady_clock::now();
    }
    std::printf("caught up with %llu documents (%llu records): %.0f documents/s\n",
                static_cast<unsigned long long>(documents), static_cast<unsigned long long>(end.end.value),
                static_cast<double>(documents) / seconds_since(start));
    HUB_CHECK(ledger->fold_log().has_value());
  }
  const auto start = std::chrono::steady_clock::now();
  HUB_CHECK(ledger::Ledger::open(path, *disk, end, none).has_value());
  std::printf("opened again, replaying: %.2f s, %.2f us a record\n", seconds_since(start),
              seconds_since(start) * 1e6 / static_cast<double>(end.end.value));
  std::printf("ledger: %.0f bytes a document\n",
              static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(documents));
  ask_everything(path, end.end);
  std::filesystem::remove_all(folder);
  return 0;
}
