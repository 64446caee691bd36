// A folder of an agency in a temporary place, with a store, for the folder adapter's tests.
#pragma once

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/folder/inbox.hpp"
#include "adapters/folder/outbox.hpp"
#include "tests/support/sending_party.hpp"
#include "tests/support/temporary_folder.hpp"

namespace hub::test {

constexpr UnixMicros kNow{1'710'205'200'000'000};

struct AgencyBench {
  TemporaryFolder place;
  const std::string& root = place.path();
  std::unique_ptr<folder::AgencyFolder> agency;
  std::unique_ptr<sdk::Store> store;
  std::optional<folder::EdxmlSetup> edxml_setup;
  std::unique_ptr<folder::Background> background;
  std::unique_ptr<folder::EdxmlFiles> edxml;

  AgencyBench() { restart(); }
  ~AgencyBench() { background.reset(); }  // before what its work refers to
  // What a new process sees: what is on disk.
  void restart() {
    background.reset();  // before what its work refers to
    store.reset();
    agency = std::make_unique<folder::AgencyFolder>(std::move(folder::AgencyFolder::open(root + "/agency").value()));
    store = std::move(sdk::Store::open(root + "/state.sqlite", "toa-an.huyen").value());
    background = std::move(folder::Background::create().value());
    edxml = std::make_unique<folder::EdxmlFiles>("toa-an.huyen", agency->outbox, root,
                                                 edxml_setup ? &*edxml_setup : nullptr, *background);
  }
  // Waits until work beside this thread is done, and finishes it.
  void finish_background() const {
    pollfd ready{background->descriptor(), POLLIN, 0};
    REQUIRE(::poll(&ready, 1, 10'000) == 1);
    REQUIRE(background->finish());
  }
  std::string path(const std::string& name) const { return root + "/agency/" + name; }
  void put(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }
  std::string read(const std::string& name) const {
    std::ifstream in(path(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool has(const std::string& name) const { return std::filesystem::exists(path(name)); }
  std::vector<std::string> list(const std::string& folder) const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(path(folder)))
      out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  }

  static std::string document_json(const std::string& id = "", const std::string& subject = "Kết quả xét xử") {
    const std::string with_id = id.empty() ? "" : R"("id": ")" + id + R"(", )";
    return "{" + with_id + R"("type": "trial-result-report/1", "subject": ")" + subject +
           R"(", "to": "btg.huyen", "data": {"outcome": "x"}})";
  }
  static wire::DocumentResult result(std::string_view outcome, std::vector<Fact> facts = {}) {
    wire::DocumentResult out;
    out.outcome = outcome;
    out.position = Position(10482);
    out.time = UnixMicros(1'710'205'202'000'000);
    out.facts = std::move(facts);
    return out;
  }
};

}  // namespace hub::test
