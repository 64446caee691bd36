#include "hub/registry/secrecy.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "hub/base/msgpack_reader.hpp"
#include "tests/support/allocations.hpp"

using namespace hub;
using namespace hub::registry;
using Json = nlohmann::json;

namespace {

Json cases() {
  std::ifstream file(HUB_SOURCE_DIR "/tests/data/secrecy_cases.json");
  return Json::parse(file);
}

std::string found_in(std::string_view text) {
  const auto mark = find_secrecy_mark(text);
  if (!mark) return "none";
  CHECK(mark->length >= 3);
  CHECK(mark->offset + mark->length <= text.size());
  if (mark->name == "Mật") return "mat";
  return mark->name == "Tối mật" ? "toi-mat" : "tuyet-mat";
}
std::string expected(const Json& test) { return test["mark"].is_null() ? "none" : test["mark"].get<std::string>(); }

// A mark as a sender might spell it: each letter in the spellings that count as the same.
struct Spelling {
  std::string name;
  std::vector<std::vector<std::string>> accented, plain;
};
const std::vector<std::string> kT = {"t", "T", "ｔ", "Ｔ"}, kM = {"m", "M", "ｍ", "Ｍ"}, kI = {"i", "I"}, kU = {"u", "U"},
                               kY = {"y", "Y"}, kA = {"a", "A", "ａ"}, kO = {"o", "O"}, kE = {"e", "E"};
const std::vector<std::string> kAccentedA = {"ậ", "Ậ", "a\u0323\u0302", "A\u0302\u0323", "â\u0323", "Ạ\u0302"};
const std::vector<std::string> kAccentedO = {"ố", "Ố", "o\u0302\u0301", "Ô\u0301"};
const std::vector<std::string> kAccentedE = {"ệ", "Ệ", "e\u0323\u0302", "Ê\u0323", "ẹ\u0302"};
const std::vector<Spelling> kSpellings = {
    {"mat", {kM, kAccentedA, kT}, {kM, kA, kT}},
    {"toi-mat", {kT, kAccentedO, kI, kM, kAccentedA, kT}, {kT, kO, kI, kM, kA, kT}},
    {"tuyet-mat", {kT, kU, kY, kAccentedE, kT, kM, kAccentedA, kT}, {kT, kU, kY, kE, kT, kM, kA, kT}},
};
const std::vector<std::string> kGaps = {" ", ".", "-", "_", "  ", " . ",
                                        "\u00a0", "\n", "\u200b", "·", " – ", "*", "/"};
const std::vector<std::string> kBefore = {"", "Báo cáo ", "(", "công văn số 12: ", "[", "Kế hoạch - ", "\n"};
const std::vector<std::string> kAfter = {"", " tình hình", ")", ": báo cáo", "]", " - kế hoạch", "\n", ".docx"};

const std::string& one_of(const std::vector<std::string>& from, std::mt19937& random) {
  return from[random() % from.size()];
}

std::string spell(const std::vector<std::vector<std::string>>& letters, bool apart, std::mt19937& random) {
  std::string out;
  const std::size_t last_word = letters.size() - 3;  // before "mật" always something may stand
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (i > 0 && (apart || i == last_word)) out += one_of(kGaps, random);
    out += one_of(letters[i], random);
  }
  return out;
}

Json nested(int depth, const char* text) {
  Json out = text;
  for (int i = 0; i < depth; ++i) out = Json::array({out});
  return out;
}

}  // namespace

TEST_CASE("every mark is found by its name, and ordinary words raise no alarm") {
  const Json all = cases();
  std::size_t none = 0;
  for (const Json& test : all) {
    const auto text = test["text"].get<std::string>();
    INFO(text << "\n  " << test["why"].get<std::string>());
    CHECK(found_in(text) == expected(test));
    if (test["mark"].is_null()) ++none;
  }
  CHECK(all.size() >= 220);
  CHECK(none * 5 >= all.size() * 2);
}

TEST_CASE("a mark stays found in any case, composed or not, with anything between its letters") {
  for (std::uint32_t seed = 0; seed < 20000; ++seed) {
    std::mt19937 random(seed);
    const Spelling& spelling = kSpellings[random() % kSpellings.size()];
    const bool accented = random() % 2 == 0;
    // In lower case and unaccented, "mat" is a mark by its place alone.
    const bool apart = random() % 2 == 0 || (!accented && spelling.name == "mat");
    const std::string mark = spell(accented ? spelling.accented : spelling.plain, apart, random);
    const std::string text = one_of(kBefore, random) + mark + one_of(kAfter, random);
    INFO("seed " << seed << ": " << text);
    CHECK(found_in(text) == spelling.name);
  }
}

TEST_CASE("a mark is found with its place in the text") {
  const auto stamp = find_secrecy_mark("Báo cáo bảo mật (TỐI  MẬT) quý I");
  REQUIRE(stamp);
  CHECK(stamp->name == "Tối mật");
  CHECK(stamp->offset == std::string_view("Báo cáo bảo mật (").size());
  CHECK(stamp->length == std::string_view("TỐI  MẬT").size());
}

TEST_CASE("the first mark within a MessagePack value is found with its JSON Pointer") {
  const Json value = {{"a", 7},
                      {"b", {{"notes", {"bảo mật", "", "xem công văn mật số 3"}}, {"last", "Tuyệt mật"}}},
                      {"c", true}};
  auto bytes = Json::to_msgpack(Json{{"only", value}});
  const auto found = find_secrecy_mark_in(bytes);
  REQUIRE(found);
  CHECK(found->mark.name == "Tuyệt mật");
  CHECK(found->pointer == "/only/b/last");
  CHECK(bytes[found->value_offset] == 0xa0 + std::string_view("Tuyệt mật").size());

  bytes = Json::to_msgpack(value["b"]["notes"]);
  CHECK(find_secrecy_mark_in(bytes)->pointer == "/2");
  CHECK(find_secrecy_mark_in(bytes)->mark.offset == std::string_view("xem công văn ").size());
  CHECK(find_secrecy_mark_in(Json::to_msgpack("Mật"))->pointer.empty());
  CHECK(find_secrecy_mark_in(Json::to_msgpack({{"a/b~", "Mật"}}))->pointer == "/a~1b~0");
}

TEST_CASE("a mark in a key is found, and its place told without repeating it") {
  const auto found = find_secrecy_mark_in(Json::to_msgpack({{"data", {{"TUYỆT MẬT nội dung", 1}}}}));
  REQUIRE(found);
  CHECK(found->mark.name == "Tuyệt mật");
  CHECK(found->pointer == "/data");
}

TEST_CASE("numbers and binary of a MessagePack value are not searched") {
  CHECK_FALSE(find_secrecy_mark_in(Json::to_msgpack({{"a", 1}, {"b", Json::array({nullptr, 2.5})}})));
  CHECK_FALSE(find_secrecy_mark_in(Json::to_msgpack(Json::binary({'M', 'A', 'T'}))));
  CHECK_FALSE(find_secrecy_mark_in({}));
}

TEST_CASE("a MessagePack value is searched to the depth of the reader, and not one deeper") {
  CHECK(find_secrecy_mark_in(Json::to_msgpack(nested(MsgpackReader::kDepthMax, "Mật"))));
  CHECK_FALSE(find_secrecy_mark_in(Json::to_msgpack(nested(MsgpackReader::kDepthMax + 1, "Mật"))));
}

TEST_CASE("what stands before a malformed part of a MessagePack value is searched, and nothing after it") {
  const Buffer mark = Json::to_msgpack("Mật");
  Buffer bytes = {0x92};
  append(bytes, mark);
  bytes.push_back(0xc1);
  CHECK(find_secrecy_mark_in(bytes));
  bytes = {0x92, 0x91, 0xc1};  // the malformed part within an inner list ends the outer one too
  append(bytes, mark);
  CHECK_FALSE(find_secrecy_mark_in(bytes));
}

TEST_CASE("searching allocates nothing unless a mark within a value needs a pointer") {
  const Json all = cases();
  Json unmarked = Json::array();
  std::vector<std::string> texts;
  for (const Json& test : all) {
    texts.push_back(test["text"]);
    if (test["mark"].is_null()) unmarked.push_back({{"field", test["text"]}});
  }
  const Buffer value = Json::to_msgpack(unmarked);
  const std::size_t before = test::allocations();
  std::size_t marks = 0;
  for (const std::string& text : texts) marks += find_secrecy_mark(text).has_value();
  const bool found = find_secrecy_mark_in(value).has_value();
  const std::size_t after = test::allocations();
  CHECK(after == before);
  CHECK(marks > 100);
  CHECK_FALSE(found);
}

TEST_CASE("any bytes can be searched") {
  const std::vector<std::string> pieces = {"m",    "a",    "ậ",    "t",    "M",    "Ậ",        "T",        "\xcc\xa3",
                                           "\xcc", "\xe1", "\xba", "\xf0", "\xef", "\xbc\xad", "\xed\xa0", "đ",
                                           "ộ",    " ",    ".",    "-",    "tối",  "tuyệt",    "😀",       "\xff"};
  for (std::uint32_t seed = 0; seed < 20000; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    for (std::size_t i = random() % 40; i > 0; --i)
      text += random() % 4 == 0 ? std::string(1, static_cast<char>(random())) : one_of(pieces, random);
    // On the heap and without a terminator, so that reading beyond its end is seen.
    const std::vector<char> exact(text.begin(), text.end());
    found_in({exact.data(), exact.size()});
  }
}

TEST_CASE("texts that are cut anywhere can be searched") {
  for (const Json& test : cases()) {
    const auto text = test["text"].get<std::string>();
    for (std::size_t size = 0; size < text.size(); ++size) {
      const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
      found_in({exact.data(), exact.size()});
    }
  }
}
