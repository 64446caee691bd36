#include "hub/broker/record_codec.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;
using test::Note;

Buffer encoded(const CoreBench& bench, const Record& record) {
  Buffer out;
  encode(bench.registry(), record, out);
  return out;
}

// One record of every kind but the documents', each member with a value of its own.
std::vector<Record> plain_records(const CoreBench& bench) {
  const EndpointIndex endpoint = bench.endpoint(1);
  const PartyIndex party = bench.registry().endpoint_at(endpoint).party;
  return {JournalCreated{"hub.vn", {1}, {{2}, {3}}, true},
          ConfigurationChanged{registry::ItemKind::party, "a.b", "{}", "administrator:x"},
          HubStarted{"0.1.0"},
          HubStarted{"0.1.0", {{36}, {37}}},
          HubStopped{},
          BatchReceived{endpoint, party, {4}, 5, {6}, {7}},
          BatchRefused{endpoint, {8}, 9, ErrorCode::signature_invalid},
          EndpointConnected{endpoint, SessionId(10), StreamSequence(11), StreamSequence(12), 13, 14, "sdk", {{Position(7), 2}}},
          EndpointDisconnected{endpoint, SessionId(15), "goodbye"},
          DeliveriesAcknowledged{endpoint, StreamSequence(16), 17, 18, {{Position(70'000), 0}, {Position(4), 254}}},
          ReceiptsAcknowledged{endpoint, StreamSequence(19)},
          StrangersRefused{20, UnixMicros(-21)},
          ScheduleReached{UnixMicros(22)},
          DeliveryReported{endpoint, {Position(23), 2, {}}, wire::DeliveryStatus::refused, "không", UnixMicros(24), true},
          DeliveryReported{endpoint, {Position(25), 3, Position(26)}, wire::DeliveryStatus::finished, {}, {}, false},
          DeliveryFailed{endpoint, {Position(27), 4, {}}, "delivery-not-stored", "disk", 5, UnixMicros(28)},
          DeliveryFailed{endpoint, {Position(29), 5, Position(30)}, "io-failed", "", 10, std::nullopt},
          DeliveryOrdered{OrderAction::stop, {Position(31), 6, {}}, "administrator:x", "lỗi", "{}", {32}, {}, {}, {}},
          DeliveryOrdered{OrderAction::replay, {Position(33), 7, Position(34)}, "administrator:y", "mất", "{}", {35},
                          {0x90}, {}, {}},
          DeliveryOrdered{OrderAction::replay, {Position(33), 7, {}}, "administrator:x", "mất", "{}", {36}, {0x90},
                          "administrator:y", {37}},
          ContentPermitted{endpoint, party, {23}, 24, UnixMicros(25)},
          ContentStored{party, {26}, 27},
          ContentDropped{party, {28}, "not uploaded in time"},
          ProbeRecorded{},
          StorageKeyCreated{36, 120, Month(24290)},
          StorageKeyDestroyed{37, 1, Month(24291), {{"administrator:x", "administrator:y"}, "hết hạn", "{}", {{38}, {39}}}},
          LegalHoldChanged{40, 1200, Month(24292), {{"administrator:x"}, "vụ án", "{}", {{41}}}, true},
          BodyRead{Position(42), "administrator:x", "kiểm tra", "{}", {43}},
          RoleChanged{RoleAction::grant, "van-thu", Role::viewer, "party-1", "administrator:x", "giao việc", "{}", {44}},
          RoleChanged{RoleAction::revoke, "quan-tri", Role::administrator, {}, "hub:first-start", "thôi việc", {}, {}},
          EndpointOrdered{EndpointAction::pause, endpoint, "administrator:x", "bảo trì", "{}", {45}}};
}

void check_round_trip(const CoreBench& bench, const Record& record, const crypto::Digest& body_digest) {
  const auto kind = static_cast<std::uint8_t>(kind_of(record));
  CAPTURE(name_of(kind_of(record)));
  const Buffer bytes = encoded(bench, record);
  const auto read = decode(bench.registry(), kind, bytes, body_digest);
  REQUIRE(read.has_value());
  CHECK(kind_of(*read) == kind_of(record));
  CHECK(encoded(bench, *read) == bytes);

  std::size_t taken = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    taken += decode(bench.registry(), kind, ByteView(bytes).first(size), body_digest).has_value() ? 1u : 0u;
  CHECK(taken == 0);
  Buffer longer = bytes;
  longer.push_back(0);
  CHECK_FALSE(decode(bench.registry(), kind, longer, body_digest).has_value());
}

}  // namespace

TEST_CASE("every kind of record is read as it was written, and never from a part of it") {
  const CoreBench bench;
  for (const Record& record : plain_records(bench)) check_round_trip(bench, record, {});
}

TEST_CASE("document records are read as they were written, accepted, in part and refused") {
  CoreBench bench;
  const Note notes[] = {{.number = 1, .to = "party-1,party-2"},
                        {.number = 2, .to = "party-1,nobody", .urgency = 2},
                        {.number = 3, .to = "nobody"},
                        {.number = 4, .type = simulation::kForbiddenType},
                        {.number = 5, .text = std::string(6000, 'x')},
                        {.number = 6, .urgency = 4, .deliver_at = UnixMicros(test::kStart.value + 5)},
                        {.number = 8, .case_ref = "15/2022/VA-VKS"},
                        {.number = 7, .attachments = {{"a", "text/plain", "", 1, crypto::Digest{9}}}}};
  for (const Note& note : notes) {
    CAPTURE(note.number);
    bench.decide(note);
    bench.decided.batch = Position(77);
    if (note.number == 3) bench.decided.previous_refusal = Position(5);
    if (note.number == 1) bench.decided.earlier_acceptance = Position(6);
    if (note.number == 2) bench.decided.recalls = {{Position(7), 1, {}}, {Position(8), 0, {}}};
    check_round_trip(bench, std::move(bench.decided), bench.batch.digests[0]);
    bench.decided = {};
  }
}

TEST_CASE("what was decided on a document is what is read of it") {
  CoreBench bench;
  bench.decide({.number = 1, .to = "party-1,nobody"});
  const DocumentDecided& written = bench.decided;
  REQUIRE(written.accepted);
  Buffer bytes;
  encode(bench.registry(), Record(written), bytes);
  const auto record =
      decode(bench.registry(), static_cast<std::uint8_t>(RecordKind::document_accepted), bytes, bench.batch.digests[0]);
  REQUIRE(record.has_value());
  const auto& read = std::get<DocumentDecided>(*record);
  CHECK(read.accepted);
  CHECK(read.id == written.id);
  CHECK(read.sender == written.sender);
  CHECK(read.subject == written.subject);
  CHECK(read.digest == bench.batch.digests[0]);
  REQUIRE(read.outcomes.size() == 2);
  CHECK(read.outcomes[0].actual == bench.registry().party("party-1"));
  CHECK_FALSE(read.outcomes[1].actual.has_value());
  CHECK(read.outcomes[1].row.outcome == "recipient-unknown");
  CHECK(outcome_root(read) == outcome_root(written));
}

TEST_CASE("a kind of record that is not known is refused as such") {
  const CoreBench bench;
  for (const std::uint8_t kind : Buffer{0, 200, 255}) {
    const auto read = decode(bench.registry(), kind, Buffer{0x80}, {});
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::record_unknown);
  }
}

TEST_CASE("a field that is not known is refused below 128 and passed over from there") {
  const CoreBench bench;
  const auto kind = static_cast<std::uint8_t>(RecordKind::hub_stopped);
  const auto low = decode(bench.registry(), kind, Buffer{0x81, 0x7f, 0x00}, {});
  REQUIRE_FALSE(low.has_value());
  CHECK(low.error().code == ErrorCode::field_unknown);
  CHECK(decode(bench.registry(), kind, Buffer{0x81, 0xcc, 0x80, 0x00}, {}).has_value());
}

TEST_CASE("a record that names an endpoint which is not registered is refused") {
  const CoreBench bench, larger(1, 5);
  Buffer bytes;
  encode(larger.registry(), ReceiptsAcknowledged{larger.endpoint(4), StreamSequence(1)}, bytes);
  const auto kind = static_cast<std::uint8_t>(RecordKind::receipts_acknowledged);
  CHECK(decode(larger.registry(), kind, bytes, {}).has_value());
  CHECK_FALSE(decode(bench.registry(), kind, bytes, {}).has_value());
}

TEST_CASE("every field that is written has a name for people") {
  const CoreBench bench;
  std::map<RecordKind, std::uint64_t> last;  // some records of a kind lack its last field
  for (const Record& record : plain_records(bench)) {
    const RecordKind kind = kind_of(record);
    const Buffer bytes = encoded(bench, record);
    CAPTURE(name_of(kind));
    CHECK(name_of(kind) != "unknown");
    MsgpackReader in(bytes);
    const std::uint32_t fields = in.read_map().value();
    last.try_emplace(kind, 0);
    for (std::uint32_t i = 0; i < fields; ++i) {
      const std::uint64_t field = in.read_uint().value();
      CHECK_FALSE(field_name(kind, field).empty());
      last[kind] = std::max(last[kind], field);
      REQUIRE(in.skip());
    }
  }
  for (const auto& [kind, field] : last) {
    CAPTURE(name_of(kind));
    CHECK(field_name(kind, field + 1).empty());
  }
  for (std::uint64_t field = 1; field <= 23; ++field)
    CHECK_FALSE(field_name(RecordKind::document_accepted, field).empty());
}

}  // namespace hub::broker
