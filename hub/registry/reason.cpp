#include "hub/registry/reason.hpp"

#include <algorithm>

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/nfc.hpp"
#include "hub/registry/secrecy.hpp"

namespace hub::registry {
namespace {

Error invalid_reason(std::string vietnamese, std::string english) {
  return {ErrorCode::report_invalid,
          {{"pointer", "/reason"}, {"reason_vi", std::move(vietnamese)}, {"reason_en", std::move(english)}}};
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::optional<Error> refuse_reason(std::string_view reason) {
  const std::string limit = std::to_string(kReasonBytesMax);
  if (reason.size() > kReasonBytesMax)
    return invalid_reason("lý do dài quá " + limit + " byte", "the reason has more than " + limit + " bytes");
  if (!is_utf8(reason)) return invalid_reason("lý do không phải UTF-8", "the reason is no UTF-8");
  if (std::any_of(reason.begin(), reason.end(), is_control))
    return invalid_reason("lý do có ký tự điều khiển", "the reason has a control character");
  if (nfc(reason) != reason)
    return invalid_reason("lý do không ở dạng Unicode NFC", "the reason is not in Unicode normal form C");
  if (const auto mark = find_secrecy_mark(reason))
    return Error{ErrorCode::secrecy_mark, {{"mark", std::string(mark->name)}, {"pointer", "/reason"}}};
  return std::nullopt;
}

}  // namespace hub::registry
