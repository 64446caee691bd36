#include "hub/crypto/key_file.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "hub/base/check.hpp"

namespace hub::crypto {
namespace {

constexpr std::array<std::string_view, 5> kUses = {"root", "signing", "administrator", "tree", "transport"};

std::string algorithm_of(std::string_view use) { return use == "transport" ? "curve25519" : "ed25519"; }

tl::unexpected<Error> io_failed(const std::string& path, const char* operation) {
  return fail(ErrorCode::io_failed, {{"path", path}, {"operation", operation}, {"reason", std::strerror(errno)}});
}

tl::unexpected<Error> invalid_key_file(const std::string& path, std::string reason) {
  return fail(ErrorCode::config_invalid,
              {{"file", path}, {"line", "1"}, {"column", "1"}, {"path", ""}, {"reason", std::move(reason)}});
}

std::optional<Bytes<32>> key_bytes(const nlohmann::json& json, const char* name) {
  if (!json.contains(name) || !json[name].is_string()) return std::nullopt;
  const auto bytes = from_base64(json[name].get_ref<const std::string&>());
  return bytes ? fixed<32>(*bytes) : std::nullopt;
}

}  // namespace

bool is_key_use(std::string_view use) { return std::find(kUses.begin(), kUses.end(), use) != kUses.end(); }

KeyFile new_key(std::string_view use) {
  HUB_CHECK(is_key_use(use));
  KeyFile key{std::string(use), {}, Bytes<32>{}};
  if (use == "transport") {
    randombytes_buf(key.secret->data(), key.secret->size());
    HUB_CHECK(crypto_scalarmult_base(key.public_key.data(), key.secret->data()) == 0);
  } else {
    const SigningKey signing = SigningKey::generate();
    key.public_key = signing.public_key();
    key.secret = signing.seed();
  }
  return key;
}

Result<KeyFile> read_key_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return io_failed(path, "open");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("use") || !json["use"].is_string())
    return invalid_key_file(path,
                            "a key file is a JSON object with algorithm, use, public and, if it is secret, secret");
  KeyFile key{json["use"].get<std::string>(), {}, std::nullopt};
  if (!is_key_use(key.use)) return invalid_key_file(path, "there is no key use " + key.use);
  if (json.value("algorithm", "") != algorithm_of(key.use))
    return invalid_key_file(path, "a " + key.use + " key has the algorithm " + algorithm_of(key.use));
  const auto public_key = key_bytes(json, "public");
  if (!public_key) return invalid_key_file(path, "public must be the base64 of 32 bytes");
  key.public_key = *public_key;
  if (json.contains("secret")) {
    key.secret = key_bytes(json, "secret");
    if (!key.secret) return invalid_key_file(path, "secret must be the base64 of 32 bytes");
  }
  return key;
}

Result<KeyFile> read_key_file(const std::string& path, std::string_view use, bool secret) {
  auto key = read_key_file(path);
  if (!key) return key;
  if (key->use != use)
    return invalid_key_file(path, "a key for " + std::string(use) + " was expected, not for " + key->use);
  if (secret && !key->secret)
    return invalid_key_file(path, "the secret key was expected, this file holds the public one");
  return key;
}

Result<void> write_key_file(const std::string& path, const KeyFile& key) {
  nlohmann::ordered_json json = {
      {"algorithm", algorithm_of(key.use)}, {"use", key.use}, {"public", to_base64(key.public_key)}};
  if (key.secret) json["secret"] = to_base64(*key.secret);
  const std::string text = json.dump(1) + "\n";
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, key.secret ? 0600 : 0644);
  if (file < 0) return io_failed(path, "create");
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = written && ::fsync(file) == 0;
  ::close(file);
  if (!synced) return io_failed(path, "write");
  return {};
}

}  // namespace hub::crypto
