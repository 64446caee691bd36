#include "hub/wire/session.hpp"

#include "tests/unit/wire/hand_made.hpp"

namespace hub::wire {
namespace {

template <class M>
Buffer frame(const M& message) {
  Buffer out;
  write(out, message);
  return out;
}

ByteView payload(const Buffer& bytes) { return ByteView(bytes).subspan(2); }

TEST_CASE("HELLO comes back with every field as it was sent") {
  Hello sent;
  sent.version_min = 1;
  sent.version_max = 3;
  sent.endpoint = "a/b";
  sent.connection = Connection::bulk;
  sent.journal_id = Bytes<16>{1, 2, 3};
  sent.deliveries_stored = StreamSequence(UINT64_MAX);
  sent.receipts_stored = StreamSequence(5);
  sent.deliveries_window_items = 6;
  sent.deliveries_window_bytes = 7;
  sent.receipts_window_items = 8;
  sent.position_seen = Position(9);
  sent.software = "x";
  const Buffer bytes = frame(sent);
  const auto read = read_hello(payload(bytes));
  REQUIRE(read);
  CHECK(read->version_min == 1);
  CHECK(read->version_max == 3);
  CHECK(read->endpoint == "a/b");
  CHECK(read->connection == Connection::bulk);
  CHECK(read->journal_id == sent.journal_id);
  CHECK(read->deliveries_stored == sent.deliveries_stored);
  CHECK(read->receipts_stored == sent.receipts_stored);
  CHECK(read->deliveries_window_items == 6);
  CHECK(read->deliveries_window_bytes == 7);
  CHECK(read->receipts_window_items == 8);
  CHECK(read->position_seen == Position(9));
  CHECK(read->software == "x");
}

TEST_CASE("HELLO takes an endpoint of 64 bytes and a journal id of 16, and refuses one more") {
  Hello hello;
  hello.endpoint = std::string(kNameBytesMax, 'e');
  CHECK(read_hello(payload(frame(hello))));
  hello.endpoint += 'e';
  check_refused(read_hello(payload(frame(hello))), ErrorCode::frame_malformed);
  for (const std::size_t size : {15u, 17u}) {
    Buffer bytes = frame_of(Kind::hello, [&](Packer& p) {
      p.pack_map(1);
      p.pack_uint8(5);
      const Buffer id(size);
      pack_bytes(p, id);
    });
    check_refused(read_hello(payload(bytes)), ErrorCode::frame_malformed);
  }
}

TEST_CASE("WELCOME tells the limits of this version") {
  const Buffer bytes = frame(Welcome{});
  const auto read = read_welcome(payload(bytes));
  REQUIRE(read);
  CHECK(read->version == kVersion);
  CHECK(read->frame_bytes_max == kFrameBytesMax);
  CHECK(read->document_bytes_max == kDocumentBytesMax);
  CHECK(read->batch_documents_max == kBatchDocumentsMax);
  CHECK(read->recipients_max == kRecipientsMax);
  CHECK(read->submit_window_documents == kSubmitWindowDocuments);
  CHECK(read->submit_window_bytes == kSubmitWindowBytes);
  CHECK(read->heartbeat_millis == kHeartbeatMillis);
  CHECK(read->heartbeats_missed_max == kHeartbeatsMissedMax);
}

TEST_CASE("a message without one of its required fields is refused") {
  const Buffer whole = frame(Acknowledge{Stream::receipts, StreamSequence(4), 5, 6});
  CHECK(read_acknowledge(payload(whole)));
  for (std::uint8_t missing = 1; missing <= 4; ++missing) {
    const Buffer without = payload_of([&](Packer& p) {
      p.pack_map(3);
      for (std::uint8_t field = 1; field <= 4; ++field) {
        if (field == missing) continue;
        p.pack_uint8(field);
        p.pack_uint8(1);
      }
    });
    check_refused(read_acknowledge(without), ErrorCode::frame_malformed);
  }
}

TEST_CASE("a checkpoint of 4096 bytes and 65 digests is read, and one more of either is refused") {
  std::string note(kCheckpointBytesMax, 'c');
  Buffer proof(kConsistencyHashesMax * 32, 1);
  const Buffer whole = frame(CheckpointMessage{note, proof});
  const auto read = read_checkpoint(payload(whole));
  REQUIRE(read);
  CHECK(read->note == note);
  CHECK(Buffer(read->proof.begin(), read->proof.end()) == proof);
  proof.resize(proof.size() + 32);
  check_refused(read_checkpoint(payload(frame(CheckpointMessage{note, proof}))), ErrorCode::frame_malformed);
  proof.resize(31);
  check_refused(read_checkpoint(payload(frame(CheckpointMessage{note, proof}))), ErrorCode::frame_malformed);
  note += 'c';
  check_refused(read_checkpoint(payload(frame(CheckpointMessage{note, {}}))), ErrorCode::frame_malformed);
}

TEST_CASE("ACKNOWLEDGE knows two streams") {
  for (std::uint64_t stream = 0; stream <= 3; ++stream) {
    const auto read = read_acknowledge(payload(frame(Acknowledge{static_cast<Stream>(stream), {}, 1, 1})));
    CHECK(read.has_value() == (stream == 1 || stream == 2));
  }
}

TEST_CASE("a credential of 4096 bytes is read, and one byte more is refused") {
  std::string text(kCredentialBytesMax, 'c');
  const Buffer one = frame(Credential{7, text}), many = frame(Credentials{{text, "second"}});
  CHECK(read_credential(payload(one))->text == text);
  CHECK(read_credentials(payload(many))->texts.size() == 2);
  text += 'c';
  check_refused(read_credential(payload(frame(Credential{7, text}))), ErrorCode::frame_malformed);
  check_refused(read_credentials(payload(frame(Credentials{{text}}))), ErrorCode::frame_malformed);
}

TEST_CASE("ANSWER, GOODBYE and ERROR carry a code and its facts, or none") {
  const Error error{ErrorCode::key_unknown, {{"party", "a.b"}, {"key", "00"}}};
  CHECK(read_answer(payload(frame(Answer{3, error, Position(4)})))->refusal == error);
  CHECK_FALSE(read_answer(payload(frame(Answer{3, std::nullopt, Position(4)})))->refusal);
  CHECK(read_goodbye(payload(frame(Goodbye{error})))->reason == error);
  CHECK_FALSE(read_goodbye(payload(frame(Goodbye{})))->reason);
  CHECK(read_error(payload(frame(ErrorMessage{error, 9})))->batch == 9u);
  CHECK_FALSE(read_error(payload(frame(ErrorMessage{error, std::nullopt})))->batch);
}

TEST_CASE("every code of the catalogue is read from its text, and another one is refused") {
  for (std::size_t i = 0; i < error_catalogue().size(); ++i) {
    const Error error{static_cast<ErrorCode>(i), {}};
    CHECK(read_error(payload(frame(ErrorMessage{error, std::nullopt})))->error == error);
  }
  const Buffer unknown = payload_of([](Packer& p) {
    p.pack_map(1);
    p.pack_uint8(1);
    pack_text(p, "no-such-code");
  });
  check_refused(read_goodbye(unknown), ErrorCode::frame_malformed);
}

TEST_CASE("times before 1970 come back") {
  CHECK(read_heartbeat(payload(frame(Heartbeat{UnixMicros(-1)})))->time == UnixMicros(-1));
  CHECK(read_heartbeat(payload(frame(Heartbeat{UnixMicros(INT64_MIN)})))->time == UnixMicros(INT64_MIN));
}

}  // namespace
}  // namespace hub::wire
