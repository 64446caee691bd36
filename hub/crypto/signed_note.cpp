#include "hub/crypto/signed_note.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/base/msgpack_reader.hpp"
#include "hub/crypto/text_lines.hpp"

namespace hub::crypto {
namespace {

using NoteKeyId = Bytes<4>;

constexpr std::string_view kSignatureMark = "\u2014 ";  // an em dash and a space
constexpr std::uint8_t kEd25519 = 0x01;                 // C2SP's number for this kind of signature

Buffer typed_key(const PublicKey& key) {
  Buffer out{kEd25519};
  append(out, key);
  return out;
}

NoteKeyId note_key_id(std::string_view name, const PublicKey& key) {
  const Digest digest = Sha256().add(as_bytes(name)).add('\n').add(typed_key(key)).finish();
  return {digest[0], digest[1], digest[2], digest[3]};
}

// Unicode's White_Space, as UTF-8. The ASCII ones that are control characters are refused as such.
constexpr std::string_view kSpaces[] = {" ",      "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002",
                                        "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
                                        "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

bool is_note_text(std::string_view text) {
  return !text.empty() && text.back() == '\n' && is_utf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) && c != '\n'; });
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

tl::unexpected<Error> invalid_note(std::size_t line, std::string reason) {
  return fail(ErrorCode::note_invalid, {{"line", std::to_string(line)}, {"reason", std::move(reason)}});
}

struct SignatureLine {
  std::string_view name;
  NoteKeyId key{};
  Buffer signature;
};

std::optional<SignatureLine> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kSignatureMark)) return std::nullopt;
  line.remove_prefix(kSignatureMark.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  SignatureLine out{line.substr(0, space), {}, {}};
  const auto bytes = from_base64(line.substr(space + 1));
  if (!is_note_name(out.name) || !bytes || bytes->size() <= out.key.size()) return std::nullopt;
  std::copy_n(bytes->begin(), out.key.size(), out.key.begin());
  out.signature.assign(bytes->begin() + static_cast<std::ptrdiff_t>(out.key.size()), bytes->end());
  return out;
}

std::string key_text(std::string_view name, const NoteKeyId& id) { return std::string(name) + "+" + to_hex(id); }

enum class Verdict { unknown_key, right, wrong };

// Two trusted keys may share name and id, by chance or by an attacker's search: either of them may have signed.
Verdict judge(std::string_view text, const SignatureLine& line, std::span<const NoteKey> trusted) {
  const auto signature = fixed<64>(line.signature);
  Verdict verdict = Verdict::unknown_key;
  for (const NoteKey& key : trusted) {
    if (key.name != line.name || note_key_id(key.name, key.key) != line.key) continue;
    if (signature && verify(key.key, as_bytes(text), *signature)) return Verdict::right;
    verdict = Verdict::wrong;
  }
  return verdict;
}

void add_name(std::string& list, const std::string& name) {
  if (list.size() > 400) return;  // it is for a person to read, and others wrote the names
  if (!list.empty()) list += ", ";
  list += name;
}

tl::unexpected<Error> untrusted(std::string signers, std::span<const NoteKey> trusted) {
  std::string keys;
  for (const NoteKey& key : trusted) add_name(keys, key_text(key.name, note_key_id(key.name, key.key)));
  return fail(ErrorCode::note_untrusted, {{"signers", std::move(signers)}, {"trusted", keys.empty() ? "-" : keys}});
}

std::string signature_line(std::string_view text, std::string_view name, const SigningKey& key) {
  HUB_CHECK(is_note_name(name));
  Buffer bytes;
  append(bytes, note_key_id(name, key.public_key()));
  append(bytes, key.sign(as_bytes(text)));
  return std::string(kSignatureMark).append(name).append(" ").append(to_base64(bytes)).append("\n");
}

}  // namespace

bool is_note_name(std::string_view name) {
  return !name.empty() && is_utf8(name) && name.find('+') == std::string_view::npos &&
         std::none_of(name.begin(), name.end(), is_control) &&
         std::none_of(std::begin(kSpaces), std::end(kSpaces),
                      [&](std::string_view space) { return name.find(space) != std::string_view::npos; });
}

std::string verifier_key(const NoteKey& key) {
  HUB_CHECK(is_note_name(key.name));
  return key_text(key.name, note_key_id(key.name, key.key)) + "+" + to_base64(typed_key(key.key));
}

Result<NoteKey> parse_verifier_key(std::string_view text) {
  const auto refuse = [&](const char* reason) {
    std::string shown(text.substr(0, 200));
    std::replace_if(shown.begin(), shown.end(), is_control, '?');
    return fail(ErrorCode::verifier_key_invalid, {{"key", is_utf8(shown) ? shown : "?"}, {"reason", reason}});
  };
  // Base64 may hold a plus too: the name ends at the first one, and the id has 8 digits.
  const std::size_t name_end = text.find('+');
  if (name_end == std::string_view::npos || text.size() < name_end + 10 || text[name_end + 9] != '+')
    return refuse("it is not name+8 hex digits+base64");
  NoteKey key{std::string(text.substr(0, name_end)), {}};
  if (!is_note_name(key.name)) return refuse("the name is empty or holds a space or a control character");
  const auto bytes = from_base64(text.substr(name_end + 10));
  if (!bytes || bytes->size() != 1 + key.key.size()) return refuse("the last part is not the base64 of 33 bytes");
  if (bytes->front() != kEd25519) return refuse("it is not an Ed25519 key (kind 0x01)");
  std::copy(bytes->begin() + 1, bytes->end(), key.key.begin());
  if (text.substr(name_end + 1, 8) != to_hex(note_key_id(key.name, key.key)))
    return refuse("the 8 hex digits do not belong to that name and key");
  return key;
}

std::string sign_note(std::string_view text, std::string_view name, const SigningKey& key) {
  HUB_CHECK(is_note_text(text));
  return std::string(text).append("\n").append(signature_line(text, name, key));
}

std::string sign_note(std::string_view text, std::span<const NoteSigner> signers) {
  HUB_CHECK(is_note_text(text) && !signers.empty() && signers.size() <= kNoteSignaturesMax);
  std::string note = std::string(text).append("\n");
  for (const NoteSigner& signer : signers) note += signature_line(text, signer.name, signer.key);
  return note;
}

Result<std::string> open_note(std::string_view note, std::span<const NoteKey> trusted) {
  if (note.size() > kNoteBytesMax)
    return invalid_note(1, "the note has more than " + std::to_string(kNoteBytesMax) + " bytes");
  if (!is_note_text(note))
    return invalid_note(1, "the note is not UTF-8 text without control characters that ends in a newline");
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos || blank + 2 == note.size())
    return invalid_note(line_at(note, note.size() - 1), "there is no blank line with signatures after it");
  const std::string_view text = note.substr(0, blank + 1);
  std::string_view rest = note.substr(blank + 2);
  std::size_t number = line_at(note, blank + 2), signatures = 0;
  std::string signers;
  bool signed_by_trusted = false;
  for (; const auto line = take_line(rest); ++number) {
    if (++signatures > kNoteSignaturesMax)
      return invalid_note(number, "the note has more than " + std::to_string(kNoteSignaturesMax) + " signatures");
    const auto signature = parse_signature_line(*line);
    if (!signature) return invalid_note(number, "it is not a signature: em dash, space, name, space, base64");
    const std::string signer = key_text(signature->name, signature->key);
    const Verdict verdict = judge(text, *signature, trusted);
    if (verdict == Verdict::wrong) return invalid_note(number, "the signature of " + signer + " does not fit the text");
    signed_by_trusted |= verdict == Verdict::right;
    add_name(signers, signer);
  }
  if (!signed_by_trusted) return untrusted(std::move(signers), trusted);
  return std::string(text);
}

}  // namespace hub::crypto
