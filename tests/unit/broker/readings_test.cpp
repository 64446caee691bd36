#include "hub/broker/readings.hpp"

#include <catch2/catch.hpp>

#include "hub/broker/orders.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;

const crypto::SigningKey kAdministrator = crypto::SigningKey::from_seed({1});

struct ReadingsBench : CoreBench {
  ReadingsBench() { state.created.administrators = {kAdministrator.public_key()}; }

  std::string text(UnixMicros time, const std::string& reason = "kiểm tra theo kế hoạch") const {
    return sign_reading({Position(7), {journal_id, reason, time}}, kAdministrator);
  }
  std::optional<ErrorCode> refusal(const std::string& text) const {
    const auto read = decide_reading(state, journal_id, text, now);
    return read ? std::nullopt : std::optional(read.error().code);
  }
};

}  // namespace

TEST_CASE("what an administrator has signed becomes a record with the proof of it") {
  const ReadingsBench bench;
  const auto read = decide_reading(bench.state, bench.journal_id, bench.text(bench.now), bench.now);
  REQUIRE(read.has_value());
  CHECK(read->document == Position(7));
  CHECK(read->reader == "administrator:" + to_hex(crypto::key_id(kAdministrator.public_key())));
  CHECK(read->reason == "kiểm tra theo kế hoạch");
  CHECK(crypto::verify(kAdministrator.public_key(), as_bytes("coordination-hub reading v1\n" + read->statement),
                       read->signature));
}

TEST_CASE("a wish to read holds for ten minutes, and not for a moment more") {
  const ReadingsBench bench;
  const auto signed_at = [&](std::int64_t micros) { return bench.text(UnixMicros(bench.now.value + micros)); };
  CHECK_FALSE(bench.refusal(signed_at(-kReadingMicrosMax)));
  CHECK_FALSE(bench.refusal(signed_at(kReadingMicrosMax)));
  CHECK(bench.refusal(signed_at(-kReadingMicrosMax - 1)) == ErrorCode::order_invalid);
  CHECK(bench.refusal(signed_at(kReadingMicrosMax + 1)) == ErrorCode::order_invalid);
}

TEST_CASE("nobody reads by a stranger's signature, a changed statement, another journal's or another kind's") {
  ReadingsBench bench;
  const std::string good = bench.text(bench.now);
  std::string changed = good;
  changed.replace(changed.find("\"document\":7"), 12, "\"document\":8");
  CHECK(bench.refusal(changed) == ErrorCode::order_invalid);
  const auto elsewhere = decide_reading(bench.state, Bytes<16>{9}, good, bench.now);
  REQUIRE_FALSE(elsewhere.has_value());
  CHECK(elsewhere.error().code == ErrorCode::order_invalid);
  CHECK(bench.refusal(sign_order({OrderAction::stop, "x", Position(7), {bench.journal_id, "lý do", bench.now}},
                                 kAdministrator)) == ErrorCode::order_invalid);
  CHECK(bench.refusal(bench.text(bench.now, "văn bản Tuyệt mật")) == ErrorCode::secrecy_mark);
  bench.state.created.administrators = {crypto::SigningKey::from_seed({2}).public_key()};
  CHECK(bench.refusal(good) == ErrorCode::administrator_unknown);
}

TEST_CASE("a statement is read up to its limit in bytes, and not with one more") {
  const ReadingsBench bench;
  const std::string good = bench.text(bench.now);
  CHECK_FALSE(bench.refusal(good + std::string(kStatementBytesMax - good.size(), ' ')));
  CHECK(bench.refusal(good + std::string(kStatementBytesMax - good.size() + 1, ' ')) == ErrorCode::order_invalid);
}

}  // namespace hub::broker
