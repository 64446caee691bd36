// An administrator reads a body: what is recorded, and when it is shown.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "hub/broker/readings.hpp"
#include "hub/broker/record_codec.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;
using test::Note;

const crypto::SigningKey kReader = crypto::SigningKey::from_seed({9});

struct ReadingsBench : EngineBench {
  ReadingsBench() {
    state.created.administrators = {kReader.public_key()};
    open(0);
    submit(0, {test::write(Note{.number = 1, .text = "nội dung", .time = clock.time})}, 1);
    commit();
    document = Position(journal->end().value - 1);
  }
  Result<BodyReading> read(Position position) {
    engine->begin_turn();
    auto done = engine->on_reading(
        broker::sign_reading({position, {journal->id(), "kiểm tra", clock.time}}, kReader));
    engine->end_turn();
    return done;
  }
  Position document;
};

}  // namespace

TEST_CASE("a body is given to an administrator together with the position of the record that says so") {
  ReadingsBench bench;
  const auto reading = bench.read(bench.document);
  REQUIRE(reading.has_value());
  CHECK(nlohmann::json::parse(reading->document)["data"].dump().find("nội dung") != std::string::npos);
  bench.commit();
  Buffer scratch;
  const auto view = bench.journal->read(reading->position, scratch);
  REQUIRE(view.has_value());
  const auto record = broker::decode(bench.state.configuration.registry, view->kind, view->metadata, view->body_digest);
  REQUIRE(record.has_value());
  CHECK(std::get<broker::BodyRead>(*record).document == bench.document);
  CHECK(std::get<broker::BodyRead>(*record).reason == "kiểm tra");
}

TEST_CASE("what is no accepted document is not read, and nothing is recorded") {
  ReadingsBench bench;
  const Position end = bench.journal->end();
  for (const Position position : {Position(0), end, Position(1'000'000)})
    CHECK(bench.read(position).error().code == ErrorCode::record_unknown);
  CHECK(bench.journal->end() == end);
}

}  // namespace hub::runtime
