#include "hub/runtime/folder_secrets.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace hub::runtime {

namespace fs = std::filesystem;

TEST_CASE("a secret is kept in a file that only its owner reads, and is there after a restart") {
  const test::TemporaryFolder folder;
  const std::string path = folder.path() + "/storage-keys";
  auto secrets = FolderSecrets::open_or_make(path).value();
  CHECK(secrets.create(7, {1, 2}).value() == ports::StorageSecret{1, 2});
  struct stat status {};
  REQUIRE(::stat(secrets.describe(7).c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  const auto again = FolderSecrets::open_or_make(path).value();
  CHECK(again.read(7).value() == ports::StorageSecret{1, 2});
  CHECK_FALSE(again.read(8).value().has_value());
}

TEST_CASE("a secret that is there is not replaced") {
  const test::TemporaryFolder folder;
  auto secrets = FolderSecrets::open_or_make(folder.path() + "/k").value();
  REQUIRE(secrets.create(1, {1}));
  CHECK(secrets.create(1, {2}).value() == ports::StorageSecret{1});
}

TEST_CASE("a destroyed secret is gone, and destroying it again is no mistake") {
  const test::TemporaryFolder folder;
  auto secrets = FolderSecrets::open_or_make(folder.path() + "/k").value();
  REQUIRE(secrets.create(1, {1}));
  REQUIRE(secrets.destroy(1));
  CHECK_FALSE(fs::exists(secrets.describe(1)));
  CHECK_FALSE(secrets.read(1).value().has_value());
  CHECK(secrets.destroy(1));
}

TEST_CASE("a file of another length is no secret") {
  const test::TemporaryFolder folder;
  auto secrets = FolderSecrets::open_or_make(folder.path() + "/k").value();
  for (const std::size_t bytes : {31u, 33u}) {
    std::ofstream(secrets.describe(1), std::ios::binary) << std::string(bytes, 'x');
    CHECK_FALSE(secrets.read(1).value().has_value());
  }
}

TEST_CASE("a folder that is not there has no secrets to read") {
  const test::TemporaryFolder folder;
  const auto secrets = FolderSecrets::open_to_read(folder.path() + "/none");
  CHECK_FALSE(secrets.read(1).value().has_value());
}

}  // namespace hub::runtime
