#include "hub/console/token.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace hub::console {

TEST_CASE("a token is made once, for its owner alone") {
  const test::TemporaryFolder folder;
  const std::string path = folder.path("api-token");
  REQUIRE(ensure_token_file(path).has_value());
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto token = read_token_file(path);
  REQUIRE(token.has_value());
  CHECK(token->size() == 64);
  REQUIRE(ensure_token_file(path).has_value());
  CHECK(read_token_file(path).value() == *token);
  CHECK_FALSE(ensure_token_file(folder.path("nowhere/api-token")).has_value());
}

TEST_CASE("a token that others can read, or that is none, is refused") {
  const test::TemporaryFolder folder;
  const std::string path = folder.path("api-token");
  REQUIRE(ensure_token_file(path).has_value());
  ::chmod(path.c_str(), 0640);
  CHECK(read_token_file(path).error().code == ErrorCode::config_invalid);
  ::chmod(path.c_str(), 0600);
  for (const char* text : {"", "secret\n", "00\n"}) {
    std::ofstream(path) << text;
    CHECK(read_token_file(path).error().code == ErrorCode::config_invalid);
  }
  CHECK(read_token_file(folder.path("none")).error().code == ErrorCode::io_failed);
}

TEST_CASE("a header carries the token or it does not") {
  CHECK(carries_token("Bearer 0123abcd", "0123abcd"));
  CHECK(carries_token("bearer 0123abcd", "0123abcd"));
  for (const char* other : {"", "Bearer ", "Bearer 0123abce", "Bearer 0123abc", "Bearer 0123abcdd", "Basic 0123abcd ",
                            "0123abcd", "Bearer  123abcd", "Bearer 0123ABCD"})
    CHECK_FALSE(carries_token(other, "0123abcd"));
}

}  // namespace hub::console
