// Why a file is refused: the line, and the reason in both languages.
#pragma once

#include <string>

#include "adapters/edxml/message.hpp"
#include "hub/base/result.hpp"

namespace hub::edxml {

inline Error refusal(Line line, std::string vietnamese, std::string english) {
  return {ErrorCode::edxml_invalid,
          {{"line", std::to_string(line)}, {"reason_vi", std::move(vietnamese)}, {"reason_en", std::move(english)}}};
}

inline tl::unexpected<Error> refuse(Line line, std::string vietnamese, std::string english) {
  return tl::unexpected(refusal(line, std::move(vietnamese), std::move(english)));
}

// One of `what` ("recipients") too many, or a size beyond `limit`.
inline Error beyond(Line line, const std::string& what_vi, const std::string& what_en, std::uint64_t limit) {
  return refusal(line, what_vi + " vượt quá giới hạn " + std::to_string(limit),
                 what_en + " beyond the limit of " + std::to_string(limit));
}

tl::unexpected<Error> failed(const char* operation, const std::string& path);  // io_failed with errno's text

}  // namespace hub::edxml
