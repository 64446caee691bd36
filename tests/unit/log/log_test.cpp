#include "hub/log/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "hub/base/check.hpp"
#include "hub/base/time.hpp"
#include "hub/registry/strict_parse.hpp"
#include "tests/support/temporary_folder.hpp"

namespace hub::log {
namespace {

using nlohmann::json;

// What a program that logs into a folder has written; the default logger is put back afterwards.
class Logging {
 public:
  explicit Logging(Settings settings) : settings_(std::move(settings)) {
    settings_.folder = folder_.path();
    HUB_CHECK(start("hubd", settings_).has_value());
  }
  ~Logging() { spdlog::set_default_logger(spdlog::stderr_logger_mt("after-" + std::to_string(++count_))); }

  std::vector<std::string> lines(const std::string& file = "hubd.log") const {
    std::ifstream in(settings_.folder + "/" + file);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }
  const std::string& folder() const { return settings_.folder; }

 private:
  static inline int count_ = 0;
  test::TemporaryFolder folder_;
  Settings settings_;
};

struct Read {
  Settings settings;
  std::string refusal;  // the place
};
Read read(const json& value) {
  registry::Fault fault;
  Read out;
  out.settings = read_settings(registry::ObjectReader(value, "", fault), "/etc/hub");
  if (fault.found()) out.refusal = fault.first().pointer;
  return out;
}

}  // namespace

TEST_CASE("a line of JSON says when, how grave, which program, what, and about which document") {
  const Logging logging({.json = true, .folder = {}});
  {
    const About about("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    spdlog::warn("a \"text\"\nof {}", "two lines \xff");
    const About inner("0f8fad5b-d9cb-469f-a165-70867728950e");
    std::thread([] { spdlog::info("of another thread"); }).join();
  }
  spdlog::error("no document");
  const auto lines = logging.lines();
  REQUIRE(lines.size() == 3);
  const json first = json::parse(lines[0]);
  CHECK(parse_rfc3339(first["time"].get<std::string>()));
  CHECK(first["level"] == "warning");
  CHECK(first["program"] == "hubd");
  CHECK(first["message"] == "a \"text\"\nof two lines \xef\xbf\xbd");
  CHECK(first["document"] == "7c9e6679-7425-40de-944b-e07fc1f90ae7");
  CHECK_FALSE(json::parse(lines[1]).contains("document"));
  CHECK_FALSE(json::parse(lines[2]).contains("document"));
}

TEST_CASE("a line of text stays one line, whatever is in it") {
  const Logging logging({});
  const About about("7c9e6679-7425-40de-944b-e07fc1f90ae7");
  spdlog::info("tên tệp\n2024-01-01 00:00:00 hubd error: giả\x1b[0m");
  const auto lines = logging.lines();
  REQUIRE(lines.size() == 1);
  CHECK_THAT(lines[0], Catch::Matchers::EndsWith(
                           " hubd info: 7c9e6679-7425-40de-944b-e07fc1f90ae7: tên tệp 2024-01-01 00:00:00 hubd error: giả [0m"));
}

TEST_CASE("files are rotated, and no more are kept than was said") {
  const Logging logging({.folder = {}, .file_mib = 1, .files = 2});
  const std::string text(100'000, 'x');
  for (int i = 0; i < 50; ++i) spdlog::info("{} {}", i, text);
  CHECK(logging.lines().back().find(" 49 x") != std::string::npos);
  std::uintmax_t bytes = 0;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(logging.folder())) {
    bytes += entry.file_size();
    ++files;
  }
  CHECK(files == 3);
  CHECK(bytes <= 3u << 20);
}

TEST_CASE("a log that can't be opened is refused with its place") {
  const test::TemporaryFolder folder;
  std::ofstream(folder.path() + "/file") << "no folder";
  const auto started = start("hubd", {.json = false, .folder = folder.path() + "/file"});
  REQUIRE_FALSE(started);
  CHECK(started.error().code == ErrorCode::io_failed);
  CHECK(started.error().fact("path") == folder.path() + "/file");
}

TEST_CASE("settings are read strictly, and may be absent one by one") {
  CHECK(read(json::object()).settings.folder.empty());
  CHECK(read({{"format", "json"}, {"folder", "log"}}).settings.folder == "/etc/hub/log");
  CHECK(read({{"format", "json"}}).settings.json);
  CHECK(read({{"file_mib", kFileMibMax}, {"files", kFilesMax}}).refusal.empty());
  CHECK(read({{"format", "xml"}}).refusal == "/format");
  CHECK(read({{"file_mib", 0}}).refusal == "/file_mib");
  CHECK(read({{"file_mib", kFileMibMax + 1}}).refusal == "/file_mib");
  CHECK(read({{"files", kFilesMax + 1}}).refusal == "/files");
  CHECK(read({{"path", "x"}}).refusal == "/path");
}

}  // namespace hub::log
