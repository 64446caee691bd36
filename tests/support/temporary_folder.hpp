// A new folder among the machine's temporary files, removed with all that is in it. Declare it before what has files
// open there.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>

#include "hub/base/check.hpp"

namespace hub::test {

class TemporaryFolder {
 public:
  TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "hub-test-XXXXXX").string()) {
    HUB_CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::string path_;
};

}  // namespace hub::test
