#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/unit/sdk/store_bench.hpp"

using namespace hub;
using test::kNow;
using test::StoreBench;

TEST_CASE("Progress survives a restart and only grows") {
  StoreBench b;
  sdk::Progress progress{Bytes<16>{1}, StreamSequence(5), StreamSequence(6), Position(7), {}};
  REQUIRE(b.store->save(progress));
  REQUIRE(b.store->save({Bytes<16>{2}, StreamSequence(4), StreamSequence(7), Position(1), {}}));
  b.open();
  const auto read = b.store->progress();
  REQUIRE(read);
  CHECK(read->journal_id == Bytes<16>{1});
  CHECK(read->deliveries_stored == StreamSequence(5));
  CHECK(read->receipts_stored == StreamSequence(7));
  CHECK(read->position_seen == Position(7));
}

TEST_CASE("A store is refused to another party and to a second program") {
  StoreBench b;
  const auto second = sdk::Store::open(b.path(), "toa-an.huyen");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::io_failed);
  b.store.reset();
  const auto other = sdk::Store::open(b.path(), "vks.huyen");
  REQUIRE_FALSE(other);
  CHECK(other.error().code == ErrorCode::config_invalid);
}

TEST_CASE("A store of a newer version is refused") {
  StoreBench b;
  b.store.reset();
  REQUIRE(sqlite::Database::open(b.path(), sqlite::Access::exclusive)
              .value()
              ->execute("PRAGMA user_version = " + std::to_string(sdk::Store::kSchemaVersion + 1)));
  CHECK_FALSE(sdk::Store::open(b.path(), "toa-an.huyen"));
}

TEST_CASE("A queued document survives a restart with its bytes") {
  StoreBench b;
  const auto row = b.take(b.document(1));
  b.open();
  const auto rows = b.store->unfinished();
  REQUIRE(rows->size() == 1);
  CHECK(rows->at(0).ticket == row.ticket);
  CHECK(rows->at(0).document == Buffer{1, 1});
  CHECK(rows->at(0).file == sdk::FileIdentity{"a.json", 5, 6});
}

TEST_CASE("The same content under the same id takes the queued bytes, then the stored answer") {
  StoreBench b;
  const auto first = b.take(b.document(1));
  auto again = b.document(1);
  again.document = {9, 9};
  const auto second = b.take(again);
  CHECK(second.state == sdk::OutboxState::queued);
  CHECK(second.document == Buffer{1, 1});
  b.record(first.ticket, sdk::OutboxState::accepted, "a");
  const auto third = b.take(again);
  CHECK(third.state == sdk::OutboxState::accepted);
  CHECK(third.result == Buffer{4});
}

TEST_CASE("Other content under an accepted id, and a refused document, are sent anew") {
  StoreBench b;
  const auto first = b.take(b.document(1));
  b.record(first.ticket, sdk::OutboxState::accepted, "a");
  CHECK(b.take(b.document(1, 2)).state == sdk::OutboxState::queued);
  const auto refused = b.take(b.document(2));
  b.record(refused.ticket, sdk::OutboxState::refused, "b");
  b.finish(refused.ticket);
  CHECK(b.take(b.document(2)).state == sdk::OutboxState::queued);
}

TEST_CASE("A finished document keeps its id and name and loses its bytes") {
  StoreBench b;
  const auto row = b.take(b.document(1));
  b.record(row.ticket, sdk::OutboxState::accepted, "a-2");
  CHECK(b.store->unfinished()->at(0).final_name == "a-2");
  b.finish(row.ticket);
  CHECK(b.store->unfinished()->empty());
  CHECK(b.store->final_name(test::numbered_id(1)).value() == "a-2");
  CHECK(b.store->final_name(test::numbered_id(2)).value().empty());
}

TEST_CASE("Staged deliveries are known after a restart until and after they are marked delivered") {
  StoreBench b;
  const std::vector<sdk::StagedDelivery> staged = {{"x-2", StreamSequence(2)}, {"x-1", StreamSequence(1)}};
  REQUIRE(b.store->stage(staged, {}, {}, {Bytes<16>{1}, StreamSequence(2), {}, Position(8)}, kNow));
  b.open();
  CHECK(b.store->staged().value() == std::vector<std::string>{"x-1", "x-2"});
  CHECK(b.store->progress()->deliveries_stored == StreamSequence(2));
  const std::vector<std::string> first = {"x-1"};
  REQUIRE(b.store->mark_delivered(first));
  CHECK(b.store->staged().value() == std::vector<std::string>{"x-2"});
  CHECK(b.store->knows_delivery("x-1").value());
  CHECK_FALSE(b.store->knows_delivery("x-3").value());
}

TEST_CASE("Finished rows are kept for thirty days and unfinished ones for ever") {
  StoreBench b;
  const auto row = b.take(b.document(1));
  b.record(row.ticket, sdk::OutboxState::accepted, "a");
  b.finish(row.ticket);
  b.take(b.document(2));
  REQUIRE(b.store->prune(UnixMicros(kNow.value + sdk::Store::kKeptMicros)));
  CHECK(b.store->final_name(test::numbered_id(1)).value() == "a");
  REQUIRE(b.store->prune(UnixMicros(kNow.value + sdk::Store::kKeptMicros + 1)));
  CHECK(b.store->final_name(test::numbered_id(1)).value().empty());
  CHECK(b.store->unfinished()->size() == 1);
}

TEST_CASE("A store of schema version 1 is brought up to date and keeps what it holds") {
  StoreBench b;
  const auto row = b.take(b.document(1));
  b.store.reset();
  {
    auto database = sqlite::Database::open(b.path(), sqlite::Access::exclusive);
    REQUIRE(database);
    REQUIRE((*database)->execute("DROP TABLE outbox_attachment; DROP TABLE inbox_content; DROP TABLE reports; "
                                 "ALTER TABLE outbox DROP COLUMN salt; ALTER TABLE outbox DROP COLUMN signed_at; ALTER TABLE outbox DROP COLUMN open; "
                                 "ALTER TABLE outbox DROP COLUMN origin; DROP INDEX inbox_by_document; "
                                 "ALTER TABLE inbox DROP COLUMN document_id; ALTER TABLE inbox DROP COLUMN recalls; "
                                 "ALTER TABLE inbox DROP COLUMN leaf; ALTER TABLE progress DROP COLUMN checkpoint; "
                                 "ALTER TABLE progress DROP COLUMN complete_since; "
                                 "PRAGMA user_version = 1"));
  }
  b.open();
  CHECK(b.store->reports(0)->empty());
  CHECK(b.store->unfinished()->size() == 1);
  CHECK(b.store->unfinished()->front().ticket == row.ticket);
}

TEST_CASE("The newest checkpoint comes back") {
  StoreBench b;
  sdk::Progress progress = b.store->progress().value();
  CHECK(progress.checkpoint.empty());
  progress.checkpoint = "hub.test\n7\n";
  REQUIRE(b.store->save(progress));
  b.store.reset();
  b.open();
  CHECK(b.store->progress()->checkpoint == "hub.test\n7\n");
}

TEST_CASE("A report comes back as it was taken until it is finished") {
  StoreBench b;
  const sdk::ReportRow row{
      {0, {Position(3), 254, Position(9)}, wire::DeliveryStatus::failed, "đầy", UnixMicros(-5), "io-failed", true},
      {"a.json", ~0ull, 6},
      {},
      {}};
  REQUIRE(b.store->take_reports({&row, 1}));
  b.open();
  const auto read = b.store->reports(0);
  REQUIRE(read->size() == 1);
  const sdk::ReportRow& same = read->front();
  CHECK(same.report.delivery == row.report.delivery);
  CHECK(same.report.status == row.report.status);
  CHECK(same.report.reason == row.report.reason);
  CHECK(same.report.time == row.report.time);
  CHECK(same.report.cause == row.report.cause);
  CHECK(same.report.permanent);
  CHECK(same.file.inode == ~0ull);
  CHECK(same.answer.empty());
  CHECK(b.store->reports(same.report.ticket)->empty());
  sdk::ReportRow answered = same;
  answered.answer = {1, 2};
  answered.final_name = "a-2";
  REQUIRE(b.store->record_reports({&answered, 1}));
  CHECK(b.store->reports(0)->front().final_name == "a-2");
  CHECK(b.store->reports(0)->front().answer == Buffer{1, 2});
  REQUIRE(b.store->finish_reports({&answered.report.ticket, 1}));
  CHECK(b.store->reports(0)->empty());
}

TEST_CASE("Where a document's attachments are is kept until it is finished") {
  StoreBench b;
  sdk::NewDocument document = b.document(1);
  document.attachments = {"b", "a"};
  const sdk::Ticket ticket = b.take(std::move(document)).ticket;
  b.open();
  CHECK(b.store->unfinished()->at(0).attachments == std::vector<std::string>{"b", "a"});
  b.finish(ticket);
  CHECK(b.store->unfinished()->empty());
}

TEST_CASE("What is said of a document is about its last delivery, and about a replay when that has come whole") {
  StoreBench b;
  const Uuid document{{7}};
  const sdk::AwaitedContent content{"replay", {Position(7), 0, Position(9)}, 0, "a.pdf", 1, crypto::Digest{9}};
  const std::vector<sdk::StagedDelivery> first = {{"first", StreamSequence(1), {}, document}};
  const std::vector<sdk::StagedDelivery> replay = {{"replay", StreamSequence(2), {content}, document}};
  SECTION("both came") {
    REQUIRE(b.store->stage(first, {}, {}, {}, kNow));
    REQUIRE(b.store->stage(replay, {}, {}, {}, kNow));
    CHECK(b.store->delivery_of(document) == std::string("first"));
    REQUIRE(b.store->content_stored(content, kNow));
    CHECK(b.store->delivery_of(document) == std::string("replay"));
  }
  SECTION("nothing else came: a recall may be answered before the document is there") {
    REQUIRE(b.store->stage(replay, {}, {}, {}, kNow));
    CHECK(b.store->delivery_of(document) == std::string("replay"));
  }
}

TEST_CASE("A delivery is staged while it waits for contents, and ready with the last one") {
  StoreBench b;
  const sdk::AwaitedContent content{"d", {Position(7), 2, Position(8)}, 0, "a.pdf", std::uint64_t{4} << 30, crypto::Digest{9}};
  sdk::StagedDelivery delivery{"d", StreamSequence(1), {content, content}};
  delivery.contents[1].attachment = 1;
  REQUIRE(b.store->stage({&delivery, 1}, {}, {}, {}, kNow));
  b.open();
  CHECK(b.store->staged()->empty());
  REQUIRE(b.store->awaited()->size() == 2);
  const sdk::AwaitedContent read = b.store->awaited()->at(1);
  CHECK(read.delivery_id == "d");
  CHECK(read.delivery == wire::DeliveryKey{Position(7), 2, Position(8)});
  CHECK(read.attachment == 1);
  CHECK(read.name == "a.pdf");
  CHECK(read.size == std::uint64_t{4} << 30);
  CHECK(read.sha256 == crypto::Digest{9});
  CHECK(b.store->content_stored(delivery.contents[0], kNow) == false);
  CHECK(b.store->content_stored(delivery.contents[1], kNow) == true);
  CHECK(b.store->staged() == std::vector<std::string>{"d"});
  const auto reports = b.store->reports(0);
  REQUIRE(reports->size() == 1);
  CHECK(reports->front().report.delivery == content.delivery);
  CHECK(reports->front().report.status == wire::DeliveryStatus::delivered);
}
