#include "hub/evidence/receipt.hpp"

#include "tests/unit/evidence/receipt_bench.hpp"

namespace hub::evidence {
namespace {

// Everything that a receipt may have.
Receipt full() { return ReceiptBench().of_replay().receipt; }

bool is_read(const Receipt& receipt) {
  const auto read = decode_receipt(encode(receipt));
  if (read) CHECK(*read == receipt);
  if (!read) CHECK(read.error().code == ErrorCode::receipt_invalid);
  return read.has_value();
}

}  // namespace

TEST_CASE("a receipt is read as it was written, with and without what it may lack") {
  Receipt receipt = full();
  CHECK(is_read(receipt));
  receipt.rests_on.clear();
  CHECK(is_read(receipt));
  receipt.delivery.reset();
  CHECK(is_read(receipt));
  receipt.batch.reset();
  CHECK(is_read(receipt));
  receipt.certificate.clear();
  CHECK(is_read(receipt));
  receipt.root_key.reset();
  CHECK(is_read(receipt));
}

TEST_CASE("a receipt is never read from a part of it, nor with a byte behind it") {
  const Buffer bytes = encode(full());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto read = decode_receipt(ByteView(bytes).first(size));
    REQUIRE_FALSE(read.has_value());
    REQUIRE(read.error().code == ErrorCode::receipt_invalid);
    REQUIRE(read.error().fact("step") == "extra");
  }
  Buffer longer = bytes;
  longer.push_back(0xc0);
  CHECK_FALSE(decode_receipt(longer).has_value());
}

TEST_CASE("a receipt of another version, with an unknown field, or without its record is refused") {
  Buffer bytes = encode(full());
  REQUIRE(bytes[1] == 1);  // the first field's number, then its value
  const std::size_t version = bytes[2] == 0xcf ? 10 : 2;
  REQUIRE(bytes[version] == kReceiptVersion);
  Buffer other = bytes;
  other[version] = kReceiptVersion + 1;
  CHECK_FALSE(decode_receipt(other).has_value());
  CHECK_FALSE(decode_receipt(Metadata(1).number(1, kReceiptVersion).take()).has_value());
  other = bytes;
  other[0] += 1;
  Metadata unknown(1);
  unknown.number(8, 1);
  const Buffer field = unknown.take();
  other.insert(other.end(), field.begin() + 1, field.end());
  const auto refused = decode_receipt(other);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().fact("reason").find("8") != std::string::npos);
}

TEST_CASE("each of a receipt's limits is kept, and one over it refused") {
  Receipt receipt = full();
  SECTION("records that it rests on") {
    receipt.rests_on.resize(kProvedRecordsMax, receipt.rests_on[0]);
    CHECK(is_read(receipt));
    receipt.rests_on.push_back(receipt.rests_on[0]);
  }
  SECTION("digests of a proof") {
    receipt.rests_on[0].proof.resize(crypto::kProofHashesMax);
    CHECK(is_read(receipt));
    receipt.rests_on[0].proof.emplace_back();
  }
  SECTION("digests of a batch's path") {
    receipt.batch->path.resize(crypto::kProofHashesMax);
    CHECK(is_read(receipt));
    receipt.batch->path.emplace_back();
  }
  SECTION("metadata of a record") {
    receipt.record.metadata.resize(wire::kFrameBytesMax);
    CHECK(is_read(receipt));
    receipt.record.metadata.push_back(0);
  }
  SECTION("recipients") {
    receipt.delivery->outcome_index = wire::kRecipientsMax - 1;
    CHECK(is_read(receipt));
    receipt.delivery->outcome_index = wire::kRecipientsMax;
  }
  SECTION("documents of a batch") {
    receipt.batch->count = wire::kBatchDocumentsMax;
    CHECK(is_read(receipt));
    receipt.batch->count += 1;
  }
  SECTION("place in the batch") {
    receipt.batch->count = 7;
    receipt.batch->index = 6;
    CHECK(is_read(receipt));
    receipt.batch->index = 7;
  }
  SECTION("the sender's name") {
    receipt.batch->sender.assign(wire::kNameBytesMax, 'a');
    CHECK(is_read(receipt));
    receipt.batch->sender.push_back('a');
  }
  SECTION("the certificate") {
    receipt.certificate.assign(wire::kCredentialBytesMax, 'a');
    CHECK(is_read(receipt));
    receipt.certificate.push_back('a');
  }
  CHECK_FALSE(is_read(receipt));
}

TEST_CASE("the facts of records are what their metadata says") {
  const ReceiptBench b;
  const auto document = document_facts(b.log[ReceiptBench::accepted]);
  REQUIRE(document.has_value());
  CHECK(document->accepted);
  CHECK(document->batch == Position(ReceiptBench::batch));
  CHECK(document->id == test::numbered_id(1));
  CHECK(document->sender == "toa-an.huyen");
  CHECK(document->digest == crypto::sha256(b.document));
  REQUIRE(document->outcomes.size() == 2);
  CHECK(document->outcomes[0].clause == "ket-qua-xet-xu");
  CHECK(document->outcomes[1].outcome == "no-agreement");
  const auto acknowledged = event_facts(b.log[ReceiptBench::acknowledged]);
  REQUIRE(acknowledged.has_value());
  CHECK(acknowledged->by_origin);
  CHECK(acknowledged->status == wire::DeliveryStatus::delivered);
  CHECK(acknowledged->deliveries == std::vector<wire::DeliveryKey>{{Position(ReceiptBench::accepted), 0, {}}});
  const auto reported = event_facts(b.log[ReceiptBench::reported]);
  REQUIRE(reported.has_value());
  CHECK_FALSE(reported->by_origin);
  CHECK(reported->status == wire::DeliveryStatus::finished);
  CHECK(reported->endpoint == "btg.huyen/folder");
  const auto order = order_facts(b.log[ReceiptBench::ordered]);
  REQUIRE(order.has_value());
  CHECK(order->is_replay);
  const auto item = item_facts(b.log[ReceiptBench::registered]);
  REQUIRE(item.has_value());
  CHECK(item->item == registry::ItemKind::agreement);
  CHECK(item->id == "huyen/btg-238");
}

TEST_CASE("the facts of a record of another kind, or of a part of its metadata, are refused") {
  const ReceiptBench b;
  const auto& log = b.log;
  CHECK_FALSE(document_facts(log[ReceiptBench::reported]).has_value());
  CHECK_FALSE(event_facts(log[ReceiptBench::accepted]).has_value());
  CHECK_FALSE(order_facts(log[ReceiptBench::accepted]).has_value());
  CHECK_FALSE(item_facts(log[ReceiptBench::accepted]).has_value());
  const auto cut = [&](std::size_t at, auto facts) {
    LeafRecord record = log[at];
    while (!record.metadata.empty()) {
      record.metadata.pop_back();
      REQUIRE_FALSE(facts(record).has_value());
    }
  };
  cut(ReceiptBench::accepted, document_facts);
  cut(ReceiptBench::acknowledged, event_facts);
  cut(ReceiptBench::reported, event_facts);
  cut(ReceiptBench::ordered, order_facts);
  cut(ReceiptBench::registered, item_facts);
}

}  // namespace hub::evidence
