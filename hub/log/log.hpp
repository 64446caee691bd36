// Diagnostics for operators: where a program's log goes, and which document a line is about. What is written is spdlog's.
//
// Threads: start once, before any other thread; About is of the thread that makes it.
#pragma once

#include <filesystem>
#include <string>

#include "hub/base/result.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::log {

constexpr std::int64_t kFileMibMax = 1024, kFilesMax = 100;

struct Settings {
  bool json = false;          // a JSON object a line, else text
  std::string folder;         // of the files; empty: standard error
  std::int64_t file_mib = 20;  // then the next file begins
  std::int64_t files = 5;      // that are kept beside the newest
};

// `log: {format: json, folder: log, file_mib: 20, files: 5}`, each of which may be absent; the folder is relative to `base`.
Settings read_settings(registry::ObjectReader in, const std::filesystem::path& base);

// Until then lines go to standard error as text. The newest file is PROGRAM.log, the one before PROGRAM.1.log. io_failed.
Result<void> start(const std::string& program, const Settings& settings);

// While one lives, its thread's lines name this document: one id from the sender's adapter through the hub to the
// recipient's.
class About {
 public:
  explicit About(std::string document_id);
  ~About();
  About(const About&) = delete;
  About& operator=(const About&) = delete;

 private:
  std::string outer_;
};

}  // namespace hub::log
