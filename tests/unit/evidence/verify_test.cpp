#include "adapters/sdk/verify.hpp"
#include "tests/unit/evidence/receipt_bench.hpp"

namespace hub::evidence {

using Made = ReceiptBench::Made;

TEST_CASE("receipts of a decision, a delivery and a replay's report hold down to the agreement at hand") {
  ReceiptBench b;
  b.trust.document = b.document;
  b.trust.agreements = {agreement_json(b.sender.root.public_key())};
  CHECK(b.failure(b.of_document()) == "");
  CHECK(b.failure(b.of_delivery()) == "");
  CHECK(b.failure(b.of_replay()) == "");
  const Verdict verdict = verify_receipt(b.of_replay().text(), b.trust);
  CHECK(verdict.findings.front().step == Step::checkpoint);
  CHECK(verdict.findings.back().step == Step::agreement);
  const Fact compared{"compared", "true"};
  CHECK(std::ranges::count(verdict.findings.back().facts, compared.value, &Fact::value) == 1);
}

TEST_CASE("a checkpoint of another key or hub is not believed") {
  ReceiptBench b;
  const auto made = b.of_document();
  b.trust.tree_keys = {{kOrigin, seeded(9).public_key()}};
  CHECK(b.failure(made) == "note-untrusted");
  b.trust.tree_keys = {{"other.test", b.tree_key.public_key()}};
  CHECK(b.failure(made) == "note-untrusted");
}

TEST_CASE("a record or a proof of anything else than what stands in the tree fails at the record") {
  ReceiptBench b;
  Made made = b.of_delivery();
  std::string position = "4";
  SECTION("the record's time") { made.receipt.record.time.value += 1; }
  SECTION("the record's kind") { made.receipt.record.kind += 1; }
  SECTION("the record's nonce") { made.receipt.record.nonce[0] ^= 1; }
  SECTION("the record's metadata") { made.receipt.record.metadata.back() ^= 1; }
  SECTION("the record's body") { made.receipt.record.body_digest[0] ^= 1; }
  SECTION("the record's outcomes") { made.receipt.record.outcome_root[0] ^= 1; }
  SECTION("a digest of its proof") { made.file.hashes[3][0] ^= 1; }
  SECTION("a proof that is too short") { made.file.hashes.pop_back(); }
  SECTION("another place") {
    made.file.index = 7;
    position = "7";
  }
  SECTION("the acceptance that it rests on") {
    made.receipt.rests_on[0].record.time.value += 1;
    position = "3";
  }
  SECTION("the acceptance's proof") {
    made.receipt.rests_on[0].proof[0][0] ^= 1;
    position = "3";
  }
  SECTION("the agreement's place") {
    made.receipt.rests_on[1].position = Position(2);
    position = "2";
  }
  CHECK(b.failure(made) == "record: the record at position " + position + " is not in the tree");
}

TEST_CASE("an event that is not about the delivery, or whose document or order is missing, fails at the event") {
  ReceiptBench b;
  Made made = b.of_replay();
  std::string expected;
  SECTION("another recipient") {
    made.receipt.delivery->outcome_index = 1;
    expected = "the record is not about this delivery";
  }
  SECTION("another document") {
    made.receipt.delivery->document = Position(ReceiptBench::batch);
    expected = "the record is not about this delivery";
  }
  SECTION("the first delivery instead of its replay") {
    made.receipt.delivery->replay = {};
    expected = "the record is not about this delivery";
  }
  SECTION("an acknowledgement of another one") {
    made = b.of_delivery();
    made.receipt.delivery->outcome_index = 1;
    expected = "the record is not about this delivery";
  }
  SECTION("no delivery named") {
    made.receipt.delivery.reset();
    expected = "it does not say which delivery it is about";
  }
  SECTION("no acceptance") {
    made.receipt.rests_on.erase(made.receipt.rests_on.begin());
    expected = "the document's own record is missing";
  }
  SECTION("no order") {
    made.receipt.rests_on.erase(made.receipt.rests_on.begin() + 1);
    expected = "the order of the replay is missing";
  }
  SECTION("an order of something else than a replay") {
    b.set(
        ReceiptBench::ordered, broker::RecordKind::delivery_ordered,
        Metadata(3).number(1, static_cast<std::uint64_t>(broker::OrderAction::stop)).number(2, 3).number(3, 0).take());
    made = b.of_replay();
    expected = "the order is about another delivery";
  }
  SECTION("an order to replay another delivery") {
    b.set(ReceiptBench::ordered, broker::RecordKind::delivery_ordered,
          Metadata(3)
              .number(1, static_cast<std::uint64_t>(broker::OrderAction::replay))
              .number(2, 3)
              .number(3, 1)
              .take());
    made = b.of_replay();
    expected = "the order is about another delivery";
  }
  CHECK(b.failure(made) == "event: " + expected);
}

TEST_CASE("outcome rows that are not those of the leaf, or a recipient that it does not have, fail at the decision") {
  ReceiptBench b;
  std::string expected = "the outcomes are not those of the leaf";
  SECTION("rows that a hub changed after it had hashed others") {
    const crypto::Digest root = b.log[ReceiptBench::accepted].outcome_root;
    b.accept({b.row});
    b.log[ReceiptBench::accepted].outcome_root = root;
  }
  SECTION("no rows") {
    const crypto::Digest root = b.log[ReceiptBench::accepted].outcome_root;
    b.accept({});
    b.log[ReceiptBench::accepted].outcome_root = root;
  }
  SECTION("a delivery to a third of two recipients") {
    b.set(ReceiptBench::acknowledged, broker::RecordKind::deliveries_acknowledged,
          ReceiptBench::deliveries({{Position(ReceiptBench::accepted), 2, {}}}));
    expected = "the document has no such recipient";
  }
  Made made = b.of_delivery();
  if (expected.starts_with("the document")) made.receipt.delivery->outcome_index = 2;
  CHECK(b.failure(made) == "decision: " + expected);
}

TEST_CASE("another document than the one at hand, or a record about none, fails at the document") {
  ReceiptBench b;
  b.trust.document = test::make_document("toa-an.huyen", "btg.huyen", 2);
  CHECK(b.failure(b.of_document()) == "document: the document at hand has another digest");
  CHECK(b.failure(b.make(ReceiptBench::created, {})) == "document: the receipt is about no document");
  b.trust.document.reset();
  CHECK(b.failure(b.make(ReceiptBench::created, {})) ==
        "signature: the receipt is about no document, so nobody signed it");
}

TEST_CASE("a signature that is missing, another, or not the sender's fails at the signature") {
  ReceiptBench b;
  Made made = b.of_document();
  std::string expected;
  SECTION("none") {
    made.receipt.batch.reset();
    expected = "the sender's signature or the certificate of its key is missing";
  }
  SECTION("no certificate") {
    made.receipt.certificate.clear();
    expected = "the sender's signature or the certificate of its key is missing";
  }
  SECTION("another signature than the record has") {
    made.receipt.batch->signature[0] ^= 1;
    expected = "the record is about another signature";
  }
  SECTION("a larger batch") {
    made.receipt.batch->count = 2;
    expected = "the proof of its place in the batch has a wrong length";
  }
  SECTION("another batch") {
    made.receipt.batch->count = 2;
    made.receipt.batch->path = {crypto::Digest{1}};
    expected = "the record is about another signature";
  }
  SECTION("another sender") {
    made.receipt.batch->sender = "vks.huyen";
    expected = "the record names another sender, key or place in the batch";
  }
  SECTION("another key") {
    made.receipt.batch->key[0] ^= 1;
    expected = "the record names another sender, key or place in the batch";
  }
  SECTION("a certificate of another key") {
    test::SendingParty other{.id = "toa-an.huyen", .key = seeded(8)};
    made.receipt.certificate = other.certificate();
    expected = "the certificate is about another key";
  }
  SECTION("a certificate of another party") {
    test::SendingParty other{.id = "vks.huyen"};
    made.receipt.certificate = other.certificate();
    expected = "the certificate is about another key";
  }
  SECTION("a revocation instead of a certificate") {
    made.receipt.certificate = b.sender.revocation(kTime);
    expected = "the certificate is about another key";
  }
  SECTION("one that the hub made itself, and recorded") {
    b.sign_batch(b.tree_key);
    b.accept({b.row, b.other_row});
    made = b.of_document();
    expected = "the signature does not fit";
  }
  CHECK(b.failure(made) == "signature: " + expected);
}

TEST_CASE("a certificate of another root, or of another time, fails at the certificate") {
  ReceiptBench b;
  Made made = b.of_document();
  const std::int64_t decided = b.log[ReceiptBench::accepted].time.value;
  SECTION("another root") {
    made.receipt.root_key = seeded(9).public_key();
    CHECK(b.failure(made) == "certificate-invalid");
  }
  SECTION("no root") {
    made.receipt.root_key.reset();
    CHECK(b.failure(made) == "certificate: the sender's root key is missing");
  }
  SECTION("from the decision on, and until just behind it") {
    made.receipt.certificate = b.sender.certificate(decided, decided + 1);
    CHECK(b.failure(made) == "");
  }
  SECTION("until the decision") {
    made.receipt.certificate = b.sender.certificate(decided - 1, decided);
    CHECK(b.failure(made) == "certificate: the key was not active at the time of the decision");
  }
  SECTION("from behind the decision on") {
    made.receipt.certificate = b.sender.certificate(decided + 1, decided + 2);
    CHECK(b.failure(made) == "certificate: the key was not active at the time of the decision");
  }
}

TEST_CASE("an agreement that does not vouch for the sender under that clause fails at the agreement") {
  ReceiptBench b;
  const auto root = b.sender.root.public_key();
  const std::string name = "huyen/btg-238 version 1";
  std::string expected;
  SECTION("another root key") {
    b.register_agreement(agreement_json(seeded(9).public_key()));
    expected = name + " names another root key of the sender";
  }
  SECTION("another version") {
    b.register_agreement(agreement_json(root, 2));
    expected = name + " is missing";
  }
  SECTION("no such clause") {
    b.register_agreement(agreement_json(root, 1, "khoan-khac"));
    expected = name + " has no clause ket-qua-xet-xu";
  }
  SECTION("not the one at hand") {
    b.trust.agreements = {agreement_json(root, 1, "ket-qua-xet-xu", "Không cung cấp")};
    expected = name + " is not the one at hand";
  }
  SECTION("registered after the decision") {
    std::swap(b.log[ReceiptBench::registered], b.log[20]);
    CHECK(b.failure(b.make(ReceiptBench::accepted, {20})) == "agreement: " + name + " is missing");
    return;
  }
  SECTION("not there") {
    CHECK(b.failure(b.make(ReceiptBench::accepted, {})) == "agreement: " + name + " is missing");
    return;
  }
  SECTION("none in question") {
    b.accept({b.other_row});
    expected = "no agreement was in question, so none vouches for the sender's root key " + crypto::fingerprint(root);
  }
  CHECK(b.failure(b.of_document()) == "agreement: " + expected);
}

TEST_CASE("with every key of the hub's nobody can make a notice that its recipient or an auditor accepts") {
  // A hub that invents a notice: key, certificate, root and agreement are its own, and its log says that all was well.
  ReceiptBench honest, forged;
  forged.sender.root = seeded(40);
  forged.sender.key = seeded(41);
  forged.make_log();
  CHECK(forged.failure(forged.of_delivery()) == "");
  forged.trust.agreements = {agreement_json(honest.sender.root.public_key())};
  CHECK(forged.failure(forged.of_delivery()) == "agreement: huyen/btg-238 version 1 is not the one at hand");

  sdk::Verifier recipient("btg.huyen", {{"toa-an.huyen", honest.sender.root.public_key()}});
  std::vector<sdk::VerifiedDelivery> out;
  const auto made = test::make_group(forged.sender, kOrigin, "btg.huyen", {forged.document}, 0, 1, Position(40));
  CHECK(recipient.add_credential(forged.sender.certificate()).error().code == ErrorCode::certificate_invalid);
  CHECK_FALSE(recipient.verify(made.group, kOrigin, StreamSequence(1), out).has_value());
  REQUIRE(recipient.add_credential(honest.sender.certificate()).has_value());
  CHECK_FALSE(recipient.verify(made.group, kOrigin, StreamSequence(1), out).has_value());
  // Nor by naming the true key above a signature of its own.
  auto named = made.group;
  named.key = crypto::key_id(honest.sender.key.public_key());
  const auto refused = recipient.verify(named, kOrigin, StreamSequence(1), out);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().fact("reason") == "the sender's signature does not fit");
  // The recipient takes what the party itself signed: it is the forgery that is refused, and nothing else.
  out.clear();
  const auto good = test::make_group(honest.sender, kOrigin, "btg.huyen", {honest.document}, 0, 1, Position(40));
  CHECK(recipient.verify(good.group, kOrigin, StreamSequence(1), out).has_value());
}

}  // namespace hub::evidence
