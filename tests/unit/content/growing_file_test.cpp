#include "hub/content/growing_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "hub/content/store.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace hub;
using namespace hub::content;

namespace {

constexpr std::uint64_t kSlice = 1000;

struct Bench {
  test::TemporaryFolder folder;
  Buffer bytes;
  Expected expected;

  explicit Bench(std::size_t size = 3500) {
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 7 + i / 256));
    expected = {size, crypto::sha256(bytes)};
  }
  std::string path(const std::string& name) const { return folder.path(name); }
  GrowingFile open() const { return GrowingFile::open(path("a.partial"), expected, kSlice).value(); }
  GrowingFile reopened() const {
    GrowingFile file = open();
    while (!file.checked()) REQUIRE(file.check_some());
    return file;
  }
  Buffer on_disk(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    return Buffer(std::istreambuf_iterator<char>(in), {});
  }
  ByteView part(std::size_t from, std::size_t to) const { return ByteView(bytes).subspan(from, to - from); }
};

}  // namespace

TEST_CASE("a file has its name when it is whole, and not before") {
  Bench bench;
  GrowingFile file = bench.open();
  CHECK(file.checked());
  for (std::size_t at = 0; at < bench.bytes.size(); at += 700) {
    REQUIRE(file.append(bench.part(at, std::min<std::size_t>(at + 700, bench.bytes.size()))));
    CHECK_FALSE(std::filesystem::exists(bench.path("a")));
  }
  REQUIRE(file.is_whole());
  REQUIRE(file.finish(bench.path("a")));
  CHECK(bench.on_disk("a") == bench.bytes);
  CHECK_FALSE(std::filesystem::exists(bench.path("a.partial")));
}

TEST_CASE("what is surely durable is gone on with; the last slice is not believed") {
  Bench bench;
  const std::pair<std::size_t, std::uint64_t> cases[] = {{0, 0},       {1, 0},       {999, 0},     {1000, 0},
                                                         {1001, 1000}, {2000, 1000}, {2001, 2000}, {3500, 3000}};
  for (const auto& [written, durable] : cases) {
    CAPTURE(written);
    std::filesystem::remove(bench.path("a.partial"));
    if (written > 0) REQUIRE(bench.open().append(bench.part(0, written)));
    GrowingFile file = bench.reopened();
    CHECK(file.written() == durable);
    REQUIRE(file.append(bench.part(durable, bench.bytes.size())));
    REQUIRE(file.finish(bench.path("a")));
    CHECK(bench.on_disk("a") == bench.bytes);
  }
}

TEST_CASE("an earlier part is hashed a slice at a time") {
  Bench bench(2 * kCheckBytes + 2 * kSlice);
  REQUIRE(bench.open().append(bench.bytes));
  GrowingFile file = bench.open();
  int steps = 0;
  while (!file.checked()) {
    REQUIRE(file.check_some());
    ++steps;
  }
  CHECK(steps == 3);
  REQUIRE(file.append(ByteView(bench.bytes).subspan(file.written())));
  CHECK(file.finish(bench.path("a")).has_value());
}

TEST_CASE("another content than was expected is removed and told") {
  Bench bench;
  GrowingFile file = bench.open();
  Buffer other = bench.bytes;
  other[1234] ^= 1;
  REQUIRE(file.append(other));
  const auto finished = file.finish(bench.path("a"));
  REQUIRE_FALSE(finished.has_value());
  CHECK(finished.error().code == ErrorCode::attachment_digest_wrong);
  CHECK(std::filesystem::is_empty(bench.folder.path()));
}

TEST_CASE("a damaged earlier part is found at the end, and all of it is fetched again") {
  Bench bench;
  REQUIRE(bench.open().append(bench.part(0, 2500)));
  std::fstream(bench.path("a.partial"), std::ios::in | std::ios::out | std::ios::binary).seekp(5).put('x');
  GrowingFile file = bench.reopened();
  REQUIRE(file.written() == 2000);
  REQUIRE(file.append(bench.part(2000, 3500)));
  CHECK_FALSE(file.finish(bench.path("a")).has_value());
  CHECK(bench.reopened().written() == 0);
}

TEST_CASE("an empty content is whole at once") {
  Bench bench(0);
  GrowingFile file = bench.open();
  REQUIRE(file.is_whole());
  REQUIRE(file.finish(bench.path("a")));
  CHECK(bench.on_disk("a").empty());
}

TEST_CASE("what is longer than the content begins anew") {
  Bench bench;
  std::ofstream(bench.path("a.partial")) << std::string(4000, 'x');
  CHECK(bench.reopened().written() == 0);
}

TEST_CASE("the store keeps a content under its sender and its digest") {
  Bench bench;
  const auto store = Store::open(bench.path("content"), bench.path("keys"), 0, kSlice);
  REQUIRE(store.has_value());
  const Name name{"toa-an.huyen", bench.expected.digest}, other{"btg.huyen", bench.expected.digest};
  auto file = store->begin(name, bench.bytes.size());
  REQUIRE(file.has_value());
  REQUIRE(file->append(bench.bytes));
  REQUIRE(store->list()->size() == 1);
  CHECK(store->list()->at(0).partial);
  CHECK_FALSE(store->open_to_read(name).has_value());
  REQUIRE(store->finish(*file, name));
  const auto found = store->list();
  REQUIRE(found->size() == 1);
  CHECK_FALSE(found->at(0).partial);
  CHECK(found->at(0).name.party == "toa-an.huyen");
  CHECK(found->at(0).size == bench.bytes.size());
  CHECK_FALSE(store->open_to_read(other).has_value());
  Buffer read(bench.bytes.size());
  CHECK(store->open_to_read(name)->read_at(0, read) == bench.bytes.size());
  CHECK(read == bench.bytes);
  REQUIRE(store->remove(name));
  REQUIRE(store->remove(name));
  CHECK(store->list()->empty());
}

TEST_CASE("a content stands encrypted on the disk, and a copy of it can't be read once it was removed") {
  Bench bench;
  const auto store = Store::open(bench.path("content"), bench.path("keys"), 0, kSlice);
  const Name name{"toa-an.huyen", bench.expected.digest};
  const std::string file_name = "content/toa-an.huyen/" + to_hex(bench.expected.digest);
  auto file = store->begin(name, bench.bytes.size());
  REQUIRE(file->append(bench.part(0, 1700)));
  file = store->begin(name, bench.bytes.size());  // after a crash: the first slice is durable
  while (!file->checked()) REQUIRE(file->check_some());
  REQUIRE(file->append(bench.part(file->written(), bench.bytes.size())));
  REQUIRE(store->finish(*file, name));
  const Buffer stored = bench.on_disk(file_name);
  CHECK(stored.size() == bench.bytes.size());
  CHECK(std::search(stored.begin(), stored.end(), bench.bytes.begin(), bench.bytes.begin() + 16) == stored.end());
  const auto read = [&](std::uint64_t from, std::size_t count) {
    Buffer out(count);
    REQUIRE(store->open_to_read(name)->read_at(from, out) == count);
    return out;
  };
  for (const std::uint64_t from : {0u, 1u, 15u, 16u, 17u, 1000u, 3499u})
    CHECK(equal(read(from, 1), bench.part(from, from + 1)));
  CHECK(equal(read(33, 2000), bench.part(33, 2033)));
  REQUIRE(store->remove(name));
  std::ofstream(bench.path(file_name), std::ios::binary)
      .write(reinterpret_cast<const char*>(stored.data()), static_cast<std::streamsize>(stored.size()));
  CHECK_FALSE(equal(read(0, 100), bench.part(0, 100)));
  CHECK(std::filesystem::is_empty(bench.path("keys/toa-an.huyen")));
}

TEST_CASE("a content from before contents were encrypted is read as it is") {
  Bench bench;
  const auto store = Store::open(bench.path("content"), bench.path("keys"), 0, kSlice);
  std::filesystem::create_directory(bench.path("content/a"));
  std::ofstream(bench.path("content/a/" + to_hex(bench.expected.digest))) << "as it is";
  Buffer out(8);
  REQUIRE(store->open_to_read({"a", bench.expected.digest})->read_at(0, out) == 8);
  CHECK(as_text(out) == "as it is");
}

TEST_CASE("a content that would take what is left to the journal is refused as retryable") {
  Bench bench;
  const auto store = Store::open(bench.path("content"), bench.path("keys"), std::uint64_t{1} << 62);
  REQUIRE(store.has_value());
  const auto file = store->begin({"a", bench.expected.digest}, 1);
  REQUIRE_FALSE(file.has_value());
  CHECK(file.error().code == ErrorCode::storage_full);
}

TEST_CASE("a partial file beside a whole one is removed alone") {
  Bench bench;
  const auto store = Store::open(bench.path("content"), bench.path("keys"), 0, kSlice);
  const Name name{"toa-an.huyen", bench.expected.digest};
  for (int i = 0; i < 2; ++i) {
    auto file = store->begin(name, bench.bytes.size());
    REQUIRE(file->append(bench.bytes));
    if (i == 0) REQUIRE(store->finish(*file, name));
  }
  const auto found = store->list();
  REQUIRE(found->size() == 2);
  REQUIRE(found->at(1).partial);
  REQUIRE(store->remove(found->at(1)));
  CHECK(store->open_to_read(name).has_value());
  CHECK(store->list()->size() == 1);
}

TEST_CASE("a link is no content") {
  Bench bench;
  std::ofstream(bench.path("a")) << "secret";
  std::filesystem::create_symlink(bench.path("a"), bench.path("b"));
  CHECK(File::open_to_read(bench.path("a")).has_value());
  CHECK_FALSE(File::open_to_read(bench.path("b")).has_value());
  CHECK_FALSE(File::open_to_read(bench.folder.path()).has_value());
}
