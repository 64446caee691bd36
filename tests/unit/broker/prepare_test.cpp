#include "hub/broker/prepare.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "hub/base/error_catalogue.hpp"
#include "hub/broker/record_codec.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;
using test::Note;
using test::SignedBatch;
using test::write;

ErrorCode document_refusal(CoreBench& bench, const Buffer& document) {
  const SignedBatch batch(bench.party(0), {document});
  bench.prepare(batch);
  REQUIRE_FALSE(bench.batch.refusal.has_value());
  REQUIRE(bench.batch.documents[0].refusal.has_value());
  return bench.batch.documents[0].refusal->code;
}

// So many recipients that nobody knows.
std::string strangers(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "r-" : ",r-") + std::to_string(i);
  return out;
}

}  // namespace

TEST_CASE("a batch that was signed by the sender's key is prepared with its routes") {
  CoreBench bench;
  const SignedBatch batch(bench.party(0),
                          {write(Note{.number = 1, .to = "party-1,party-2"}), write(Note{.number = 2})});
  bench.prepare(batch);
  CHECK_FALSE(bench.batch.refusal.has_value());
  REQUIRE(bench.batch.documents.size() == 2);
  CHECK(bench.batch.documents[1].first_recipient == 2);
  REQUIRE(bench.batch.recipients.size() == 3);
  for (const PreparedRecipient& recipient : bench.batch.recipients) CHECK(recipient.candidates.size() == 1);
}

TEST_CASE("a batch of which one byte was changed is refused whole") {
  CoreBench bench;
  SignedBatch batch(bench.party(0), {write(Note{}), write(Note{.number = 2})});
  batch.documents[1].back() ^= 1;
  bench.prepare(batch);
  REQUIRE(bench.batch.refusal.has_value());
  CHECK(bench.batch.refusal->code == ErrorCode::signature_invalid);
}

TEST_CASE("a batch that was signed for another hub or by another party's name is refused") {
  CoreBench bench;
  const SignedBatch as_another(bench.party(1), bench.party(0).signing, {write(Note{})});
  bench.prepare(as_another);
  REQUIRE(bench.batch.refusal.has_value());
  CHECK(bench.batch.refusal->code == ErrorCode::signature_invalid);
  const SignedBatch own(bench.party(0), {write(Note{})});
  prepare(bench.state.configuration, "other.hub", bench.endpoint(0), own.submit, bench.batch);
  REQUIRE(bench.batch.refusal.has_value());
  CHECK(bench.batch.refusal->code == ErrorCode::signature_invalid);
}

TEST_CASE("a key that is not certified for the party is unknown, though another party has it") {
  CoreBench bench;
  for (const crypto::SigningKey& key : {bench.party(0).root, bench.party(1).signing}) {
    const SignedBatch batch(bench.party(0), key, {write(Note{})});
    bench.prepare(batch);
    REQUIRE(bench.batch.refusal.has_value());
    CHECK(bench.batch.refusal->code == ErrorCode::key_unknown);
  }
}

TEST_CASE("a document that cannot be taken is refused by its own reason") {
  CoreBench bench;
  CHECK(document_refusal(bench, write(Note{.source = "party-2"})) == ErrorCode::sender_mismatch);
  CHECK(document_refusal(bench, write(Note{.type = "rumour/1"})) == ErrorCode::type_unknown);
  CHECK(document_refusal(bench, Buffer{0xc1}) == ErrorCode::document_malformed);
  CHECK(document_refusal(bench, write(Note{.text = std::string(5001, 'x')})) == ErrorCode::schema_violation);
}

TEST_CASE("a type with a fixed subject takes that one, and records no other") {
  CoreBench bench;
  bench.change(registry::ItemKind::type, simulation::kPermittedType, [](nlohmann::json& type) {
    type["subject"] = {{"made_of", "Ghi chú số {text}"}, {"fixed", true}};
  });
  const SignedBatch batch(bench.party(0), {write(Note{.number = 1, .text = "7", .subject = "Ghi chú số 7"}),
                                           write(Note{.number = 2, .text = "7", .subject = "Ghi chú số 7 của ông A"}),
                                           write(Note{.number = 3, .text = "", .subject = "Ông A"})});
  bench.prepare(batch);
  CHECK_FALSE(bench.batch.documents[0].refusal.has_value());
  const auto& refusal = bench.batch.documents[1].refusal;
  REQUIRE(refusal.has_value());
  CHECK(refusal->code == ErrorCode::schema_violation);
  CHECK(fill("{pointer} {reason_en}", refusal->facts) ==
        "/subject the subject of this type must be exactly \"Ghi chú số 7\"");
  CHECK(fill("{reason_vi}", refusal->facts).find("\"Ghi chú số 7\"") != std::string::npos);
  CHECK(bench.batch.documents[1].view->subject.empty());
  CHECK(bench.batch.documents[2].view->subject.empty());  // though another reason may come first
}

TEST_CASE("a type with a fixed subject takes no number in which a name would fit, and records none") {
  CoreBench bench;
  bench.change(registry::ItemKind::type, simulation::kPermittedType, [](nlohmann::json& type) {
    type["subject"] = {{"made_of", "Ghi chú số {text}"}, {"fixed", true}};
  });
  const auto note = [](std::uint64_t number, const char* docnumber) {
    return write(Note{.number = number, .text = "7", .subject = "Ghi chú số 7", .docnumber = docnumber});
  };
  const SignedBatch batch(bench.party(0), {note(1, "11/CĐ-BTN"), note(2, ""), note(3, "11 của ông A"), note(4, "ông-A")});
  bench.prepare(batch);
  CHECK_FALSE(bench.batch.documents[0].refusal.has_value());
  CHECK_FALSE(bench.batch.documents[1].refusal.has_value());
  for (const std::size_t i : {2u, 3u}) {
    REQUIRE(bench.batch.documents[i].refusal.has_value());
    CHECK(bench.batch.documents[i].refusal->facts[0] == Fact{"pointer", "/docnumber"});
    CHECK(bench.batch.documents[i].view->docnumber.empty());
  }
}

TEST_CASE("a batch with a secrecy mark in any text of a document is refused whole, with the place of the mark alone") {
  CoreBench bench;
  const SignedBatch in_text(bench.party(0), {write(Note{.number = 1}), write(Note{.number = 2, .text = "Độ mật: Tối mật"})});
  bench.prepare(in_text);
  REQUIRE(bench.batch.refusal.has_value());
  CHECK(bench.batch.refusal->code == ErrorCode::secrecy_mark);
  CHECK(bench.batch.refusal->facts == std::vector<Fact>{{"mark", "Tối mật"}, {"pointer", "/data/text"}, {"index", "1"}});
  const SignedBatch in_subject(bench.party(0), {write(Note{.subject = "Báo cáo (MẬT)"})});
  bench.prepare(in_subject);
  REQUIRE(bench.batch.refusal.has_value());
  CHECK(bench.batch.refusal->facts[1] == Fact{"pointer", "/subject"});
}

TEST_CASE("a type that only suggests a subject takes any") {
  CoreBench bench;
  bench.change(registry::ItemKind::type, simulation::kPermittedType, [](nlohmann::json& type) {
    type["subject"] = {{"made_of", "Ghi chú số {text}"}, {"fixed", false}};
  });
  const SignedBatch batch(bench.party(0), {write(Note{.subject = "Khác"})});
  bench.prepare(batch);
  CHECK_FALSE(bench.batch.documents[0].refusal.has_value());
}

TEST_CASE("a refused document does not keep the others of its batch from their routes") {
  CoreBench bench;
  const SignedBatch batch(bench.party(0), {write(Note{.type = "rumour/1"}), write(Note{.number = 2})});
  bench.prepare(batch);
  CHECK_FALSE(bench.batch.refusal.has_value());
  CHECK(bench.batch.documents[0].refusal.has_value());
  CHECK_FALSE(bench.batch.documents[1].refusal.has_value());
  CHECK(bench.batch.recipients.size() == 1);
}

TEST_CASE("a batch may have so many recipients, and not one more") {
  CoreBench bench;
  for (const std::size_t count : {wire::kBatchRecipientsMax, wire::kBatchRecipientsMax + 1}) {
    std::vector<Buffer> documents;
    for (std::size_t left = count; left > 0;) {
      const std::size_t part = std::min(left, wire::kRecipientsMax);
      documents.push_back(write(Note{.number = left, .to = strangers(part)}));
      left -= part;
    }
    const SignedBatch batch(bench.party(0), std::move(documents));
    bench.prepare(batch);
    if (count == wire::kBatchRecipientsMax) {
      CHECK_FALSE(bench.batch.refusal.has_value());
      CHECK(bench.batch.recipients.size() == count);
    } else {
      REQUIRE(bench.batch.refusal.has_value());
      CHECK(bench.batch.refusal->code == ErrorCode::batch_too_large);
    }
  }
}

TEST_CASE("the records of a batch stay within the bound that was given for them") {
  CoreBench bench;
  const std::string long_name(61, 'n');  // with its number 64 bytes: the longest name
  std::string to;
  for (int i = 100; i < 355; ++i) to += (i == 100 ? "" : ",") + long_name + std::to_string(i);
  std::vector<Buffer> documents = {write(Note{.number = 1}),
                                   write(Note{.number = 2, .to = to}),
                                   write(Note{.number = 3, .type = simulation::kForbiddenType}),
                                   write(Note{.number = 4, .text = std::string(5001, 'x')}),
                                   Buffer{0xc1},
                                   write(Note{.number = 6, .time = UnixMicros(0)})};
  const SignedBatch batch(bench.party(0), std::move(documents));
  bench.prepare(batch);
  REQUIRE_FALSE(bench.batch.refusal.has_value());
  const RecordBound bound = bound_records(bench.batch);
  std::size_t bytes = 32 * batch.documents.size();  // the body of the batch's record
  Buffer metadata;
  const PartyIndex sender = *bench.registry().party("party-0");
  encode(bench.registry(), BatchReceived{bench.endpoint(0), sender, {}, 6, {}, {}}, metadata);
  for (std::size_t i = 0; i < batch.documents.size(); ++i) {
    decide_document(bench.state, bench.batch, i, bench.now, {}, bench.decided);
    Record record(std::move(bench.decided));
    encode(bench.registry(), record, metadata);
    bench.decided = std::get<DocumentDecided>(std::move(record));
    if (!bench.decided.accepted) continue;
    bytes += batch.documents[i].size() + 16;  // encrypted
    encode(bench.registry(), StorageKeyCreated{UINT32_MAX, 1200, month_of(bench.now)}, metadata);
  }
  CHECK(bound.records == 2 * batch.documents.size() + 1);
  CHECK(bytes + metadata.size() <= bound.bytes);
}

}  // namespace hub::broker
