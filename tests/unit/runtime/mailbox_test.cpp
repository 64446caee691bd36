#include "hub/runtime/mailbox.hpp"

#include <poll.h>

#include <catch2/catch.hpp>
#include <thread>

#include "hub/runtime/engine.hpp"

namespace {

bool is_readable(int descriptor) {
  pollfd item{descriptor, POLLIN, 0};
  return ::poll(&item, 1, 0) == 1;
}

}  // namespace

TEST_CASE("what another thread posts comes out, and the descriptor tells that it is there") {
  hub::runtime::Mailbox mailbox;
  CHECK(!is_readable(mailbox.descriptor()));
  std::thread([&] {
    for (int i = 0; i < 3; ++i) CHECK(mailbox.post([](hub::runtime::Engine&) {}));
  }).join();
  CHECK(is_readable(mailbox.descriptor()));
  std::size_t taken = 0;
  while (mailbox.take()) ++taken;
  CHECK(taken == 3);
  CHECK(!is_readable(mailbox.descriptor()));
}

TEST_CASE("a full mailbox refuses what comes next, and takes it once there is room") {
  hub::runtime::Mailbox mailbox;
  const auto nothing = [](hub::runtime::Engine&) {};
  for (std::size_t i = 0; i < hub::runtime::Mailbox::kWaitingMax; ++i) REQUIRE(mailbox.post(nothing));
  CHECK(!mailbox.post(nothing));
  CHECK(mailbox.take());
  CHECK(mailbox.post(nothing));
}
