// The committed frames are still read, and are what is still written, byte for byte; the worked examples of the
// specification are what the code computes. HUB_WRITE_GOLDEN=1 writes the files anew, for a new version of the format.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "hub/journal/record_format.hpp"
#include "tests/support/rewrite_frame.hpp"
#include "tests/unit/wire/samples.hpp"

namespace hub::wire {
namespace {

using Json = nlohmann::ordered_json;

const std::filesystem::path kFolder = std::filesystem::path(HUB_SOURCE_DIR) / "tests/golden/wire";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

Json hex(ByteView bytes) { return to_hex(bytes); }

Json hex_list(std::span<const crypto::Digest> digests) {
  Json out = Json::array();
  for (const crypto::Digest& digest : digests) out.push_back(hex(digest));
  return out;
}

// A MessagePack value as JSON: binary values as {"hex": ...}, maps of facts as {"map": [[name, value]...]}.
Json value_of(MsgpackReader& in) {
  switch (in.peek()) {
    case MsgpackReader::Kind::boolean: return *in.read_bool();
    case MsgpackReader::Kind::integer: return *in.read_int();
    case MsgpackReader::Kind::string: return std::string(*in.read_string());
    case MsgpackReader::Kind::binary: return {{"hex", hex(*in.read_binary())}};
    case MsgpackReader::Kind::array: {
      Json out = Json::array();
      const std::uint32_t count = *in.read_array();
      for (std::uint32_t i = 0; i < count; ++i) out.push_back(value_of(in));
      return out;
    }
    case MsgpackReader::Kind::map: {
      Json pairs = Json::array();
      const std::uint32_t count = *in.read_map();
      for (std::uint32_t i = 0; i < count; ++i) {
        const Json name = value_of(in);
        pairs.push_back(Json::array({name, value_of(in)}));
      }
      return {{"map", pairs}};
    }
    default: FAIL("the protocol has no such value"); return {};
  }
}

Json description(const samples::Sample& sample) {
  const ByteView frame(sample.frame);
  MsgpackReader in(frame.subspan(2));
  Json fields = Json::object();
  const std::uint32_t count = *in.read_map();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string field = std::to_string(*in.read_uint());
    fields[field] = value_of(in);
  }
  return {{"about", sample.about}, {"kind", frame[0]}, {"version", frame[1]}, {"fields", fields}};
}

Json worked_batch() {
  const crypto::BatchClaim claim = samples::batch_claim();
  const Buffer text = crypto::batch_signed_text(claim);
  const crypto::Signature signature = samples::signing_key().sign(text);
  Json documents = Json::array(), digests = Json::array();
  for (const Buffer& document : samples::documents()) {
    documents.push_back(hex(document));
    digests.push_back(hex(crypto::sha256(document)));
  }
  const auto leaves = samples::batch_leaves();
  return {{"signing_seed", hex(samples::signing_key().seed())},
          {"public_key", hex(samples::signing_key().public_key())},
          {"key_id", hex(claim.key)},
          {"origin", claim.origin},
          {"sender", claim.sender},
          {"documents", documents},
          {"document_digests", digests},
          {"batch_leaves", hex_list(leaves)},
          {"root", hex(claim.root)},
          {"signed_text", hex(text)},
          {"signature", hex(signature)},
          {"envelope_digest", hex(crypto::envelope_digest(text, signature))},
          {"range_proof_of_1_and_2", hex_list(crypto::range_proof(leaves, 1, 2))},
          {"range_proof_of_1", hex_list(crypto::range_proof(leaves, 1, 1))}};
}

Json worked_leaf() {
  const samples::SampleRecord record = samples::record();
  const Buffer& document = samples::documents()[2];
  const auto leaves = samples::row_leaves(record);
  const crypto::Digest head = samples::head_digest_of(record), root = crypto::merkle_root(leaves);
  Json rows = Json::array();
  for (const Buffer& row : record.rows) rows.push_back(hex(row));
  return {{"nonce", hex(record.nonce)},
          {"kind", record.kind},
          {"time", samples::kTime.value},
          {"metadata", hex(record.metadata)},
          {"head_digest", hex(head)},
          {"document_digest", hex(crypto::sha256(document))},
          {"rows", rows},
          {"row_leaves", hex_list(leaves)},
          {"row_proofs", {hex_list(crypto::range_proof(leaves, 0, 1)), hex_list(crypto::range_proof(leaves, 1, 1)),
                          hex_list(crypto::range_proof(leaves, 2, 1))}},
          {"outcome_root", hex(root)},
          {"leaf", hex(samples::leaf(head, document, root))}};
}

Json worked() {
  return {{"batch", worked_batch()},
          {"leaf", worked_leaf()},
          {"credential",
           {{"root_seed", hex(samples::root_key().seed())},
            {"root_public_key", hex(samples::root_key().public_key())},
            {"statement", samples::certificate_statement()},
            {"text", samples::certificate()}}}};
}

TEST_CASE("every golden frame is what is still written for its message") {
  const bool write_anew = std::getenv("HUB_WRITE_GOLDEN") != nullptr;
  for (const samples::Sample& sample : samples::frames()) {
    INFO(sample.name);
    const std::string json = description(sample).dump(1) + "\n";
    const auto bin_path = kFolder / (sample.name + ".bin"), json_path = kFolder / (sample.name + ".json");
    if (write_anew) {
      write_file(bin_path, as_text(sample.frame));
      write_file(json_path, json);
    }
    CHECK(to_hex(as_bytes(read_file(bin_path))) == to_hex(sample.frame));
    CHECK(read_file(json_path) == json);
  }
}

TEST_CASE("every golden frame is read and written again byte for byte") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".bin") continue;
    INFO(entry.path());
    const std::string bytes = read_file(entry.path());
    const auto again = rewrite_frame(as_bytes(bytes));
    REQUIRE(again);
    CHECK(to_hex(*again) == to_hex(as_bytes(bytes)));
    ++count;
  }
  CHECK(count == samples::frames().size());
}

TEST_CASE("the worked examples of the specification are what the code computes") {
  const std::string json = worked().dump(1) + "\n";
  if (std::getenv("HUB_WRITE_GOLDEN") != nullptr) write_file(kFolder / "worked.json", json);
  CHECK(read_file(kFolder / "worked.json") == json);
}

TEST_CASE("the leaf that a recipient computes is the journal's leaf of the record") {
  const samples::SampleRecord record = samples::record();
  const crypto::Digest head = samples::head_digest_of(record);
  const crypto::Digest root = crypto::merkle_root(samples::row_leaves(record));
  const crypto::Digest body = crypto::sha256(samples::documents()[2]);
  CHECK(head == journal::head_digest(record.nonce, record.kind, samples::kTime, record.metadata));
  CHECK(samples::leaf(head, samples::documents()[2], root) == journal::leaf_of(head, body, root));
}

}  // namespace
}  // namespace hub::wire
