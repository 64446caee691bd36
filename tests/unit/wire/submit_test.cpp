#include "hub/wire/submit.hpp"

#include "tests/unit/wire/hand_made.hpp"
#include "tests/unit/wire/samples.hpp"

namespace hub::wire {
namespace {

Result<Submit> round_trip(const Submit& sent, Buffer& bytes) {
  write(bytes, sent);
  return read_submit(ByteView(bytes).subspan(2));
}

TEST_CASE("a batch of 256 documents is read, 257 are refused as too many, and none as malformed") {
  const Buffer document{0x80};
  Buffer bytes;
  Submit batch{9, {}, {}, std::vector<ByteView>(kBatchDocumentsMax, document)};
  const auto read = round_trip(batch, bytes);
  REQUIRE(read);
  CHECK(read->batch == 9);
  CHECK(read->documents.size() == kBatchDocumentsMax);
  batch.documents.emplace_back(document);
  const auto refused = round_trip(batch, bytes);
  check_refused(refused, ErrorCode::batch_too_large);
  CHECK(refused.error().fact("actual") == "257");
  batch.documents.clear();
  check_refused(round_trip(batch, bytes), ErrorCode::frame_malformed);
}

TEST_CASE("a document of 1 MiB is read, and one byte more is refused") {
  Buffer document(kDocumentBytesMax, 0xab), bytes;
  CHECK(round_trip(Submit{1, {}, {}, {document}}, bytes)->documents[0].size() == kDocumentBytesMax);
  document.push_back(0);
  const auto refused = round_trip(Submit{1, {}, {}, {document}}, bytes);
  check_refused(refused, ErrorCode::document_too_large);
  CHECK(refused.error().fact("actual") == std::to_string(kDocumentBytesMax + 1));
}

TEST_CASE("a refused batch still tells its number, so that the refusal can name it") {
  const Buffer document{0x80};
  Buffer bytes;
  Submit out;
  write(bytes, Submit{77, {}, {}, std::vector<ByteView>(kBatchDocumentsMax + 1, document)});
  CHECK_FALSE(read_submit(ByteView(bytes).subspan(2), out));
  CHECK(out.batch == 77);
}

TEST_CASE("a batch that is too large leaves nothing behind but its number") {
  const Buffer document;
  Buffer bytes;
  Submit out;
  write(bytes, Submit{1, {}, {}, std::vector<ByteView>(1'000'000, document)});
  check_refused(read_submit(ByteView(bytes).subspan(2), out), ErrorCode::batch_too_large);
  CHECK(out.documents.capacity() <= kBatchDocumentsMax);
}

TEST_CASE("a key id is 16 bytes and a signature is 64, no more and no fewer") {
  const auto submit = [](std::size_t key, std::size_t signature) {
    return rewrite_frame(frame_of(Kind::submit, [&](Packer& p) {
      p.pack_map(4);
      p.pack_uint8(1);
      p.pack_uint8(1);
      p.pack_uint8(2);
      pack_bytes(p, Buffer(key));
      p.pack_uint8(3);
      pack_bytes(p, Buffer(signature));
      p.pack_uint8(4);
      p.pack_array(1);
      pack_bytes(p, Buffer(1));
    }));
  };
  CHECK(submit(16, 64));
  for (const auto& [key, signature] : {std::pair<std::size_t, std::size_t>{15, 64}, {17, 64}, {16, 63}, {16, 65}})
    check_refused(submit(key, signature), ErrorCode::frame_malformed);
}

Result<Results> results_of(std::size_t rows, std::size_t row_bytes, std::size_t count = 1, std::size_t first = 0) {
  static Buffer bytes;
  const Buffer row(row_bytes);
  DocumentResult result;
  result.outcome = kAccepted;
  result.rows.assign(rows, ResultRow{row, {}});
  ResultsWriter writer(bytes, 3, count, first);
  for (std::size_t i = 0; i < count; ++i) writer.add(result);
  return read_results(ByteView(bytes).subspan(2));
}

TEST_CASE("a result has 255 rows of 352 bytes at most") {
  CHECK(results_of(kRecipientsMax, kRowBytesMax)->results[0].rows.size() == kRecipientsMax);
  check_refused(results_of(kRecipientsMax + 1, 1), ErrorCode::frame_malformed);
  check_refused(results_of(1, kRowBytesMax + 1), ErrorCode::frame_malformed);
}

TEST_CASE("results stay within a batch of 256, from whichever document they start") {
  CHECK(results_of(0, 0, kBatchDocumentsMax)->results.size() == kBatchDocumentsMax);
  check_refused(results_of(0, 0, kBatchDocumentsMax + 1), ErrorCode::frame_malformed);
  const auto last = results_of(0, 0, 1, kBatchDocumentsMax - 1);
  REQUIRE(last);
  CHECK(last->first == kBatchDocumentsMax - 1);
  check_refused(results_of(0, 0, 2, kBatchDocumentsMax - 1), ErrorCode::frame_malformed);
  check_refused(results_of(0, 0, 0, kBatchDocumentsMax), ErrorCode::frame_malformed);
}

TEST_CASE("a result comes back with every part as it was sent") {
  Buffer bytes;
  const Buffer row{1, 2, 3};
  const DocumentResult sent{"no-agreement", Position(UINT64_MAX), samples::batch_leaves()[0], UnixMicros(-5), true,
                            {{row, {{"party", "a"}}}}, {{"x", "y"}}};
  ResultsWriter(bytes, 3, 1).add(sent);
  const auto read = read_results(ByteView(bytes).subspan(2));
  REQUIRE(read);
  CHECK(read->batch == 3);
  const DocumentResult& got = read->results.at(0);
  CHECK(got.outcome == sent.outcome);
  CHECK(got.position == sent.position);
  CHECK(got.leaf == sent.leaf);
  CHECK(got.time == sent.time);
  CHECK(got.again);
  CHECK(equal(got.rows.at(0).row, row));
  CHECK(got.rows[0].facts == sent.rows[0].facts);
  CHECK(got.facts == sent.facts);
}

}  // namespace
}  // namespace hub::wire
