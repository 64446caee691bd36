#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "hub/crypto/keys.hpp"

int main(int argc, char** argv) {
  hub::crypto::initialise();
  return Catch::Session().run(argc, argv);
}
