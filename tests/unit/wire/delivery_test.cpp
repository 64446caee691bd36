#include "hub/wire/delivery.hpp"

#include "hub/wire/receipt.hpp"
#include "tests/unit/wire/hand_made.hpp"
#include "tests/unit/wire/samples.hpp"

namespace hub::wire {
namespace {

Result<Deliveries> round_trip(const Deliveries& sent) {
  static Buffer bytes;
  write(bytes, sent);
  return read_deliveries(ByteView(bytes).subspan(2));
}

Deliveries one(const DeliveryGroup& group) { return {StreamSequence(1), {group}}; }

DeliveryGroup small_group() {
  DeliveryGroup group;
  group.sender = "a";
  group.deliveries.resize(1);
  group.deliveries[0].outcome_count = 1;
  return group;
}

TEST_CASE("the sample deliveries prove themselves: signature, range, row and leaf fit together") {
  for (const samples::Sample& sample : samples::frames()) {
    if (sample.name != "deliveries") continue;
    const auto read = read_deliveries(ByteView(sample.frame).subspan(2));
    REQUIRE(read);
    const DeliveryGroup& group = read->groups.at(0);
    std::vector<crypto::Digest> range, proof;
    for (const Delivery& d : group.deliveries) range.push_back(crypto::batch_leaf(crypto::sha256(d.document)));
    for (std::size_t i = 0; i < group.range_proof.size(); i += 32)
      proof.push_back(*fixed<32>(group.range_proof.subspan(i, 32)));
    const auto root = crypto::root_of_range(group.batch_count, group.first_index, range, proof);
    REQUIRE(root);
    const Buffer text = crypto::batch_signed_text(
        {samples::kOrigin, group.sender, group.key, group.batch_count, *root});
    CHECK(crypto::verify(samples::signing_key().public_key(), text, group.signature));
  }
}

TEST_CASE("a delivery holds a document of 1 MiB, and one byte more is refused") {
  DeliveryGroup group = small_group();
  Buffer document(kDocumentBytesMax);
  group.deliveries[0].document = document;
  CHECK(round_trip(one(group)));
  document.push_back(0);
  group.deliveries[0].document = document;
  check_refused(round_trip(one(group)), ErrorCode::frame_malformed);
}

TEST_CASE("a delivery's row has 352 bytes at most") {
  DeliveryGroup group = small_group();
  Buffer row(kRowBytesMax);
  group.deliveries[0].row = row;
  CHECK(round_trip(one(group)));
  row.push_back(0);
  group.deliveries[0].row = row;
  check_refused(round_trip(one(group)), ErrorCode::frame_malformed);
}

TEST_CASE("a proof is a multiple of 32 bytes, at most 64 digests") {
  for (const auto& [size, good] : {std::pair<std::size_t, bool>{0, true}, {32, true}, {2048, true}, {2080, false},
                                   {31, false}, {33, false}}) {
    const Buffer proof(size);
    DeliveryGroup in_group = small_group(), in_row = small_group();
    in_group.range_proof = proof;
    in_row.deliveries[0].row_proof = proof;
    CHECK(round_trip(one(in_group)).has_value() == good);
    CHECK(round_trip(one(in_row)).has_value() == good);
  }
}

TEST_CASE("a group has a sender of 64 bytes and 256 deliveries at most") {
  DeliveryGroup group = small_group();
  const std::string name(kNameBytesMax + 1, 's');
  group.sender = std::string_view(name).substr(1);
  group.deliveries.resize(kBatchDocumentsMax);
  CHECK(round_trip(one(group)));
  group.sender = name;
  check_refused(round_trip(one(group)), ErrorCode::frame_malformed);
  group.sender = "s";
  group.deliveries.resize(kBatchDocumentsMax + 1);
  check_refused(round_trip(one(group)), ErrorCode::frame_malformed);
}

Result<Receipts> round_trip(const Receipts& sent) {
  static Buffer bytes;
  write(bytes, sent);
  return read_receipts(ByteView(bytes).subspan(2));
}

TEST_CASE("a frame holds 1024 receipts, and one more is refused") {
  const Receipt receipt{DeliveryStatus::delivered, {}, {}, 0, "b", {}, {}};
  Receipts sent{StreamSequence(1), std::vector<Receipt>(kReceiptsFrameItems, receipt)};
  CHECK(round_trip(sent)->receipts.size() == kReceiptsFrameItems);
  sent.receipts.push_back(receipt);
  check_refused(round_trip(sent), ErrorCode::frame_malformed);
}

TEST_CASE("a receipt's outcome is one of 255, its recipient a name, its kind known") {
  Receipt receipt{DeliveryStatus::delivered, Position(1), {}, 254, "b", Position(2), UnixMicros(3)};
  const auto accepted = [&] { return round_trip(Receipts{StreamSequence(1), {receipt}}).has_value(); };
  CHECK(accepted());
  receipt.outcome_index = 255;
  CHECK_FALSE(accepted());
  receipt.outcome_index = 0;
  for (const unsigned unknown : {0u, 7u, 13u, 35u}) {
    receipt.status = static_cast<DeliveryStatus>(unknown);
    CHECK_FALSE(accepted());
  }
  receipt.status = DeliveryStatus::delivered;
  const std::string name(kNameBytesMax + 1, 'r');
  receipt.recipient = std::string_view(name).substr(1);
  CHECK(accepted());
  receipt.recipient = name;
  CHECK_FALSE(accepted());
}

TEST_CASE("an outcome row comes back, with names as long as they may be") {
  const std::string name(kNameBytesMax, 'n');
  const OutcomeRow sent{name, name, "type-not-permitted", name, UINT32_MAX, name};
  Buffer bytes;
  write_row(bytes, sent);
  CHECK(bytes.size() <= kRowBytesMax);
  const auto read = read_row(bytes);
  REQUIRE(read);
  CHECK(read->addressed == name);
  CHECK(read->actual == name);
  CHECK(read->outcome == "type-not-permitted");
  CHECK_FALSE(read->accepted());
  CHECK(read->agreement == name);
  CHECK(read->agreement_version == UINT32_MAX);
  CHECK(read->clause == name);
}

TEST_CASE("a row is refused when it is cut anywhere, has a byte left, or a version of 2^32") {
  Buffer bytes;
  write_row(bytes, {"a", "a", kAccepted, "x/y", 1, "c"});
  CHECK(read_row(bytes)->accepted());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    check_refused(read_row(ByteView(bytes).first(size)), ErrorCode::frame_malformed);
  bytes.push_back(0);
  check_refused(read_row(bytes), ErrorCode::frame_malformed);
  check_refused(read_row(payload_of([](Packer& p) {
                  p.pack_array(6);
                  for (int i = 0; i < 4; ++i) pack_text(p, "a");
                  p.pack_uint64(std::uint64_t{1} << 32);
                  pack_text(p, "c");
                })),
                ErrorCode::frame_malformed);
}

}  // namespace
}  // namespace hub::wire
