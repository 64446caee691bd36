#include "hub/alerts/handover.hpp"

#include <catch2/catch.hpp>
#include <vector>

namespace hub::alerts {
namespace {

Change numbered(std::size_t number) { return {UnixMicros(0), true, {{AlertKind::endpoint_paused, std::to_string(number), {}}, {}}}; }
const std::string& number_of(const Change& change) { return change.alert.condition.subject; }

}  // namespace

TEST_CASE("changes are handed over in order, and one that is not taken comes again") {
  std::vector<std::string> told;
  bool takes_two = false;
  Handover way("the test", [&](const Change& change) -> std::optional<std::string> {
    told.push_back(number_of(change));
    return told.back() == "2" && !takes_two ? std::optional<std::string>("HTTP 500") : std::nullopt;
  });
  for (std::size_t number = 1; number <= 3; ++number) way.add(numbered(number));
  way.send();
  CHECK(way.waiting() == 2);
  takes_two = true;
  way.send();
  CHECK(way.waiting() == 0);
  CHECK(told == std::vector<std::string>{"1", "2", "2", "3"});
}

TEST_CASE("so many changes wait for one who takes none, and with one more the oldest goes") {
  std::vector<std::string> told;
  bool takes = false;
  Handover way("the test", [&](const Change& change) -> std::optional<std::string> {
    if (!takes) return "nobody listens";
    told.push_back(number_of(change));
    return std::nullopt;
  });
  for (std::size_t i = 0; i < kWaitingMax; ++i) way.add(numbered(i));
  CHECK(way.waiting() == kWaitingMax);
  way.add(numbered(kWaitingMax));
  way.send();
  CHECK(way.waiting() == kWaitingMax);
  takes = true;
  way.send();
  REQUIRE(told.size() == kWaitingMax);
  CHECK(told.front() == "1");
  CHECK(told.back() == std::to_string(kWaitingMax));
}

TEST_CASE("more changes at a time than may wait all come to one who takes them") {
  std::size_t told = 0;
  Handover way("the test", [&](const Change& change) -> std::optional<std::string> {
    CHECK(number_of(change) == std::to_string(told++));
    return std::nullopt;
  });
  for (std::size_t i = 0; i <= 2 * kWaitingMax; ++i) way.add(numbered(i));
  way.send();
  CHECK(told == 2 * kWaitingMax + 1);
}

}  // namespace hub::alerts
