#include "hub/crypto/checkpoint.hpp"

#include "hub/base/check.hpp"
#include "hub/crypto/text_lines.hpp"

namespace hub::crypto {
namespace {

tl::unexpected<Error> invalid_checkpoint(std::size_t line, std::string reason) {
  return fail(ErrorCode::checkpoint_invalid, {{"line", std::to_string(line)}, {"reason", std::move(reason)}});
}

}  // namespace

std::string checkpoint_text(const Checkpoint& checkpoint) {
  HUB_CHECK(!checkpoint.origin.empty() && checkpoint.origin.find('\n') == std::string::npos);
  HUB_CHECK(checkpoint.size <= kTreeSizeMax);
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto origin = take_line(text);
  if (!origin || origin->empty()) return invalid_checkpoint(1, "the origin is missing");
  const auto size_line = take_line(text);
  const auto size = size_line ? parse_decimal(*size_line, kTreeSizeMax) : std::nullopt;
  if (!size) return invalid_checkpoint(2, "the size is not a decimal from 0 to 2^63-1 without leading zeros");
  const auto root_line = take_line(text);
  const auto root = root_line ? parse_digest(*root_line) : std::nullopt;
  if (!root) return invalid_checkpoint(3, "the root is not the base64 of 32 bytes");
  if (*size == 0 && *root != empty_root()) return invalid_checkpoint(3, "the root is not the one of an empty tree");
  for (std::size_t number = 4; !text.empty(); ++number) {
    const auto extension = take_line(text);
    if (!extension || extension->empty())
      return invalid_checkpoint(number, "an extension line is empty or does not end");
  }
  return Checkpoint{std::string(*origin), *size, *root};
}

Result<Checkpoint> open_checkpoint(std::string_view note, std::string_view origin, std::span<const NoteKey> trusted) {
  const auto text = open_note(note, trusted);
  if (!text) return tl::unexpected(text.error());
  auto checkpoint = parse_checkpoint(*text);
  if (checkpoint && checkpoint->origin != origin)
    return invalid_checkpoint(1, "the origin is " + checkpoint->origin.substr(0, 200) + ", not " + std::string(origin));
  return checkpoint;
}

}  // namespace hub::crypto
