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
constexpr folder::TakeLimits kMany{100, 1 << 20};
const Bytes<16> kJournal = {0xab, 0xcd, 0xef, 0x01};
constexpr char kDelivery[] = "abcdef01-000000000041-0";  // of that journal, the first that an InboxBench gets

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

// What the agency sends.
struct OutboxBench : AgencyBench {
  std::unique_ptr<folder::StatusReports> reports;
  std::unique_ptr<folder::Outbox> outbox;
  std::vector<folder::Submission> recovered;

  OutboxBench() { start(); }
  void start() {
    restart();
    reports = std::make_unique<folder::StatusReports>(*agency, *store);
    outbox = std::make_unique<folder::Outbox>("toa-an.huyen", *agency, *store, *reports, *edxml);
    auto rows = outbox->recover();
    REQUIRE(rows);
    recovered = std::move(*rows);
  }
  std::vector<folder::Submission> take(folder::TakeLimits limits = kMany) {
    auto taken = outbox->take(limits, kNow);
    REQUIRE(taken);
    return std::move(*taken);
  }
  void settle() { REQUIRE(outbox->settle({}, kNow)); }
};

// What the agency gets.
struct InboxBench : AgencyBench {
  std::unique_ptr<folder::Inbox> inbox;
  SendingParty sender{.id = "vks.huyen"};
  MadeGroup made;
  std::vector<sdk::VerifiedDelivery> deliveries;

  InboxBench() { start(); }
  void start() {
    restart();
    inbox = std::make_unique<folder::Inbox>(*agency, *store, edxml->setup(), *background);
    REQUIRE(inbox->recover(kNow));
  }
  // The deliveries of the sender's documents.
  void make(std::vector<Buffer> documents) {
    sdk::Verifier verifier("toa-an.huyen", {{"vks.huyen", sender.root.public_key()}});
    REQUIRE(verifier.add_credential(sender.certificate()));
    const std::size_t count = documents.size();
    made = make_group(sender, "hub.example", "toa-an.huyen", std::move(documents), 0, count, Position(41));
    REQUIRE(verifier.verify(made.group, "hub.example", StreamSequence(1), deliveries));
  }
  void deliver() { REQUIRE(inbox->deliver(deliveries, {kJournal, {}, {}, Position(41 + deliveries.size())}, kNow)); }
};

}  // namespace hub::test
