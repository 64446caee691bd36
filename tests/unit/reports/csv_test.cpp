#include "hub/reports/csv.hpp"

#include <catch2/catch.hpp>

namespace hub::reports {

TEST_CASE("a cell is quoted where RFC 4180 says so") {
  CHECK(csv_cell("") == "");
  CHECK(csv_cell("plain text") == "plain text");
  CHECK(csv_cell("a,b") == "\"a,b\"");
  CHECK(csv_cell("say \"no\"") == "\"say \"\"no\"\"\"");
  CHECK(csv_cell("two\r\nlines") == "\"two\r\nlines\"");
  CHECK(csv_row({"a", "", "b,c"}) == "a,,\"b,c\"\r\n");
}

TEST_CASE("a cell that a spreadsheet would take for a formula begins with an apostrophe") {
  for (const std::string text : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx"}) CHECK(csv_cell(text) == "'" + text);
  CHECK(csv_cell("\r1") == "\"'\r1\"");
  CHECK(csv_cell("=HYPERLINK(\"http://x\",1)") == "\"'=HYPERLINK(\"\"http://x\"\",1)\"");
  CHECK(csv_cell("a=1") == "a=1");
}

TEST_CASE("the mark is the byte order mark of UTF-8") { CHECK(kCsvMark == "\xEF\xBB\xBF"); }

}  // namespace hub::reports
