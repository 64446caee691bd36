#include "adapters/folder/background.hpp"

#include <poll.h>

#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <vector>

using namespace hub;
using folder::Background;

namespace {

// Finishes what is ready until `wanted` things are; what they leave in `order` tells which.
void finish_until(Background& background, const std::vector<std::string>& order, std::size_t wanted) {
  while (order.size() < wanted) {
    pollfd readable{background.descriptor(), POLLIN, 0};
    REQUIRE(::poll(&readable, 1, 10'000) == 1);
    REQUIRE(background.finish());
  }
}

}  // namespace

TEST_CASE("A file of 16 MiB goes the way of the small ones, and one byte more the way of the large ones") {
  CHECK(folder::kLargeBytes == 16 << 20);
  CHECK(Background::lane_of(folder::kLargeBytes) == Background::Lane::small);
  CHECK(Background::lane_of(folder::kLargeBytes + 1) == Background::Lane::large);
}

TEST_CASE("Small files are read beside a large one, each lane in its order") {
  auto background = Background::create();
  REQUIRE(background);
  std::vector<std::string> order;
  std::promise<void> large_may_end;
  const auto leave = [&](const char* name) {
    return [&order, name]() -> Result<void> {
      order.push_back(name);
      return {};
    };
  };
  (*background)->start(Background::Lane::large, [&] {
    large_may_end.get_future().wait();
    return Background::Finish(leave("large"));
  });
  (*background)->start(Background::Lane::large, [&] { return Background::Finish(leave("second large")); });
  (*background)->start(Background::Lane::small, [&] { return Background::Finish(leave("small")); });
  (*background)->start(Background::Lane::small, [&] { return Background::Finish(leave("second small")); });
  finish_until(**background, order, 2);
  large_may_end.set_value();
  finish_until(**background, order, 4);
  CHECK(order == std::vector<std::string>{"small", "second small", "large", "second large"});
}
