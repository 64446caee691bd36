#include "hub/registry/subject.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace hub;
using registry::SubjectTemplate;
using Json = nlohmann::json;

namespace {

const SubjectTemplate kTransfer = *SubjectTemplate::parse("Chuyển đơn số {ref} (lần {round})");

Buffer data(const Json& value) { return Json::to_msgpack(value); }

}  // namespace

TEST_CASE("only the subject that is made of the data matches") {
  const Buffer transfer = data({{"kind", {1, 2}}, {"ref", "76/Đ-BTN"}, {"round", 2}});
  CHECK(kTransfer.make(transfer) == "Chuyển đơn số 76/Đ-BTN (lần 2)");
  CHECK(kTransfer.matches("Chuyển đơn số 76/Đ-BTN (lần 2)", transfer));
  for (const char* other :
       {"", "Chuyển đơn số ", "Chuyển đơn số 76/Đ-BTN (lần 2", "Chuyển đơn số 76/Đ-BTN (lần 2) của ông A",
        "chuyển đơn số 76/Đ-BTN (lần 2)", "Chuyển đơn số 77/Đ-BTN (lần 2)", " Chuyển đơn số 76/Đ-BTN (lần 2)"})
    CHECK_FALSE(kTransfer.matches(other, transfer));
}

TEST_CASE("an integer is shown in decimal, however it is encoded") {
  const auto number = *SubjectTemplate::parse("{n}");
  CHECK(number.make(data({{"n", 0}})) == "0");
  CHECK(number.make(data({{"n", -12}})) == "-12");
  CHECK(number.make(data({{"n", 3.0}})) == "3");
  CHECK(number.make(data({{"n", UINT64_MAX}})) == "18446744073709551615");
  CHECK(number.make(data({{"n", INT64_MIN}})) == "-9223372036854775808");
  CHECK(number.matches("3", data({{"n", 3.0}})));
  CHECK_FALSE(number.matches("3", data({{"n", 3.5}})));
}

TEST_CASE("a field that is absent or no scalar fits no subject") {
  for (const Buffer& bytes : {data(Json::object()), data({{"ref", Json::array()}, {"round", 1}}), data(1), Buffer{},
                              Buffer{0x81, 0xa3, 'r', 'e', 'f'}, Buffer{0xc1}}) {
    CHECK_FALSE(kTransfer.matches("Chuyển đơn số  (lần )", bytes));
    CHECK_FALSE(kTransfer.matches(kTransfer.make(bytes), bytes));
  }
}

TEST_CASE("a template names its fields") {
  CHECK(kTransfer.fields() == std::vector<std::string_view>{"ref", "round"});
  CHECK(SubjectTemplate::parse("Nhắc việc")->fields().empty());
  for (const char* text : {"", "{", "}", "{}", "a{b", "a}b", "{a{b}}"}) CHECK_FALSE(SubjectTemplate::parse(text));
}
