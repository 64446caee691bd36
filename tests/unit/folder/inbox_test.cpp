#include "adapters/folder/status_files.hpp"
#include "agency_bench.hpp"

using namespace hub;
using Names = std::vector<std::string>;

namespace {

struct TwoDeliveries : test::InboxBench {
  TwoDeliveries() {
    make({test::make_document("vks.huyen", "toa-an.huyen", 1), test::make_document("vks.huyen", "toa-an.huyen", 2)});
  }
};

constexpr char kFirst[] = "abcdef01-000000000041-0.json", kSecond[] = "abcdef01-000000000042-0.json";

}  // namespace

TEST_CASE("Deliveries stand in the inbox when deliver returns, and their sequence is stored") {
  TwoDeliveries b;
  b.deliver();
  CHECK(b.list("inbox") == Names{kFirst, kSecond});
  CHECK(b.list(".staging").empty());
  CHECK(b.store->progress()->deliveries_stored == StreamSequence(2));
  const std::string text = b.read(std::string("inbox/") + kFirst);
  CHECK(text.find(R"("clause": "ket-qua-xet-xu")") != std::string::npos);
  CHECK(text.find(R"("subject": "Kết quả xét xử")") != std::string::npos);
}

TEST_CASE("A delivery that comes again is dropped even after the agency took it away") {
  TwoDeliveries b;
  b.deliver();
  std::filesystem::remove(b.path(std::string("inbox/") + kFirst));
  for (auto& delivery : b.deliveries) delivery.sequence = StreamSequence(delivery.sequence.value + 2);
  b.deliver();
  CHECK(b.list("inbox") == Names{kSecond});
  b.start();
  b.deliver();
  CHECK(b.list("inbox") == Names{kSecond});
}

TEST_CASE("After a crash before the transaction the staging file is removed and the delivery comes again") {
  TwoDeliveries b;
  b.put(std::string(".staging/") + kFirst, "half");
  b.start();
  CHECK(b.list(".staging").empty());
  CHECK(b.list("inbox").empty());
  b.deliver();
  CHECK(b.list("inbox").size() == 2);
}

TEST_CASE("After a crash with deliveries staged the ones in staging are delivered and the others were") {
  TwoDeliveries b;
  const std::vector<sdk::StagedDelivery> staged = {{"abcdef01-000000000041-0", StreamSequence(1)},
                                                   {"abcdef01-000000000042-0", StreamSequence(2)}};
  b.put(std::string(".staging/") + kSecond, "second");
  REQUIRE(b.store->stage(staged, {}, {}, {test::kJournal, StreamSequence(2), {}, {}}, test::kNow));
  b.start();
  CHECK(b.list("inbox") == Names{kSecond});
  CHECK(b.store->staged()->empty());
}

TEST_CASE("A receipt becomes a status file named after the document's file") {
  TwoDeliveries b;
  std::vector<sdk::NewDocument> documents;
  documents.push_back({test::numbered_id(1), {"a.json", 1, 2}, {}, {1}});
  const auto rows = b.store->take(std::move(documents), test::kNow);
  const sdk::OutboxResult answer{rows->at(0).ticket, sdk::OutboxState::accepted, Position(5), {}, {}, "a-2"};
  REQUIRE(b.store->record({&answer, 1}, {}, test::kNow));
  const sdk::ReceivedReceipt known{
      StreamSequence(1),
      {wire::DeliveryStatus::delivered, Position(5), test::numbered_id(1), 0, "btg.huyen", Position(6), {}}};
  const sdk::ReceivedReceipt unknown{
      StreamSequence(2),
      {wire::DeliveryStatus::delivered, Position(7), test::numbered_id(2), 0, "btg.huyen", Position(8), {}}};
  const std::vector<sdk::ReceivedReceipt> receipts = {known, unknown};
  REQUIRE(b.inbox->store_receipts(receipts, {test::kJournal, {}, {}, {}}));
  CHECK(b.list("status") ==
        Names{to_text(test::numbered_id(2)) + ".delivered.btg.huyen.json", "a-2.delivered.btg.huyen.json"});
  CHECK(b.store->progress()->receipts_stored == StreamSequence(2));
}

TEST_CASE("A receipt whose recipient is no party's id writes no file") {
  TwoDeliveries b;
  const sdk::ReceivedReceipt bad{
      StreamSequence(1),
      {wire::DeliveryStatus::delivered, Position(5), test::numbered_id(1), 0, "../../x", Position(6), {}}};
  CHECK_FALSE(b.inbox->store_receipts({&bad, 1}, {test::kJournal, {}, {}, {}}));
  CHECK(b.list("status").empty());
}

TEST_CASE("A document that can't be written is reported as failed, and the one behind it is delivered") {
  TwoDeliveries b;
  std::filesystem::create_directory(b.path(std::string(".staging/") + kFirst));
  b.deliver();
  CHECK(b.list("inbox") == Names{kSecond});
  CHECK(b.store->progress()->deliveries_stored == StreamSequence(2));
  const auto reports = b.store->reports(0);
  REQUIRE(reports->size() == 1);
  const sdk::StatusReport& report = reports->front().report;
  CHECK(report.status == wire::DeliveryStatus::failed);
  CHECK(report.delivery == wire::DeliveryKey{Position(41), 0, {}});
  CHECK(report.cause == "delivery-not-stored");
  CHECK_FALSE(report.permanent);
  std::filesystem::remove(b.path(std::string(".staging/") + kFirst));
  b.deliver();  // the hub tries it again
  CHECK(b.list("inbox") == Names{kFirst, kSecond});
}

TEST_CASE("A replay is a file of its own that names the first delivery") {
  TwoDeliveries b;
  b.deliver();
  for (auto& delivery : b.deliveries) delivery.delivery.replay = Position(99);
  b.deliver();
  CHECK(b.list("inbox").size() == 4);
  const std::string text = b.read("inbox/abcdef01-000000000041-0-r99.json");
  CHECK(text.find(R"("replay_of": "abcdef01-000000000041-0")") != std::string::npos);
}

TEST_CASE("A receipt of another status is a file with its name and reason") {
  TwoDeliveries b;
  const sdk::ReceivedReceipt refused{StreamSequence(1),
                                     {wire::DeliveryStatus::refused,
                                      Position(5),
                                      test::numbered_id(2),
                                      0,
                                      "btg.huyen",
                                      Position(6),
                                      {},
                                      "sai thể thức"}};
  REQUIRE(b.inbox->store_receipts({&refused, 1}, {test::kJournal, {}, {}, {}}));
  const std::string name = to_text(test::numbered_id(2)) + ".refused.btg.huyen.json";
  CHECK(b.list("status") == Names{name});
  CHECK(b.read("status/" + name).find(R"("reason": "sai thể thức")") != std::string::npos);
}
