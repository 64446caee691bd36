// The public MessagePack test suite: every encoding of a value reads as that value.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hub/base/msgpack_reader.hpp"

using hub::MsgpackReader;
using Json = nlohmann::json;
using Kind = MsgpackReader::Kind;

namespace {

hub::Buffer bytes_of(std::string hex) {
  std::erase(hex, '-');
  return *hub::from_hex(hex);
}

Json read(MsgpackReader& in) {
  switch (in.peek()) {
    case Kind::nil: in.read_nil(); return nullptr;
    case Kind::boolean: return *in.read_bool();
    case Kind::integer: {
      if (const auto value = in.read_uint()) return *value;
      return *in.read_int();
    }
    case Kind::floating: return *in.read_float();
    case Kind::string: return *in.read_string();
    case Kind::array: {
      Json out = Json::array();
      for (auto n = *in.read_array(); n > 0; --n) out.push_back(read(in));
      return out;
    }
    case Kind::map: {
      Json out = Json::object();
      for (auto n = *in.read_map(); n > 0; --n) {
        const std::string key(*in.read_string());
        out[key] = read(in);
      }
      return out;
    }
    default: in.skip(); return "not JSON";
  }
}

// The value under test stands under the name of its kind.
Json expected(const Json& entry) {
  for (const char* name : {"nil", "bool", "string", "array", "map"})
    if (entry.contains(name)) return entry[name];
  return entry.contains("number") ? entry["number"] : Json("not JSON");
}

bool same(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number() && (a.is_number_float() || b.is_number_float()))
    return a.get<double>() == b.get<double>();
  return a == b;
}

void check(const Json& entry, const std::string& hex) {
  const hub::Buffer bytes = bytes_of(hex);
  INFO(hex);
  MsgpackReader skipping(bytes);
  CHECK(skipping.skip());
  CHECK(skipping.at_end());
  MsgpackReader in(bytes);
  if (entry.contains("binary")) {
    const auto value = in.read_binary();
    REQUIRE(value);
    CHECK(hub::equal(*value, bytes_of(entry["binary"])));
  } else if (entry.contains("bignum") && in.peek() == Kind::integer) {
    const std::string text = entry["bignum"];
    CHECK((text[0] == '-' ? std::to_string(*in.read_int()) : std::to_string(*in.read_uint())) == text);
  } else if (entry.contains("bignum")) {
    CHECK(*in.read_float() == std::stod(entry["bignum"].get<std::string>()));
  } else {
    CHECK(same(read(in), expected(entry)));
  }
  CHECK(in.at_end());
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(MsgpackReader({bytes.data(), cut}).skip());
}

}  // namespace

TEST_CASE("every encoding of the public MessagePack suite reads as its value, and no cut one does") {
  std::ifstream file(HUB_SOURCE_DIR "/../shared/vectors/msgpack/msgpack-test-suite.json");
  if (!file) {
    WARN("skipped: the public vectors (../shared/vectors/msgpack) are not there");
    return;
  }
  std::size_t encodings = 0;
  const Json suite = Json::parse(file);
  for (const auto& group : suite) {
    for (const auto& entry : group) {
      for (const auto& hex : entry["msgpack"]) {
        check(entry, hex);
        ++encodings;
      }
    }
  }
  WARN(encodings << " encodings");
  CHECK(encodings > 200);
}
