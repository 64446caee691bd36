#include "hub/runtime/effects.hpp"

#include <catch2/catch.hpp>

namespace hub::runtime {

TEST_CASE("an effect leaves when everything before it is durable, in the order in which it was held") {
  HeldEffects<int> held;
  held.hold(Position(3), 1);
  held.hold(Position(3), 2);
  held.hold(Position(5), 3);
  CHECK_FALSE(held.release(Position(2)).has_value());
  CHECK(held.release(Position(3)) == 1);
  CHECK(held.release(Position(4)) == 2);
  CHECK_FALSE(held.release(Position(4)).has_value());
  CHECK(held.release(Position(5)) == 3);
  CHECK_FALSE(held.release(Position(100)).has_value());
}

}  // namespace hub::runtime
