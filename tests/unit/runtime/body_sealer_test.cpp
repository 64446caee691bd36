#include "hub/runtime/body_sealer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <iterator>

#include "hub/base/check.hpp"
#include "hub/journal/record_codec.hpp"
#include "tests/simulation/scheduler.hpp"
#include "tests/support/memory_secrets.hpp"

namespace hub::runtime {
namespace {

// A record with an encrypted body, as it stands in a file.
struct Sealed {
  test::MemorySecrets secrets;
  BodySealer sealer{secrets};
  simulation::Chance chance{7};
  Buffer body, stored, record;

  explicit Sealed(std::size_t body_bytes = 300) : body(body_bytes) {
    chance.fill(body);
    HUB_CHECK(sealer.create(1, chance).has_value());
    journal::NewRecord entry;
    chance.fill(entry.nonce);
    entry.body_digest = crypto::sha256(body);
    sealer.seal(1, entry.nonce, entry.body_digest, body, stored);
    entry.body = stored;
    entry.body_key = 1;
    record.resize(journal::record_bytes(0, stored.size()));
    journal::encode_record(entry, Position(5), 0, record.data());
  }
  journal::RecordView view() const { return journal::view_record(record.data()); }
  ErrorCode refusal(const journal::RecordView& of) {
    Buffer scratch;
    const auto opened = sealer.open(of, scratch);
    REQUIRE_FALSE(opened.has_value());
    return opened.error().code;
  }
};

}  // namespace

TEST_CASE("a body comes back as it was sealed, and does not stand in what is stored") {
  for (const std::size_t bytes : {0u, 1u, 15u, 16u, 17u, 1024u, 1u << 20}) {
    CAPTURE(bytes);
    Sealed sealed(bytes);
    CHECK(sealed.stored.size() == bytes + journal::kBodyTagBytes);
    CHECK(journal::sent_body_bytes(sealed.view()) == bytes);
    Buffer scratch;
    const auto opened = sealed.sealer.open(sealed.view(), scratch);
    REQUIRE(opened.has_value());
    CHECK(equal(*opened, sealed.body));
    if (bytes >= 15)
      CHECK(std::search(sealed.stored.begin(), sealed.stored.end(), sealed.body.begin(), sealed.body.begin() + 8) ==
            sealed.stored.end());
  }
}

TEST_CASE("a body opens with its secret after the process that sealed it is gone") {
  Sealed sealed;
  BodySealer other(sealed.secrets);
  Buffer scratch;
  CHECK(equal(other.open(sealed.view(), scratch).value(), sealed.body));
}

TEST_CASE("a changed byte of the body, the nonce or the digest is found") {
  Sealed sealed;
  const auto changed = [&](const std::function<void(journal::RecordView&)>& change) {
    journal::RecordView view = sealed.view();
    change(view);
    return sealed.refusal(view);
  };
  for (const std::size_t at : {std::size_t{0}, sealed.stored.size() - 1}) {
    Buffer stored = sealed.stored;
    stored[at] ^= 1;
    CHECK(changed([&](journal::RecordView& v) { v.body = stored; }) == ErrorCode::journal_damaged);
  }
  CHECK(changed([](journal::RecordView& v) { v.nonce[0] ^= 1; }) == ErrorCode::journal_damaged);
  CHECK(changed([](journal::RecordView& v) { v.body_digest[31] ^= 1; }) == ErrorCode::journal_damaged);
  CHECK(changed([](journal::RecordView& v) {
          v.body = v.body.first(journal::kBodyTagBytes - 1);
          v.body_bytes = journal::kBodyTagBytes - 1;
        }) == ErrorCode::journal_damaged);
}

TEST_CASE("another secret in the place of a key does not open its bodies") {
  Sealed sealed;
  test::MemorySecrets others;
  others.secrets[1] = {1, 2, 3};
  BodySealer sealer(others);
  Buffer scratch;
  CHECK(sealer.open(sealed.view(), scratch).error().code == ErrorCode::journal_damaged);
}

TEST_CASE("nothing opens after a key was destroyed, and what is destroyed twice stays so") {
  Sealed sealed;
  REQUIRE(sealed.sealer.destroy(1));
  CHECK(sealed.refusal(sealed.view()) == ErrorCode::storage_key_missing);
  CHECK(sealed.sealer.destroy(1));
}

// Its bytes were made by another program (Python's cryptography), from the form that record_format.hpp describes.
TEST_CASE("the golden record opens with its secret") {
  std::ifstream file(HUB_SOURCE_DIR "/tests/golden/journal/v1-sealed.rec", std::ios::binary);
  const Buffer golden(std::istreambuf_iterator<char>(file), {});
  REQUIRE_FALSE(golden.empty());
  test::MemorySecrets secrets;
  for (std::size_t i = 0; i < 32; ++i) secrets.secrets[7][i] = static_cast<std::uint8_t>(i);
  BodySealer sealer(secrets);
  Buffer scratch;
  const auto opened = sealer.open(journal::view_record(golden.data()), scratch);
  REQUIRE(opened.has_value());
  CHECK(as_text(*opened) == "Hồ sơ vụ án");
}

TEST_CASE("a body that is stored as it is needs no key") {
  test::MemorySecrets none;
  BodySealer sealer(none);
  const Buffer body = {1, 2, 3};
  journal::RecordView view;
  view.body = body;
  Buffer scratch;
  CHECK(equal(sealer.open(view, scratch).value(), body));
}

}  // namespace hub::runtime
