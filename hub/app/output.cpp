#include "hub/app/output.hpp"

#include <cstdio>

#include "hub/base/error_catalogue.hpp"

namespace hub::app {
namespace {

// Facts may quote what came in, bytes that are no UTF-8 too.
std::string one_line(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

int Output::done(const std::string& text, const nlohmann::ordered_json& value) const {
  const std::string line = json ? one_line(value) : text;
  std::printf("%s\n", line.c_str());
  return kDone;
}

int Output::refused(const Error& error) const {
  if (json) {
    std::printf("%s\n", one_line({{"error", to_json(error)}}).c_str());
  } else {
    std::fprintf(stderr, "%s\n%s\n", describe(error, Language::vietnamese).c_str(),
                 describe(error, Language::english).c_str());
  }
  return error.code == ErrorCode::usage ? kUsage : kRefused;
}

}  // namespace hub::app
