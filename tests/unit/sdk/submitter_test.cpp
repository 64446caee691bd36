#include <catch2/catch.hpp>

#include "adapters/sdk/submitter.hpp"
#include "hub/crypto/batch.hpp"

using namespace hub;
using namespace std::chrono_literals;

namespace {

const sdk::SteadyTime kStart{};

struct Answered {
  sdk::Ticket ticket;
  std::string outcome;
};

struct SubmitterBench {
  std::vector<Answered> answers, held;
  crypto::SigningKey key = crypto::SigningKey::from_seed(Bytes<32>{3});
  sdk::Submitter submitter{key, "toa-an.huyen",
                           [this](sdk::Ticket ticket, const wire::DocumentResult& result) {
                             answers.push_back({ticket, std::string(result.outcome)});
                           },
                           [this](sdk::Ticket ticket, ErrorCode code, ByteView) {
                             held.push_back({ticket, std::string(code_text(code))});
                           }};
  Buffer frame;
  wire::Submit batch;

  static wire::Welcome welcome() {
    wire::Welcome out;
    out.origin = "hub.example";
    return out;
  }
  void add(sdk::Ticket ticket, std::size_t bytes = 10) {
    REQUIRE(submitter.add(ticket, Buffer(bytes, static_cast<std::uint8_t>(ticket))));
  }
  bool next(sdk::SteadyTime now = kStart) {
    if (!submitter.next_batch(frame, now)) return false;
    REQUIRE(wire::read_submit(wire::read_frame(frame)->payload, batch));
    return true;
  }
  void answer(std::uint64_t number, const std::vector<std::string_view>& outcomes, sdk::SteadyTime now = kStart) {
    wire::Results results;
    results.batch = number;
    for (const auto outcome : outcomes) results.results.emplace_back().outcome = outcome;
    REQUIRE(submitter.take(results, now));
  }
};

}  // namespace

TEST_CASE("Nothing is sent before a session is open") {
  SubmitterBench b;
  b.add(1);
  CHECK_FALSE(b.next());
}

TEST_CASE("Whatever waits goes out as one batch whose signature the hub can check") {
  SubmitterBench b;
  b.submitter.start(b.welcome());
  b.add(1);
  b.add(2);
  REQUIRE(b.next());
  REQUIRE(b.batch.documents.size() == 2);
  std::vector<crypto::Digest> leaves;
  for (const ByteView d : b.batch.documents) leaves.push_back(crypto::batch_leaf(crypto::sha256(d)));
  const Buffer text = crypto::batch_signed_text(
      {"hub.example", "toa-an.huyen", b.batch.key, 2, crypto::merkle_root(leaves)});
  CHECK(crypto::verify(b.key.public_key(), text, b.batch.signature));
  CHECK_FALSE(b.next());
}

TEST_CASE("A batch holds the hub's limit of documents and the next one the rest") {
  SubmitterBench b;
  auto welcome = b.welcome();
  welcome.batch_documents_max = 3;
  b.submitter.start(welcome);
  for (sdk::Ticket t = 0; t < 4; ++t) b.add(t);
  REQUIRE(b.next());
  CHECK(b.batch.documents.size() == 3);
  REQUIRE(b.next());
  CHECK(b.batch.documents.size() == 1);
}

TEST_CASE("A frame of the hub's limit is filled and never exceeded") {
  SubmitterBench b;
  b.submitter.start(b.welcome());
  for (sdk::Ticket t = 0; t < 5; ++t) b.add(t, wire::kDocumentBytesMax);
  REQUIRE(b.next());
  CHECK(b.batch.documents.size() == 3);
  CHECK(b.frame.size() <= wire::kFrameBytesMax);
}

TEST_CASE("The submit window in documents is filled and not exceeded") {
  SubmitterBench b;
  auto welcome = b.welcome();
  welcome.submit_window_documents = 4;
  welcome.batch_documents_max = 3;
  b.submitter.start(welcome);
  for (sdk::Ticket t = 0; t < 6; ++t) b.add(t);
  REQUIRE(b.next());
  REQUIRE(b.next());
  CHECK(b.batch.documents.size() == 1);
  CHECK_FALSE(b.next());
  b.answer(1, {"accepted", "accepted", "accepted"});
  REQUIRE(b.next());
  CHECK(b.batch.documents.size() == 2);
}

TEST_CASE("The submit window in bytes holds back one byte too many") {
  SubmitterBench b;
  auto welcome = b.welcome();
  welcome.submit_window_bytes = 20;
  b.submitter.start(welcome);
  b.add(1, 10);
  b.add(2, 10);
  b.add(3, 1);
  REQUIRE(b.next());
  CHECK(b.batch.documents.size() == 2);
  CHECK_FALSE(b.next());
}

TEST_CASE("A document of the limit is taken and one byte more is refused") {
  SubmitterBench b;
  CHECK(b.submitter.add(1, Buffer(wire::kDocumentBytesMax)));
  const auto over = b.submitter.add(2, Buffer(wire::kDocumentBytesMax + 1));
  REQUIRE_FALSE(over);
  CHECK(over.error().code == ErrorCode::document_too_large);
}

TEST_CASE("A document over a hub's own smaller limit is refused without being sent") {
  SubmitterBench b;
  auto welcome = b.welcome();
  welcome.document_bytes_max = 10;
  b.submitter.start(welcome);
  b.add(1, 10);
  b.add(2, 11);
  b.add(3, 10);
  REQUIRE(b.next());
  CHECK(b.batch.documents.size() == 1);
  REQUIRE(b.next());
  CHECK(b.batch.documents[0].size() == 10);
  REQUIRE(b.answers.size() == 1);
  CHECK(b.answers[0].ticket == 2);
  CHECK(b.answers[0].outcome == "document-too-large");
}

TEST_CASE("Results find their documents by the batch's number") {
  SubmitterBench b;
  auto welcome = b.welcome();
  welcome.batch_documents_max = 1;
  b.submitter.start(welcome);
  b.add(7);
  b.add(8);
  REQUIRE(b.next());
  REQUIRE(b.next());
  b.answer(2, {"no-agreement"});
  b.answer(1, {"accepted"});
  REQUIRE(b.answers.size() == 2);
  CHECK(b.answers[0].ticket == 8);
  CHECK(b.answers[1].ticket == 7);
  CHECK(b.submitter.documents() == 0);
  CHECK(b.submitter.bytes() == 0);
}

TEST_CASE("Results that fit no batch, skip a document or are too many are refused") {
  SubmitterBench b;
  b.submitter.start(b.welcome());
  b.add(1);
  REQUIRE(b.next());
  wire::Results results;
  results.results.emplace_back().outcome = wire::kAccepted;
  results.batch = 9;
  CHECK_FALSE(b.submitter.take(results, kStart));
  results.batch = 1;
  results.first = 1;
  CHECK_FALSE(b.submitter.take(results, kStart));
  results.first = 0;
  results.results.emplace_back().outcome = wire::kAccepted;
  CHECK_FALSE(b.submitter.take(results, kStart));
  CHECK(b.answers.empty());
}

TEST_CASE("The answers to a batch may come in parts, and only what has none goes again after a reconnection") {
  SubmitterBench b;
  b.submitter.start(b.welcome());
  for (sdk::Ticket t = 1; t <= 3; ++t) b.add(t);
  REQUIRE(b.next());
  b.answer(1, {"accepted"});
  CHECK(b.answers.size() == 1);
  CHECK(b.submitter.documents() == 2);
  SECTION("the rest comes") {
    wire::Results rest;
    rest.batch = rest.first = 1;
    rest.results.emplace_back().outcome = "storage-full";
    rest.results.emplace_back().outcome = "no-agreement";
    REQUIRE(b.submitter.take(rest, kStart));
    CHECK(b.answers.size() == 2);
    REQUIRE(b.next(kStart + 100ms));
    REQUIRE(b.batch.documents.size() == 1);
    CHECK(b.batch.documents[0][0] == 2);
  }
  SECTION("the session ends first") {
    b.submitter.start(b.welcome());
    REQUIRE(b.next());
    REQUIRE(b.batch.documents.size() == 2);
    CHECK(b.batch.documents[0][0] == 2);
  }
}

TEST_CASE("After a reconnection unanswered documents go again in their order with the same bytes and a new number") {
  SubmitterBench b;
  auto welcome = b.welcome();
  welcome.batch_documents_max = 2;
  b.submitter.start(welcome);
  for (sdk::Ticket t = 1; t <= 5; ++t) b.add(t);
  REQUIRE(b.next());
  REQUIRE(b.next());
  b.submitter.stop();
  welcome.batch_documents_max = 256;
  b.submitter.start(welcome);
  REQUIRE(b.next());
  CHECK(b.batch.batch == 3);
  REQUIRE(b.batch.documents.size() == 5);
  for (std::uint8_t i = 0; i < 5; ++i) CHECK(b.batch.documents[i][0] == i + 1);
}

TEST_CASE("A retryable refusal stays queued and goes again after a pause that grows") {
  SubmitterBench b;
  b.submitter.start(b.welcome());
  b.add(1);
  REQUIRE(b.next());
  b.answer(1, {"storage-full"});
  CHECK(b.answers.empty());
  CHECK_FALSE(b.next(kStart + 99ms));
  REQUIRE(b.next(kStart + 100ms));
  b.answer(2, {"storage-full"}, kStart + 100ms);
  CHECK_FALSE(b.next(kStart + 299ms));
  REQUIRE(b.next(kStart + 300ms));
  b.answer(3, {"accepted"}, kStart + 300ms);
  CHECK(b.answers.size() == 1);
}

TEST_CASE("A batch that was refused as a whole is taken apart until the refusal finds its document") {
  SubmitterBench b;
  b.submitter.start(b.welcome());
  b.add(1);
  b.add(2);
  REQUIRE(b.next());
  b.submitter.take_refusal(1, {ErrorCode::frame_malformed, {}}, kStart);
  CHECK(b.answers.empty());
  REQUIRE(b.next());
  CHECK(b.batch.documents.size() == 1);
  b.submitter.take_refusal(2, {ErrorCode::frame_malformed, {}}, kStart);
  REQUIRE(b.answers.size() == 1);
  CHECK(b.answers[0].ticket == 1);
  REQUIRE(b.next());
  b.answer(3, {"accepted"});
  CHECK(b.answers.back().ticket == 2);
}

TEST_CASE("A document that lacks its attachments is held while others go, and goes again when it is told") {
  SubmitterBench b;
  b.submitter.start(SubmitterBench::welcome());
  b.add(1);
  b.add(2);
  REQUIRE(b.next());
  b.answer(b.batch.batch, {"attachments-needed", "accepted"});
  REQUIRE(b.held.size() == 1);
  CHECK(b.held[0].ticket == 1);
  CHECK(b.answers.size() == 1);
  CHECK(b.submitter.documents() == 1);
  CHECK_FALSE(b.next());
  b.add(3);
  b.submitter.submit_again(1);
  REQUIRE(b.next());
  REQUIRE(b.batch.documents.size() == 2);
  CHECK(b.batch.documents[0][0] == 1);
  b.answer(b.batch.batch, {"accepted", "accepted"});
  CHECK(b.submitter.documents() == 0);
  CHECK(b.submitter.bytes() == 0);
}

TEST_CASE("A held document stays held when the session ends, and can be refused") {
  SubmitterBench b;
  b.submitter.start(SubmitterBench::welcome());
  b.add(1);
  REQUIRE(b.next());
  b.answer(b.batch.batch, {"attachments-quota"});
  CHECK(b.held.at(0).outcome == "attachments-quota");
  b.submitter.stop();
  b.submitter.start(SubmitterBench::welcome());
  CHECK_FALSE(b.next());
  b.submitter.refuse_held(1, {ErrorCode::attachment_digest_wrong, {}});
  REQUIRE(b.answers.size() == 1);
  CHECK(b.answers[0].outcome == "attachment-digest-wrong");
  CHECK(b.submitter.documents() == 0);
}
