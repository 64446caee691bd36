#include "hub/console/exposition.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

namespace hub::console {
namespace {

std::vector<std::string> lines(const runtime::Figures& figures) {
  std::istringstream in(exposition(figures, {"1.2", UnixMicros(5'000'000), 1, 2, 3}, LedgerFigures{Position(7), 2, 1'500'000}));
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

bool has(const std::vector<std::string>& all, std::string_view line) {
  return std::find(all.begin(), all.end(), line) != all.end();
}

}  // namespace

TEST_CASE("documents are counted by outcome and agreement") {
  runtime::Figures figures;
  figures.meters.documents.add("accepted", "huyen/btg-238", 3);
  figures.meters.documents.add("no-agreement", "");
  const auto text = lines(figures);
  CHECK(has(text, R"(hub_documents_total{outcome="accepted",agreement="huyen/btg-238"} 3)"));
  CHECK(has(text, R"(hub_documents_total{outcome="no-agreement",agreement=""} 1)"));
}

TEST_CASE("a histogram's buckets are cumulated, up to all") {
  runtime::Figures figures;
  for (const std::int64_t millis : {1, 1, 30, 20'000})
    figures.meters.sync.observe(ports::SteadyNanos(0), ports::SteadyNanos(millis * 1'000'000));
  const auto text = lines(figures);
  CHECK(has(text, R"(hub_journal_sync_duration_seconds_bucket{le="0.0005"} 0)"));
  CHECK(has(text, R"(hub_journal_sync_duration_seconds_bucket{le="0.001"} 2)"));
  CHECK(has(text, R"(hub_journal_sync_duration_seconds_bucket{le="0.05"} 3)"));
  CHECK(has(text, R"(hub_journal_sync_duration_seconds_bucket{le="10"} 3)"));
  CHECK(has(text, R"(hub_journal_sync_duration_seconds_bucket{le="+Inf"} 4)"));
  CHECK(has(text, "hub_journal_sync_duration_seconds_count 4"));
}

TEST_CASE("queues tell their depth and the age of their oldest delivery") {
  runtime::Figures figures;
  figures.now = UnixMicros(100'500'000);
  figures.endpoints.push_back({"a.b/folder", true, true, 7, 2, UnixMicros(98'000'000), 4, true, Position(3)});
  figures.endpoints.push_back({"c/folder", true, false, 0, 0, std::nullopt, 0, false, Position()});
  const auto text = lines(figures);
  CHECK(has(text, R"(hub_deliveries_waiting{endpoint="a.b/folder"} 7)"));
  CHECK(has(text, R"(hub_deliveries_in_flight{endpoint="a.b/folder"} 2)"));
  CHECK(has(text, R"(hub_delivery_oldest_age_seconds{endpoint="a.b/folder"} 2.5)"));
  CHECK(has(text, R"(hub_delivery_oldest_age_seconds{endpoint="c/folder"} 0)"));
  CHECK(has(text, R"(hub_receipts_pending{endpoint="a.b/folder"} 4)"));
  CHECK(has(text, R"(hub_endpoint_connected{endpoint="c/folder"} 0)"));
  CHECK(has(text, R"(hub_endpoint_paused{endpoint="a.b/folder"} 1)"));
  CHECK(has(text, R"(hub_endpoint_paused{endpoint="c/folder"} 0)"));
}

TEST_CASE("what ends is told in seconds of the hub's own clock, below 0 when it has ended") {
  runtime::Figures figures;
  figures.now = UnixMicros(100'000'000);
  LedgerFigures ledger{Position(7), 0, 0};
  ledger.expiries.keys = {{"toa-an.huyen", UnixMicros(102'500'000)}};
  ledger.expiries.agreements = {{"huyen/btg-238", UnixMicros(40'000'000)}};
  const std::string text = exposition(figures, {"1.2", UnixMicros(0), 0, 0, 0, 12'345}, ledger);
  CHECK(text.find("hub_party_key_expiry_seconds{party=\"toa-an.huyen\"} 2.5\n") != text.npos);
  CHECK(text.find("hub_agreement_expiry_seconds{agreement=\"huyen/btg-238\"} -60\n") != text.npos);
  CHECK(text.find("hub_disk_free_bytes 12345\n") != text.npos);
}

TEST_CASE("the ledger's lag is told in records and seconds") {
  const auto text = lines({});
  CHECK(has(text, "hub_ledger_position 7"));
  CHECK(has(text, "hub_ledger_lag_records 2"));
  CHECK(has(text, "hub_ledger_lag_seconds 1.5"));
}

TEST_CASE("every family has help, a type and samples, and comes once") {
  runtime::Figures figures;
  figures.meters.batches_refused[ErrorCode::key_unknown] = 2;
  std::set<std::string> helped, typed;
  std::string family;
  for (const std::string& line : lines(figures)) {
    CAPTURE(line);
    std::istringstream words(line);
    std::string hash, what, name;
    words >> hash >> what >> name;
    if (hash != "#") {
      CHECK(line.starts_with(family));
    } else if (what == "HELP") {
      CHECK(helped.insert(name).second);
      family = name;
    } else {
      CHECK(typed.insert(name).second);
      CHECK(name == family);
    }
  }
  CHECK(helped == typed);
  CHECK(helped.contains("hub_batches_refused_total"));
  CHECK_FALSE(helped.contains("hub_frames_refused_total"));  // nothing to say of it yet
}

}  // namespace hub::console
