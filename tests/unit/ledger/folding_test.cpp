#include <catch2/catch.hpp>

#include "hub/ledger/folding.hpp"
#include "hub/ledger/word_search.hpp"

using namespace hub::ledger;

TEST_CASE("Text is folded to words without accents, and đ to d") {
  CHECK(fold("Kết quả xét xử, số 12/KH-UBND") == "ket qua xet xu so 12 kh ubnd");
  CHECK(fold("ĐƯỜNG đi “Đà Nẵng”") == "duong di da nang");
  CHECK(fold("Ke\xcc\x82\xcc\x81t qua\xcc\x89") == "ket qua");  // decomposed
  CHECK(fold("  \n ") == "");
  CHECK(fold("…?!") == "");
}

TEST_CASE("Letters of other alphabets stay, and bytes that are no text separate words") {
  CHECK(fold("Привет мир") == "Привет мир");
  CHECK(fold("a\xff"
             "b") == "a b");
}

TEST_CASE("A search asks for every word, and for the beginning of the last") {
  using hub::sql::Dialect;
  CHECK(word_search(Dialect::sqlite, "Xét xử", {}).expression == "\"xet\" \"xu\"*");
  CHECK(word_search(Dialect::sqlite, "OR \"NEAR(\"", {}).expression == "\"or\" \"near\"*");
  CHECK(word_search(Dialect::postgresql, "Xét xử", {}).expression == "'xet' & 'xu':*");
  CHECK(word_search(Dialect::postgresql, "a' | !(b", {}).expression == "'a' & 'b':*");
  CHECK(word_search(Dialect::sqlite, "Xét", {"a.b-1", "no id"}).expression == "\"xet\"* \"@a.b-1\"");
  for (const Dialect dialect : {Dialect::sqlite, Dialect::postgresql}) CHECK(word_search(dialect, "--", {}).expression == "");
}
