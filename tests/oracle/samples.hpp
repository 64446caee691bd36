// What the generator's schemas and documents are made of: the texts, numbers, patterns and dates where validators
// differ.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace hub::test {

// One code point each: of one to four bytes, combining, white space beyond ASCII, what JSON escapes.
constexpr std::string_view kCharacters[] = {
    "a",      "b", "Z", "0", "7",      "-", "/",  " ",  "\"", "\\",     ".",      "\n", "\r",
    "\u00a0", "ă", "ệ", "Đ", "\u0301", "६", "中", "𠀋", "🐲",  "\u2028", "\ufeff", "\v", std::string_view("\0", 1)};

// Members; some are names that objects have in JavaScript without being told. Not "constructor" and "toString": ajv's
// comparison with enum and const stumbles over them (the official suite has them for `required`).
constexpr std::string_view kNames[] = {"a", "b", "c",  "subject", "Subject",        "số_hiệu", "a/b", "m~n",
                                       "",  "🐲", "\"", "x y",     "hasOwnProperty", "length",  "0"};

// Every one is a double exactly: beyond 2^53 a JavaScript number could not hold its neighbours.
inline const std::vector<nlohmann::json>& numbers() {
  static const std::vector<nlohmann::json> all = {0,
                                                  1,
                                                  -1,
                                                  2,
                                                  3,
                                                  10,
                                                  1.0,
                                                  -0.0,
                                                  1.5,
                                                  -2.5,
                                                  0.1,
                                                  0.5,
                                                  100,
                                                  127,
                                                  128,
                                                  255,
                                                  256,
                                                  -32,
                                                  -33,
                                                  -128,
                                                  -129,
                                                  32767,
                                                  32768,
                                                  65535,
                                                  65536,
                                                  -32769,
                                                  2147483647,
                                                  4294967295U,
                                                  4294967296,
                                                  9007199254740991,
                                                  -9007199254740991,
                                                  9007199254740992,
                                                  9223372036854775808U,
                                                  18446744073709549568U,
                                                  1e19,
                                                  -1e19,
                                                  1e300,
                                                  -1e300,
                                                  1.7976931348623157e308,
                                                  5e-324,
                                                  1e-7,
                                                  3.0,
                                                  1e2,
                                                  16777217.0};
  return all;
}

struct Pattern {
  std::string_view pattern;
  std::vector<std::string_view> matching;
};

// Read alike by RE2 and ECMA-262, or so our compiler promises.
inline const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> all = {{"^[0-9]{2}/[A-Z]{2}-[A-Z]{2,5}$", {"14/TB-TAND", "09/BC-HO"}},
                                           {"^[a-z0-9-]+(/[a-z0-9-]+)*$", {"thai-nguyen/huyen-a", "x"}},
                                           {"^\\p{L}+$", {"Báo", "中", "đ"}},
                                           {"\\p{Lu}", {"xĐ", "A"}},
                                           {"^\\S+$", {"ệ", "a.b"}},
                                           {"\\s", {" ", "a\u00a0", "\ufeff", "\v"}},
                                           {"^[^\\s]*$", {"", "🐲"}},
                                           {"^[\\s\\d]+$", {"7 7", "\u2028"}},
                                           {"^.{2,4}$", {"ệệ", "🐲🐲🐲", "a.bc"}},
                                           {"^.*$", {"", "Zệ"}},
                                           {"^[.]\\.$", {".."}},
                                           {"^(a|b)*-$", {"abba-", "-"}},
                                           {"^(?:ab)+?$", {"ab", "abab"}},
                                           {"\\d", {"a7"}},
                                           {"^\\w+$", {"a_Z0"}},
                                           {"^\\W$", {"ă", " "}},
                                           {"^\\D{1,2}$", {"६", "ab"}},
                                           {"\\ba", {"a", "-a", "ăa"}},
                                           {"^🐲*$", {"", "🐲🐲"}},
                                           {"^[ă-ỹ]+$", {"ệ", "ăệ"}},
                                           {"^\\+84[0-9]{9}$", {"+84912345678"}},
                                           {"ệ", {"ệ", "xệ"}},
                                           {"^$", {""}},
                                           {"\\x41|\\t", {"A", "\t"}},
                                           {"^a{2,3}$", {"aa", "aaa"}}};
  return all;
}

// Not in RE2's syntax: a schema with one is refused by us.
constexpr std::string_view kRefusedPatterns[] = {"^(?!mật).*$", "^(?=.*\\d).+$", "(?<=a)b", "(?<!a)b", "^(a|b)\\1$"};

constexpr std::string_view kDates[] = {
    "2024-03-12",  "2024-02-29", "2023-02-29",     "2000-02-29",  "2100-02-29", "2024-04-31",           "2024-13-01",
    "2024-00-10",  "2024-01-00", "0000-01-01",     "9999-12-31",  "2024-2-9",   " 2024-02-09",          "2024-02-09\n",
    "2024-02-09Z", "12/03/2024", "２０２４-02-09", "-2024-01-01", "20240312",   "2024-03-12T08:00:00Z", ""};

constexpr std::string_view kTimes[] = {"08:00:00", "00:00:00", "23:59:59", "24:00:00", "23:60:00",
                                       "23:59:60", "16:59:60", "8:00:00",  "08:00",    "08:00:61"};
constexpr std::string_view kSeparators[] = {"T", "T", "T", "T", "t", " ", "_", ""};
constexpr std::string_view kFractions[] = {"", "", ".1", ".123456", ".1234567", ".", ".000000000", ",5"};
constexpr std::string_view kOffsets[] = {"Z",      "Z",   "+07:00", "-23:59", "z",      "+24:00",
                                         "+07:60", "+07", "+0700",  "",       "-00:00", "Z\n"};

constexpr std::string_view kUuids[] = {
    "0a1b2c3d-4e5f-6789-abcd-ef0123456789",   "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",   "0A1B2C3D-4E5F-6789-ABCD-EF0123456789",
    "0a1b2c3D-4e5f-6789-abcd-ef0123456789",   "urn:uuid:0a1b2c3d-4e5f-6789-abcd-ef0123456789",
    "{0a1b2c3d-4e5f-6789-abcd-ef0123456789}", "0a1b2c3d4e5f6789abcdef0123456789",
    "0a1b2c3d-4e5f-6789-abcd-ef012345678",    "0a1b2c3d-4e5f-6789-abcd-ef01234567890",
    "0a1b2c3-d4e5f-6789-abcd-ef0123456789",   "0a1b2c3g-4e5f-6789-abcd-ef0123456789"};

}  // namespace hub::test
