// Signed notes (C2SP signed-note), with Ed25519 keys: a text that people can read and the signatures below it.
//
//   <text, which ends in a newline>
//   <blank line>
//   — <key name> <base64(key id (4) ‖ signature (64))>        one line or more
//
//   key id = the first 4 bytes of SHA-256(key name ‖ 0x0A ‖ 0x01 ‖ public key)
//   verifier key = <key name>+<key id, 8 hex digits>+<base64(0x01 ‖ public key)>
//
// The signature covers the text with its final newline. The last blank line ends the text. Threads: free functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "hub/crypto/keys.hpp"

namespace hub::crypto {

constexpr std::size_t kNoteBytesMax = 256 * 1024;
constexpr std::size_t kNoteSignaturesMax = 64;  // C2SP asks for 16 at least; post-quantum ones have up to 5 KB each

// What a note is trusted by.
struct NoteKey {
  std::string name;
  PublicKey key{};
  friend bool operator==(const NoteKey&, const NoteKey&) = default;
};

// Not empty, UTF-8, no spaces of any kind, no control characters, no plus.
bool is_note_name(std::string_view name);
// The name must be one.
std::string verifier_key(const NoteKey& key);
// verifier_key_invalid (key, reason). Takes what verifier_key writes and no other spelling.
Result<NoteKey> parse_verifier_key(std::string_view text);

struct NoteSigner {
  std::string name;
  SigningKey key;
};

// The note. The text must be UTF-8 that ends in a newline and has no other control character; names must be note names.
std::string sign_note(std::string_view text, std::string_view name, const SigningKey& key);
// By several keys, in their order; one at least. While tree keys overlap, the old and the new one sign.
std::string sign_note(std::string_view text, std::span<const NoteSigner> signers);

// The text of a note that one of the trusted keys signed, at least. Signatures of other keys are ignored; a trusted
// key's signature that is wrong makes the note invalid, whatever else it carries. note_invalid (line, reason),
// note_untrusted (signers, trusted).
Result<std::string> open_note(std::string_view note, std::span<const NoteKey> trusted);

}  // namespace hub::crypto
