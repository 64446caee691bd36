#include "tests/oracle/random_values.hpp"

#include "tests/oracle/samples.hpp"

namespace hub::test {

using Json = nlohmann::json;

std::string random_text(Dice& dice, std::size_t length) {
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += dice.pick(kCharacters);
  return out;
}

std::string random_of_format(Dice& dice, std::string_view format) {
  if (format == "uuid") return std::string(dice.chance(50) ? kUuids[0] : dice.pick(kUuids));
  const std::string date(dice.chance(60) ? kDates[0] : dice.pick(kDates));
  if (format == "date") return date;
  std::string out = date;
  out += dice.pick(kSeparators);
  out += dice.chance(60) ? kTimes[0] : dice.pick(kTimes);
  out += dice.pick(kFractions);
  out += dice.pick(kOffsets);
  return out;
}

Json random_value(Dice& dice, int depth) {
  switch (dice.below(depth < 3 ? 8 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return dice.chance(50);
    case 2:
      return dice.pick(numbers());
    case 3:
      return random_text(dice, dice.below(6));
    case 4:
      return random_of_format(dice, dice.chance(50) ? "date" : "uuid");
    case 5:
    case 6: {
      Json out = Json::array();
      for (std::size_t i = dice.below(4); i > 0; --i) out.push_back(random_value(dice, depth + 1));
      return out;
    }
    default: {
      Json out = Json::object();
      for (std::size_t i = dice.below(4); i > 0; --i)
        out[std::string(dice.pick(kNames))] = random_value(dice, depth + 1);
      return out;
    }
  }
}

}  // namespace hub::test
