#include "hub/registry/attachment.hpp"

#include <algorithm>
#include <array>

#include "hub/base/check.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/nfc.hpp"

namespace hub::registry {
namespace {

// Control characters (C0, DEL, C1), and those that turn the direction of text: a name must not look like another one.
bool has_control_character(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = [&](std::size_t at) { return at < utf8.size() ? static_cast<unsigned char>(utf8[at]) : 0u; };
    if (byte(i) < 0x20 || byte(i) == 0x7f) return true;
    if (byte(i) == 0xc2 && byte(i + 1) < 0xa0) return true;  // U+0080 … U+009F
    if (byte(i) != 0xe2) continue;
    if (byte(i + 1) == 0x80 && byte(i + 2) >= 0xa8 && byte(i + 2) <= 0xae) return true;  // U+2028 … U+202E
    if (byte(i + 1) == 0x81 && byte(i + 2) >= 0xa6 && byte(i + 2) <= 0xa9) return true;  // U+2066 … U+2069
  }
  return false;
}

bool is_token(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
  });
}

enum Member : unsigned { kName, kMediaType, kSize, kSha256, kMemberCount };
constexpr std::string_view kMembers[kMemberCount] = {"name", "mediatype", "size", "sha256"};

const char* read_member(MsgpackReader& in, unsigned member, AttachmentView& out) {
  switch (member) {
    case kName: {
      const auto name = in.read_string();
      if (!name || !is_attachment_name(*name)) return "a name must be a plain file name of 1 to 255 bytes, in NFC";
      out.name = *name;
      return nullptr;
    }
    case kMediaType: {
      const auto type = in.read_string();
      if (!type || !is_media_type(*type)) return "a mediatype must be as application/pdf, at most 127 bytes";
      out.mediatype = *type;
      return nullptr;
    }
    case kSize: {
      const auto size = in.read_uint();
      if (!size || *size > kAttachmentBytesMax) return "a size must be an integer from 0 to 4 GiB";
      out.size = *size;
      return nullptr;
    }
    case kSha256: {
      const auto digest = in.read_binary();
      const auto bytes = digest ? fixed<32>(*digest) : std::nullopt;
      if (!bytes) return "a sha256 must be 32 bytes";
      out.sha256 = *bytes;
      return nullptr;
    }
  }
  return "an attachment has name, mediatype, size and sha256, and nothing else";
}

const char* read_attachment(MsgpackReader& in, AttachmentView& out) {
  if (in.read_map() != kMemberCount) return "an attachment has name, mediatype, size and sha256, and nothing else";
  unsigned seen = 0;
  for (unsigned i = 0; i < kMemberCount; ++i) {
    const auto key = in.read_string();
    const auto member =
        static_cast<unsigned>(std::find(std::begin(kMembers), std::end(kMembers), key.value_or("")) - kMembers);
    if (member < kMemberCount && (seen >> member & 1) != 0) return "a key stands twice in an attachment";
    if (const char* reason = read_member(in, member, out)) return reason;
    seen |= 1u << member;
  }
  return nullptr;
}

}  // namespace

bool is_attachment_name(std::string_view name) {
  return !name.empty() && name.size() <= kAttachmentNameBytesMax && name != "." && name != ".." &&
         name.find_first_of("/\\") == std::string_view::npos && is_utf8(name) && !has_control_character(name) &&
         nfc(name) == name;
}

bool is_media_type(std::string_view text) {
  const std::size_t slash = text.find('/');
  return text.size() <= kMediaTypeBytesMax && slash != std::string_view::npos && is_token(text.substr(0, slash)) &&
         is_token(text.substr(slash + 1));
}

const char* check_attachments(MsgpackReader& in, AttachmentTotals& out) {
  const auto count = in.read_array();
  if (!count || *count == 0 || *count > kAttachmentsMax) return "must be an array of 1 to 20 attachments";
  std::array<AttachmentView, kAttachmentsMax> read;
  for (std::uint32_t i = 0; i < *count; ++i) {
    if (const char* reason = read_attachment(in, read[i])) return reason;
    const auto end = read.begin() + i;
    if (std::any_of(read.begin(), end, [&](const AttachmentView& other) { return other.name == read[i].name; }))
      return "two attachments have the same name";
    out.bytes += read[i].size;
  }
  out.count = *count;
  return nullptr;
}

std::vector<AttachmentView> read_attachments(ByteView array) {
  std::vector<AttachmentView> out;
  if (array.empty()) return out;
  MsgpackReader in(array);
  out.resize(in.read_array().value_or(0));
  for (AttachmentView& attachment : out) HUB_CHECK(read_attachment(in, attachment) == nullptr);
  return out;
}

}  // namespace hub::registry
