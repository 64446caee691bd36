#include "hub/alerts/board.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace hub::alerts {
namespace {

constexpr UnixMicros at(std::int64_t seconds) { return UnixMicros(1'700'000'000'000'000 + seconds * kMicrosPerSecond); }

const Condition kPaused{AlertKind::endpoint_paused, "a/folder", {{"endpoint", "a/folder"}}};
const Condition kSilent{AlertKind::endpoint_silent, "a/folder", {{"endpoint", "a/folder"}}};

}  // namespace

TEST_CASE("a state is told once when it begins and once when it is over") {
  Board board({});
  const auto begins = board.look({kPaused}, at(0));
  REQUIRE(begins.size() == 1);
  CHECK(begins[0].begins);
  CHECK(board.look({kPaused}, at(5)).empty());
  CHECK(board.active().size() == 1);
  CHECK(board.look({}, at(10)).empty());
  CHECK(board.active().size() == 1);
  const auto ends = board.look({}, at(25));
  REQUIRE(ends.size() == 1);
  CHECK_FALSE(ends[0].begins);
  CHECK(ends[0].alert.since == at(0));
  CHECK(board.active().empty());
  CHECK(board.look({}, at(30)).empty());
  CHECK(board.changes().size() == 2);
}

TEST_CASE("a state that flickers is told once") {
  Board board({});
  CHECK(board.look({kPaused}, at(0)).size() == 1);
  for (int i = 1; i < 20; ++i) CHECK(board.look(i % 2 == 0 ? std::vector{kPaused} : std::vector<Condition>{}, at(i * 5)).empty());
}

TEST_CASE("an endpoint that comes back in time was not silent") {
  Board board({});
  for (int i = 0; i < 59; ++i) CHECK(board.look({kSilent}, at(i * 5)).empty());
  CHECK(board.look({}, at(295)).empty());
  CHECK(board.look({kSilent}, at(300)).empty());
  CHECK(board.look({kSilent}, at(599)).empty());
  CHECK(board.look({kSilent}, at(600)).size() == 1);
}

TEST_CASE("no more alerts are told at a time than there is room for, and the rest when there is") {
  Board board({});
  std::vector<Condition> all;
  for (std::size_t i = 0; i <= kActiveMax; ++i) all.push_back({AlertKind::endpoint_paused, std::to_string(i), {}});
  CHECK(board.look(all, at(0)).size() == kActiveMax);
  CHECK(board.active().size() == kActiveMax);
  CHECK(board.changes().size() == kChangesMax);
  all.erase(all.begin());
  CHECK(board.look(all, at(5)).empty());
  CHECK(board.look(all, at(25)).size() == 1);
  CHECK(board.look(all, at(30)).size() == 1);
}

TEST_CASE("an alert says in both languages what is so and what to do") {
  for (const AlertKind kind : kAlertKinds) {
    const Condition condition{kind, "x", {{"endpoint", "e"}, {"count", "2"}, {"cause", "c"}, {"party", "p"}, {"type", "t"},
                                          {"agreement", "a"}, {"at_vi", "01/02/2027"}, {"at_en", "2027-02-01"}}};
    const auto json = to_json(Change{at(1), true, {condition, at(0)}});
    CAPTURE(json.dump());
    CHECK(json.at("alert") == name_of(kind));
    CHECK(json.at("event") == "begins");
    for (const char* language : {"vi", "en"})
      for (const char* part : {"title", "action"}) {
        CHECK_FALSE(json.at(language).at(part).get<std::string>().empty());
        CHECK(json.at(language).at(part).get<std::string>().find('{') == std::string::npos);
      }
  }
}

}  // namespace hub::alerts
