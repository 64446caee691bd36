// Any bytes as a receipt's extra bytes and as a receipt's file. What is read is written as it says; its records are
// then put into a tree that a trusted key signs, so that the checks behind the tree meet whatever the bytes hold.
#include "hub/base/check.hpp"
#include "hub/crypto/tlog_proof.hpp"
#include "hub/evidence/facts.hpp"
#include "hub/evidence/verify.hpp"
#include "tests/support/tree_rows.hpp"

namespace hub::evidence {
namespace {

constexpr const char* kOrigin = "hub.test";

const crypto::SigningKey& tree_key() {
  static const crypto::SigningKey key = crypto::SigningKey::from_seed({1});
  return key;
}

const Trust& trust() {
  static const Trust all{{{kOrigin, tree_key().public_key()}}, Buffer{1}, {"{}"}, true};
  return all;
}

// The receipt's record stands at 0, those that it rests on behind it.
std::string file_of(Receipt receipt) {
  crypto::TreeRows rows;
  crypto::MerkleFrontier tree;
  const auto add = [&](const LeafRecord& record) {
    rows.add(record.leaf());
    tree.add(record.leaf());
  };
  add(receipt.record);
  for (const ProvedRecord& other : receipt.rests_on) add(other.record);
  for (std::size_t i = 0; i < receipt.rests_on.size(); ++i) {
    receipt.rests_on[i].position = Position(i + 1);
    receipt.rests_on[i].proof = crypto::inclusion_proof(rows, i + 1, tree.size()).value();
  }
  const auto note =
      crypto::sign_note(crypto::checkpoint_text({kOrigin, tree.size(), tree.root()}), kOrigin, tree_key());
  return crypto::write_tlog_proof({encode(receipt), 0, crypto::inclusion_proof(rows, 0, tree.size()).value(), note});
}

void try_facts(const LeafRecord& record) {
  if (const auto facts = document_facts(record)) HUB_CHECK(facts->rows.size() == facts->outcomes.size());
  if (const auto facts = event_facts(record)) HUB_CHECK(facts->by_origin || facts->deliveries.size() == 1);
  if (const auto facts = order_facts(record)) HUB_CHECK(!is_document(record));
  if (const auto facts = item_facts(record)) HUB_CHECK(is_registration(record));
}

void try_all(ByteView bytes) {
  HUB_CHECK(verify_receipt(as_text(bytes), trust()).failure.has_value());
  const auto receipt = decode_receipt(bytes);
  if (!receipt) return;
  const auto again = decode_receipt(encode(*receipt));
  HUB_CHECK(again.has_value() && *again == *receipt);
  try_facts(receipt->record);
  for (const ProvedRecord& other : receipt->rests_on) try_facts(other.record);
  // Nobody has signed a document of one byte.
  const Verdict verdict = verify_receipt(file_of(*receipt), trust());
  HUB_CHECK(verdict.failure.has_value());
  HUB_CHECK(verdict.findings.size() >= 2);  // checkpoint and record hold
}

}  // namespace
}  // namespace hub::evidence

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hub::evidence::try_all({data, size});
  return 0;
}
