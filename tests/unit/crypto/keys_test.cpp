#include "hub/crypto/keys.hpp"

#include <catch2/catch.hpp>

namespace hub::crypto {
namespace {

Bytes<32> bytes32(std::string_view hex) { return *fixed<32>(*from_hex(hex)); }

}  // namespace

TEST_CASE("keys and signatures are those of RFC 8032 section 7.1") {
  const auto one = SigningKey::from_seed(bytes32("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  CHECK(to_hex(one.public_key()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(to_hex(one.sign({})) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b");
  const auto two = SigningKey::from_seed(bytes32("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  CHECK(to_hex(two.public_key()) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  CHECK(to_hex(two.sign(Buffer{0x72})) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00");
}

TEST_CASE("a signature is good for its key and message alone, and no flipped bit passes") {
  const auto key = SigningKey::generate();
  const Buffer message = {1, 2, 3};
  const Signature signature = key.sign(message);
  CHECK(verify(key.public_key(), message, signature));
  CHECK_FALSE(verify(key.public_key(), Buffer{1, 2, 4}, signature));
  CHECK_FALSE(verify(SigningKey::generate().public_key(), message, signature));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Signature wrong = signature;
    wrong[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE_FALSE(verify(key.public_key(), message, wrong));
  }
  CHECK_FALSE(verify(PublicKey{}, message, Signature{}));  // a point of small order
}

TEST_CASE("a key comes back from its seed, and is named by its digest") {
  const auto key = SigningKey::generate();
  CHECK(SigningKey::from_seed(key.seed()).public_key() == key.public_key());
  CHECK(fingerprint(key.public_key()) == "sha256:" + to_hex(sha256(key.public_key())));
  CHECK(to_hex(key_id(key.public_key())) == to_hex(sha256(key.public_key())).substr(0, 32));
}

}  // namespace hub::crypto
