#include "hub/wire/report.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "hub/wire/delivery_id.hpp"

namespace hub::wire {
namespace {

Result<Report> round_trip(const Report& sent) {
  static Buffer bytes;
  write(bytes, sent);
  return read_report(ByteView(bytes).subspan(2));
}

Report report(DeliveryStatus status) {
  Report out{1, {Position(2), 3, {}}, status, {}, UnixMicros(4), {}, false};
  if (status == DeliveryStatus::failed) out.cause = "io-failed";
  return out;
}

}  // namespace

TEST_CASE("a report comes back as it was sent") {
  const Report sent{1,   {Position(2), 254, Position(5)}, DeliveryStatus::failed, "đầy", UnixMicros(-4), "io-failed",
                    true};
  const auto read = round_trip(sent);
  REQUIRE(read);
  CHECK(read->request == 1);
  CHECK(read->delivery == sent.delivery);
  CHECK(read->status == DeliveryStatus::failed);
  CHECK(read->reason == "đầy");
  CHECK(read->time == UnixMicros(-4));
  CHECK(read->cause == "io-failed");
  CHECK(read->permanent);
}

TEST_CASE("a recipient reports what is its own to say, and nothing else") {
  for (unsigned number = 0; number < 256; ++number) {
    const auto status = static_cast<DeliveryStatus>(number);
    const bool is_known = status_of(number).has_value();
    CHECK(round_trip(report(status)).has_value() == (is_known && can_be_reported(status)));
  }
}

TEST_CASE("a report's reason has at most 1000 bytes, its outcome is one of 255") {
  const std::string reason(kReasonBytesMax + 1, 'r');
  Report sent = report(DeliveryStatus::refused);
  sent.reason = std::string_view(reason).substr(1);
  CHECK(round_trip(sent));
  sent.reason = reason;
  CHECK(round_trip(sent).error().code == ErrorCode::frame_malformed);
  sent.reason = {};
  sent.delivery.outcome_index = 254;
  CHECK(round_trip(sent));
  sent.delivery.outcome_index = 255;
  CHECK_FALSE(round_trip(sent));
}

TEST_CASE("only a failure has a cause, and it has to") {
  Buffer failure, other;
  write(failure, report(DeliveryStatus::failed));
  write(other, report(DeliveryStatus::finished));
  for (Buffer* bytes : {&failure, &other}) {
    const auto status = std::find(bytes->begin(), bytes->end(), 4) + 1;  // field 4
    REQUIRE(*status == (bytes == &failure ? 32 : 6));
    *status = bytes == &failure ? 6 : 32;
    CHECK_FALSE(read_report(ByteView(*bytes).subspan(2)));
  }
}

TEST_CASE("a delivery's id is read back from what it was written as, and from no other spelling") {
  const Bytes<16> journal{0xfa, 0x65, 0x6e, 0xc0, 0xff};
  for (const DeliveryKey& key : {DeliveryKey{Position(264), 0, {}}, DeliveryKey{Position(264), 254, Position(7)},
                                 DeliveryKey{Position(1'234'567'890'123'456), 3, {}}}) {
    const std::string text = delivery_id(journal, key);
    const auto read = parse_delivery_id(text);
    REQUIRE(read);
    CHECK(read->key == key);
    CHECK(read->journal_start == "fa656ec0");
  }
  CHECK(delivery_id(journal, {Position(264), 0, Position(301)}) == "fa656ec0-000000000264-0-r301");
  for (const char* wrong : {"", "fa656ec0", "fa656ec0-264-0", "FA656EC0-000000000264-0", "fa656ec0-000000000264-00",
                            "fa656ec0-000000000264-0-r", "fa656ec0-000000000264-0-r0", "fa656ec0-000000000264-0-r07",
                            "fa656ec0-000000000264-256", "fa656ec0-000000000264-0.json", "fa656ec0-00000000026x-0"})
    CHECK_FALSE(parse_delivery_id(wrong));
}

}  // namespace hub::wire
