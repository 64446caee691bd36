// An adapter's store in a temporary place.
#pragma once

#include <catch2/catch.hpp>

#include "adapters/sdk/store.hpp"
#include "tests/support/sending_party.hpp"
#include "tests/support/temporary_folder.hpp"

namespace hub::test {

constexpr UnixMicros kNow{1'700'000'000'000'000};

struct StoreBench {
  TemporaryFolder folder;
  std::unique_ptr<sdk::Store> store;

  StoreBench() { open(); }
  std::string path() const { return folder.path("state.sqlite"); }
  void open() {
    store.reset();
    auto opened = sdk::Store::open(path(), "toa-an.huyen");
    REQUIRE(opened);
    store = std::move(*opened);
  }
  static sdk::NewDocument document(std::uint8_t number, std::uint8_t content = 1, std::string file = "a.json") {
    return {numbered_id(number), {std::move(file), 5, 6}, crypto::Digest{content}, Buffer{number, content}};
  }
  sdk::OutboxRow take(sdk::NewDocument given) {
    std::vector<sdk::NewDocument> documents;
    documents.push_back(std::move(given));
    auto rows = store->take(std::move(documents), kNow);
    REQUIRE(rows);
    return rows->at(0);
  }
  void record(sdk::Ticket ticket, sdk::OutboxState state, std::string name) {
    const sdk::OutboxResult result{ticket, state, Position(9), crypto::Digest{3}, Buffer{4}, std::move(name)};
    REQUIRE(store->record({&result, 1}, {}, kNow));
  }
  void finish(sdk::Ticket ticket) { REQUIRE(store->finish({&ticket, 1})); }
};

}  // namespace hub::test
