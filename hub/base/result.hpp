// Expected failures are values: a Result holds what was asked for, or an Error that the catalogue can put into words.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace hub {

// One per entry of schemas/errors.json, in its order; the name is the code with underscores.
enum class ErrorCode : std::uint16_t {
#include "error_codes.inc"
};

// What a text of the catalogue fills its {name} with.
struct Fact {
  std::string name, value;
  friend bool operator==(const Fact&, const Fact&) = default;
};

struct Error {
  ErrorCode code{};
  std::vector<Fact> facts;
  // The value of that fact; empty without it.
  std::string fact(std::string_view name) const {
    for (const Fact& f : facts)
      if (f.name == name) return f.value;
    return {};
  }
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> fail(ErrorCode code, std::vector<Fact> facts = {}) {
  return tl::unexpected<Error>(Error{code, std::move(facts)});
}

}  // namespace hub
