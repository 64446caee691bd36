#include "hub/alerts/notice_folder.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "hub/alerts/handover.hpp"
#include "hub/base/check.hpp"
#include "tests/support/temporary_folder.hpp"

namespace hub::alerts {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kStart = 1'710'205'200'000'000;

Change change_at(std::size_t number) {
  const std::string endpoint = "a/" + std::to_string(number);
  const UnixMicros time(kStart + static_cast<std::int64_t>(number));
  return {time, true, {{AlertKind::endpoint_paused, endpoint, {{"endpoint", endpoint}}}, time}};
}

// What an adapter sees: names that it does not pass over, in their order.
std::vector<std::string> notices_in(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (const std::string name = entry.path().filename(); !name.starts_with('.')) out.push_back(name);
  std::sort(out.begin(), out.end());
  return out;
}

std::string about(const std::string& path) {
  std::ifstream file(path);
  return nlohmann::json::parse(file).at("data").at("about");
}

// While it lives this process writes no file beyond so many bytes: a write ends as on a full disk.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) : on_excess_(std::signal(SIGXFSZ, SIG_IGN)) {
    HUB_CHECK(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit small{bytes, before_.rlim_max};
    HUB_CHECK(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;
  ~SmallFiles() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, on_excess_);
  }

 private:
  rlimit before_{};
  void (*on_excess_)(int);
};

Handover way_to(const std::string& folder) {
  return {"the test", [notices = NoticeFolder({folder, "b"})](const Change& change) { return notices.put(change); }};
}

}  // namespace

TEST_CASE("notices lie in the folder in the order of their changes, whole and under no other name") {
  const test::TemporaryFolder folder;
  Handover way = way_to(folder.path());
  for (std::size_t i = 0; i < 12; ++i) way.add(change_at(i));
  way.send();
  CHECK(way.waiting() == 0);
  const auto names = notices_in(folder.path());
  REQUIRE(names.size() == 12);
  CHECK(folder.files() == 12);
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(about(folder.path(names[i])) == "a/" + std::to_string(i));
}

TEST_CASE("a folder with as many notices as may wait takes none until its adapter has taken one") {
  const test::TemporaryFolder folder;
  const NoticeFolder notices({folder.path(), "b"});
  for (std::size_t i = 1; i < kNoticesMax; ++i) std::ofstream(folder.path("alert-" + std::to_string(i) + ".json"));
  CHECK_FALSE(notices.put(change_at(0)));
  const auto reason = notices.put(change_at(1));
  REQUIRE(reason);
  CHECK(*reason == "1000 notices wait in " + folder.path() + " for its adapter");
  CHECK(notices_in(folder.path()).size() == kNoticesMax);
  fs::remove(folder.path("alert-1.json"));
  CHECK_FALSE(notices.put(change_at(1)));
  CHECK(notices_in(folder.path()).size() == kNoticesMax);
}

TEST_CASE("files of others in the folder are not counted") {
  const test::TemporaryFolder folder;
  for (std::size_t i = 0; i <= kNoticesMax; ++i) std::ofstream(folder.path("letter-" + std::to_string(i) + ".json"));
  CHECK_FALSE(NoticeFolder({folder.path(), "b"}).put(change_at(0)));
}

TEST_CASE("while the folder is away notices wait, and come in order when it is back") {
  const test::TemporaryFolder above;
  const std::string folder = above.path("outbox");
  Handover way = way_to(folder);
  for (std::size_t i = 0; i < 3; ++i) way.add(change_at(i));
  way.send();
  CHECK(way.waiting() == 3);
  CHECK_FALSE(fs::exists(folder));
  fs::create_directory(folder);
  way.send();
  CHECK(way.waiting() == 0);
  const auto names = notices_in(folder);
  REQUIRE(names.size() == 3);
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(about(folder + "/" + names[i]) == "a/" + std::to_string(i));
}

TEST_CASE("what a crash left half written is never seen, and the next notice takes its place") {
  const test::TemporaryFolder folder;
  std::ofstream(folder.path(".alert.part")) << std::string(5'000, '{');  // longer than a notice
  CHECK(notices_in(folder.path()).empty());
  CHECK_FALSE(NoticeFolder({folder.path(), "b"}).put(change_at(1)));
  const auto names = notices_in(folder.path());
  REQUIRE(names.size() == 1);
  CHECK(about(folder.path(names[0])) == "a/1");
  CHECK(folder.files() == 1);
}

TEST_CASE("a notice that is put a second time takes its own place") {
  const test::TemporaryFolder folder;
  const NoticeFolder notices({folder.path(), "b"});
  CHECK_FALSE(notices.put(change_at(1)));
  CHECK_FALSE(notices.put(change_at(1)));
  CHECK(notices_in(folder.path()).size() == 1);
}

TEST_CASE("a notice that can be written by half alone is not seen, and comes whole when there is room") {
  const test::TemporaryFolder folder;
  const NoticeFolder notices({folder.path(), "b"});
  {
    const SmallFiles small(100);
    CHECK(notices.put(change_at(1)));
    CHECK(notices_in(folder.path()).empty());
    CHECK(fs::file_size(folder.path(".alert.part")) == 100);
  }
  CHECK_FALSE(notices.put(change_at(1)));
  CHECK(about(folder.path(notices_in(folder.path()).at(0))) == "a/1");
}

}  // namespace hub::alerts
