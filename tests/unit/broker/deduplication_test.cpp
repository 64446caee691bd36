#include "hub/broker/deduplication.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <random>

namespace hub::broker {
namespace {

Uuid id_of(std::uint64_t number) {
  Uuid id;
  store_le(id.bytes.data(), number);
  return id;
}

KnownDocument known(std::uint64_t position, bool accepted = true) { return {Position(position), {}, accepted}; }

}  // namespace

TEST_CASE("a document is known to its party alone") {
  Deduplication table(7);
  table.put(PartyIndex(1), id_of(1), known(5), UnixMicros(0));
  REQUIRE(table.find(PartyIndex(1), id_of(1)) != nullptr);
  CHECK(table.find(PartyIndex(1), id_of(1))->position == Position(5));
  CHECK(table.find(PartyIndex(2), id_of(1)) == nullptr);
  CHECK(table.find(PartyIndex(1), id_of(2)) == nullptr);
}

TEST_CASE("all documents are found when the table is three quarters full, and when one more makes it grow") {
  for (const std::uint64_t count : {768ul, 769ul, 1537ul, 10'000ul}) {
    Deduplication table(count);
    for (std::uint64_t i = 0; i < count; ++i) table.put(PartyIndex(1), id_of(i), known(i), UnixMicros(0));
    CHECK(table.size() == count);
    std::uint64_t found = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      const KnownDocument* document = table.find(PartyIndex(1), id_of(i));
      found += document != nullptr && document->position == Position(i) ? 1u : 0u;
    }
    CHECK(found == count);
    CHECK(table.find(PartyIndex(1), id_of(count)) == nullptr);
  }
}

TEST_CASE("what was put before a time is forgotten, what was put at it is not") {
  Deduplication table(1);
  table.put(PartyIndex(1), id_of(1), known(1), UnixMicros(99));
  table.put(PartyIndex(1), id_of(2), known(2), UnixMicros(100));
  table.forget(UnixMicros(100));
  CHECK(table.find(PartyIndex(1), id_of(1)) == nullptr);
  CHECK(table.find(PartyIndex(1), id_of(2)) != nullptr);
  CHECK(table.size() == 1);
}

TEST_CASE("an id that was accepted after a refusal lives as long as its acceptance") {
  Deduplication table(1);
  table.put(PartyIndex(1), id_of(1), known(1, false), UnixMicros(10));
  table.put(PartyIndex(1), id_of(1), known(2, true), UnixMicros(20));
  CHECK(table.size() == 1);
  table.forget(UnixMicros(20));
  REQUIRE(table.find(PartyIndex(1), id_of(1)) != nullptr);
  CHECK(table.find(PartyIndex(1), id_of(1))->accepted);
  table.forget(UnixMicros(21));
  CHECK(table.find(PartyIndex(1), id_of(1)) == nullptr);
}

TEST_CASE("through 100,000 operations the table answers as a map does, whatever its seed") {
  const std::uint64_t seed = GENERATE(std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0xfeed});
  CAPTURE(seed);
  using Key = std::pair<PartyIndex, Uuid>;
  struct Put {
    std::int64_t time;
    Key key;
    Position position;
  };
  Deduplication table(seed);
  std::map<Key, KnownDocument> model;
  std::deque<Put> puts;
  std::mt19937_64 random(seed + 1);
  for (std::uint64_t step = 0; step < 100'000; ++step) {
    const auto now = static_cast<std::int64_t>(step);
    const Key key{PartyIndex(static_cast<std::uint32_t>(random() % 3)), id_of(random() % 4000)};
    const auto choice = random() % 16;
    if (choice < 10) {
      const KnownDocument document = known(step, random() % 2 == 0);
      table.put(key.first, key.second, document, UnixMicros(now));
      model[key] = document;
      puts.push_back({now, key, document.position});
    } else if (choice == 10) {
      const auto before = now - static_cast<std::int64_t>(random() % 6000);
      table.forget(UnixMicros(before));
      for (; !puts.empty() && puts.front().time < before; puts.pop_front()) {
        const auto entry = model.find(puts.front().key);
        if (entry != model.end() && entry->second.position == puts.front().position) model.erase(entry);
      }
    } else {
      const KnownDocument* found = table.find(key.first, key.second);
      const auto entry = model.find(key);
      REQUIRE((found != nullptr) == (entry != model.end()));
      if (found != nullptr) REQUIRE(found->position == entry->second.position);
    }
    REQUIRE(table.size() == model.size());
    if (step % 5000 != 0) continue;
    std::size_t visited = 0;
    table.for_each([&](UnixMicros, PartyIndex party, const Uuid& id, const KnownDocument& document) {
      const auto entry = model.find({party, id});
      if (entry != model.end() && entry->second.position == document.position) ++visited;
    });
    REQUIRE(visited == model.size());
    for (const auto& [expected, document] : model) {
      const KnownDocument* found = table.find(expected.first, expected.second);
      if (found == nullptr || found->position != document.position) FAIL("an entry can't be reached");
    }
  }
}

}  // namespace hub::broker
