#include <catch2/catch.hpp>

#include "adapters/sdk/encode.hpp"
#include "adapters/sdk/verify.hpp"
#include "hub/base/msgpack_reader.hpp"
#include "tests/support/sending_party.hpp"

using namespace hub;

namespace {

struct VerifyBench {
  test::SendingParty sender{.id = "toa-an.huyen"};
  sdk::Verifier verifier{"btg.huyen", {{"toa-an.huyen", sender.root.public_key()}}};
  std::vector<Buffer> documents = {test::make_document("toa-an.huyen", "btg.huyen,vks.huyen", 1),
                                   test::make_document("toa-an.huyen", "btg.huyen,vks.huyen", 2),
                                   test::make_document("toa-an.huyen", "btg.huyen,vks.huyen", 3)};
  std::vector<sdk::VerifiedDelivery> out;

  VerifyBench() { REQUIRE(verifier.add_credential(sender.certificate())); }
  test::MadeGroup make(std::size_t first = 0, std::size_t count = 3) {
    return test::make_group(sender, "hub.example", "btg.huyen", documents, first, count, Position(40));
  }
  std::string reason(const wire::DeliveryGroup& group, std::string_view origin = "hub.example") {
    const auto verified = verifier.verify(group, origin, StreamSequence(1), out);
    if (verified) return "";
    CHECK(verified.error().code == ErrorCode::delivery_invalid);
    return verified.error().facts.at(1).value;
  }
};

}  // namespace

TEST_CASE("Deliveries with a sender's signature and the hub's proofs are verified and numbered") {
  VerifyBench b;
  const auto made = b.make();
  REQUIRE(b.verifier.verify(made.group, "hub.example", StreamSequence(9), b.out));
  REQUIRE(b.out.size() == 3);
  CHECK(b.out[2].sequence == StreamSequence(11));
  CHECK(b.out[0].document.subject == "Kết quả xét xử");
  CHECK(b.out[0].row.clause == "ket-qua-xet-xu");
  const auto outcome_root = crypto::node_hash(crypto::leaf_hash(made.row), crypto::leaf_hash(made.other_row));
  CHECK(b.out[0].leaf == crypto::Sha256()
                             .add(0x00)
                             .add(0x01)
                             .add(crypto::Digest{7})
                             .add(crypto::sha256(b.documents[0]))
                             .add(outcome_root)
                             .finish());
}

TEST_CASE("A part of a batch is verified with its range proof") {
  VerifyBench b;
  const auto made = b.make(1, 1);
  CHECK(b.reason(made.group).empty());
}

TEST_CASE("A forged delivery is refused whatever was changed in it") {
  VerifyBench b;
  auto made = b.make(1, 1);
  auto& delivery = made.group.deliveries[0];
  Buffer changed_row;
  std::string expected;
  SECTION("the document") {
    delivery.document = b.documents[0];
    expected = "the sender's signature does not fit";
  }
  SECTION("the signature") {
    made.group.signature[5] ^= 1;
    expected = "the sender's signature does not fit";
  }
  SECTION("its place in the batch") {
    made.group.first_index = 2;
    CHECK(b.reason(made.group) != "");
    return;
  }
  SECTION("the range proof's length") {
    made.range_proof.resize(32);
    made.group.range_proof = made.range_proof;
    expected = "the proof of its place in the batch has a wrong length";
  }
  SECTION("the batch's size") {
    made.group.batch_count = 4;
    CHECK(b.reason(made.group) != "");
    return;
  }
  SECTION("the sender") {
    made.group.sender = "vks.huyen";
    expected = "no root key is pinned for vks.huyen";
  }
  SECTION("an actual recipient that is another party") {
    wire::write_row(changed_row, {"btg.huyen", "vks.huyen", wire::kAccepted, "huyen/btg-238", 1, "ket-qua-xet-xu"});
    delivery.row = changed_row;
    expected = "it was decided for vks.huyen";
  }
  SECTION("an addressed party that the document does not name") {
    wire::write_row(changed_row, {"ubnd.huyen", "btg.huyen", wire::kAccepted, "huyen/btg-238", 1, "ket-qua-xet-xu"});
    delivery.row = changed_row;
    expected = "the document is not addressed to ubnd.huyen";
  }
  SECTION("a refused outcome") {
    wire::write_row(changed_row, {"btg.huyen", "btg.huyen", "no-agreement", "", 0, ""});
    delivery.row = changed_row;
    expected = "its outcome is no-agreement";
  }
  SECTION("the row proof's length") {
    delivery.row_proof = {};
    expected = "the proof of its outcome has a wrong length";
  }
  CHECK(b.reason(made.group) == expected);
}

TEST_CASE("A document whose source is another party than its batch's sender is refused") {
  VerifyBench b;
  b.documents = {test::make_document("vks.huyen", "btg.huyen", 1)};
  CHECK(b.reason(b.make(0, 1).group) == "the document is from another party than the one whose batch it came in");
}

TEST_CASE("A batch signed for another hub is refused") {
  VerifyBench b;
  const auto made = b.make();
  CHECK(b.reason(made.group, "other.example") == "the sender's signature does not fit");
}

TEST_CASE("A key without certificate, before or after its time is refused, and one revoked by then comes with a warning") {
  VerifyBench b;
  sdk::Verifier without("btg.huyen", {{"toa-an.huyen", b.sender.root.public_key()}});
  const auto made = b.make();
  CHECK_FALSE(without.verify(made.group, "hub.example", StreamSequence(1), b.out));
  REQUIRE(without.add_credential(b.sender.certificate(1'600'000'000'000'000, b.sender.time.value)));
  CHECK_FALSE(without.verify(made.group, "hub.example", StreamSequence(1), b.out));
  REQUIRE(without.add_credential(b.sender.certificate(1'600'000'000'000'000, b.sender.time.value + 1)));
  CHECK(without.verify(made.group, "hub.example", StreamSequence(1), b.out));
  CHECK_FALSE(b.out.back().warning);
  REQUIRE(without.add_credential(b.sender.revocation(b.sender.time)));
  REQUIRE(without.verify(made.group, "hub.example", StreamSequence(1), b.out));
  REQUIRE(b.out.back().warning);
  CHECK(b.out.back().warning->code == ErrorCode::key_revoked);
}

TEST_CASE("A certificate that the pinned root did not sign is refused and one of a stranger is passed over") {
  VerifyBench b;
  test::SendingParty forger{.id = "toa-an.huyen", .root = crypto::SigningKey::from_seed(Bytes<32>{9})};
  CHECK_FALSE(b.verifier.add_credential(forger.certificate()));
  test::SendingParty stranger{.id = "vks.huyen"};
  CHECK(b.verifier.add_credential(stranger.certificate()));
}

TEST_CASE("A derived id depends on party, name, time and content and on nothing else") {
  const Uuid id = sdk::derived_id("toa-an.huyen", "a.json", 5, "{}");
  CHECK(id == sdk::derived_id("toa-an.huyen", "a.json", 5, "{}"));
  CHECK(id != sdk::derived_id("vks.huyen", "a.json", 5, "{}"));
  CHECK(id != sdk::derived_id("toa-an.huyen", "b.json", 5, "{}"));
  CHECK(id != sdk::derived_id("toa-an.huyen", "a.json", 6, "{}"));
  CHECK(id != sdk::derived_id("toa-an.huyen", "a.json", 5, "[]"));
  CHECK((id.bytes[6] & 0xf0) == 0x80);
}
