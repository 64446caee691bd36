// How fast the ledger catches up with a journal, and how long questions take then: of so many documents, each to one
// recipient, acknowledged in tens. The journal lies in FOLDER, which is made and removed; the ledger too, or at ADDRESS, a
// PostgreSQL database.
//   ledger_bench FOLDER [DOCUMENTS [ADDRESS]]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "hub/crypto/keys.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/ledger/queries.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "tests/bench/journal_writer.hpp"

using namespace bench;

namespace {

constexpr std::int64_t kSpanMicros = 3'650 * kMicrosPerDay;  // from the first document to the last
constexpr std::size_t kRounds = 60;
constexpr std::int64_t kRoundsSigned = kRounds;

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
  list("of a type", [](std::uint64_t) { return ledger::DocumentFilter{.type = simulation::kPermittedType}; });
  list("of one day", [](std::uint64_t round) {
    const UnixMicros from(SteppedClock().time.value + kSpanMicros / kRoundsSigned * static_cast<std::int64_t>(round));
    return ledger::DocumentFilter{.from = from, .until = UnixMicros(from.value + kMicrosPerDay)};
  });
  list("under a clause, of one year", [](std::uint64_t round) {
    const UnixMicros from(SteppedClock().time.value + kSpanMicros / kRoundsSigned * static_cast<std::int64_t>(round));
    return ledger::DocumentFilter{.agreement = "a/b", .clause = "clause-" + std::to_string(round % 40), .from = from,
                                  .until = UnixMicros(from.value + 365 * kMicrosPerDay)};
  });
  list("with two words", [](std::uint64_t round) {
    return ledger::DocumentFilter{.text = std::string(kWords[round % 30]) + " " + kWords[(round + 5) % 30]};
  });
  list("the beginning of a word", [](std::uint64_t round) {
    constexpr const char* kBegun[] = {"t", "th", "k", "kh", "b", "d", "n", "ng", "xe", "trie"};
    return ledger::DocumentFilter{.text = kBegun[round % std::size(kBegun)]};
  });
  list("a word, of a party that sent nothing", [](std::uint64_t round) {
    return ledger::DocumentFilter{.sender = "nobody", .text = kWords[round % 30]};
  });
  list("of a party, of a type, of one year", [&](std::uint64_t round) {
    const UnixMicros from(SteppedClock().time.value + kSpanMicros / kRoundsSigned * static_cast<std::int64_t>(round));
    return ledger::DocumentFilter{.party = party(round), .type = simulation::kPermittedType, .from = from,
                                  .until = UnixMicros(from.value + 365 * kMicrosPerDay)};
  });
  list("refused, of a party", [&](std::uint64_t round) {
    return ledger::DocumentFilter{.party = party(round), .code = "type-not-permitted"};
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
  measure("flows of the newest 100,000", [&](std::uint64_t) {
    HUB_CHECK(ledger::Queries::open(path).value()->flows({}).has_value());
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: ledger_bench FOLDER [DOCUMENTS [ADDRESS]]\n"), 2;
  const std::string folder = argv[1];
  const std::uint64_t documents = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  crypto::initialise();
  std::filesystem::create_directory(folder);
  auto disk = runtime::PosixDisk::open(folder).value();
  const std::string path = argc > 3 ? argv[3] : folder + "/ledger.sqlite";
  journal::DurableEnd end;
  {
    JournalWriter writer(*disk, kSpanMicros / static_cast<std::int64_t>(documents / kBatch + 1));
    writer.write(documents);
    end = {writer.journal().id(), writer.journal().durable_end()};
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
  if (argc <= 3)
    std::printf("ledger: %.0f bytes a document\n",
                static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(documents));
  ask_everything(path, end.end);
  std::filesystem::remove_all(folder);
  return 0;
}
