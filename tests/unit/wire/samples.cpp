#include "tests/unit/wire/samples.hpp"

#include "hub/base/uuid.hpp"
#include "hub/crypto/checkpoint.hpp"

namespace hub::wire::samples {
namespace {

template <std::size_t N>
Bytes<N> counting(std::uint8_t first) {
  Bytes<N> out;
  for (std::size_t i = 0; i < N; ++i) out[i] = static_cast<std::uint8_t>(first + i);
  return out;
}

Buffer document(int number, std::string_view to) {
  Buffer out;
  BufferStream stream{out};
  Packer packer(stream);
  const std::string id = "018e2f5a-0000-7000-8000-00000000000" + std::to_string(number);
  packer.pack_map(9);
  const std::pair<std::string_view, std::string_view> attributes[] = {
      {"specversion", "1.0"},
      {"id", id},
      {"source", kSender},
      {"type", "trial-result-report/1"},
      {"subject", "Báo cáo kết quả xét xử"},
      {"time", "2024-03-12T00:59:59.000000Z"},
      {"to", to}};
  for (const auto& [name, value] : attributes) {
    pack_text(packer, name);
    pack_text(packer, value);
  }
  pack_text(packer, "salt");
  pack_bytes(packer, counting<16>(static_cast<std::uint8_t>(16 * number)));
  pack_text(packer, "data");
  packer.pack_map(2);
  pack_text(packer, "judgment_no");
  pack_text(packer, std::to_string(14 + number) + "/2024/HS-ST");
  pack_text(packer, "judgment_date");
  pack_text(packer, "2024-03-11");
  return out;
}

Buffer row(const OutcomeRow& content) {
  Buffer out;
  write_row(out, content);
  return out;
}

Bytes<16> journal_id() { return counting<16>(0xa0); }

std::vector<crypto::Digest> digests(std::span<const Buffer> of) {
  std::vector<crypto::Digest> out;
  for (const Buffer& bytes : of) out.push_back(crypto::sha256(bytes));
  return out;
}

Buffer joined(const std::vector<crypto::Digest>& proof) {
  Buffer out;
  for (const crypto::Digest& digest : proof) append(out, digest);
  return out;
}

template <class M>
void add(std::vector<Sample>& to, std::string name, std::string about, const M& message) {
  to.push_back({std::move(name), std::move(about), {}});
  write(to.back().frame, message);
}

Hello hello(bool first) {
  Hello m;
  m.endpoint = "toa-an.huyen/folder";
  if (first) return m;
  m.journal_id = journal_id();
  m.deliveries_stored = StreamSequence(7);
  m.receipts_stored = StreamSequence(300);
  m.position_seen = Position(70'001);
  m.software = "hub-adapter 0.1.0";
  return m;
}

Welcome welcome() {
  Welcome m;
  m.origin = kOrigin;
  m.journal_id = journal_id();
  m.time = kTime;
  m.session = SessionId(12);
  m.party = kSender;
  m.durable_end = Position(70'002);
  m.deliveries_next = StreamSequence(8);
  m.receipts_next = StreamSequence(301);
  return m;
}

Submit submit() {
  Submit m;
  m.batch = 5;
  m.key = crypto::key_id(signing_key().public_key());
  m.signature = signing_key().sign(crypto::batch_signed_text(batch_claim()));
  for (const Buffer& bytes : documents()) m.documents.emplace_back(bytes);
  return m;
}

void add_results(std::vector<Sample>& to) {
  const SampleRecord accepted = record();
  const auto rows = row_leaves(accepted);
  DocumentResult result;
  result.outcome = kAccepted;
  result.position = Position(70'004);
  result.leaf = leaf(head_digest_of(accepted), documents()[2], crypto::merkle_root(rows));
  result.time = kTime;
  for (const Buffer& bytes : accepted.rows) result.rows.push_back({bytes, {}});
  result.rows[1].facts = {{"party", std::string(kSender)}, {"recipient", "ubnd.huyen"}};

  DocumentResult again = result;
  again.again = true;
  again.rows.clear();

  DocumentResult refused;
  refused.outcome = "schema-violation";
  refused.position = Position(70'005);
  refused.leaf = counting<32>(0x50);
  refused.time = kTime;
  refused.facts = {{"pointer", "/data/judgment_date"}, {"reason_vi", "không phải ngày"}, {"reason_en", "is no date"}};

  to.push_back({"results", "RESULTS: accepted with three outcomes, accepted before, refused as a whole", {}});
  ResultsWriter writer(to.back().frame, 5, 3);
  for (const DocumentResult& r : {result, again, refused}) writer.add(r);
  to.push_back({"results_later", "RESULTS: a later frame of the same batch, from its third document on", {}});
  ResultsWriter later(to.back().frame, 5, 1, 2);
  later.add(refused);
}

void add_deliveries(std::vector<Sample>& to) {
  const SampleRecord accepted = record();
  const auto leaves = batch_leaves();
  const auto rows = row_leaves(accepted);
  const Buffer range = joined(crypto::range_proof(leaves, 1, 2));
  const Buffer row_proof = joined(crypto::range_proof(rows, 0, 1));
  const Buffer lone_row = row({"btg.huyen", "btg.huyen", kAccepted, "huyen/btg-238", 1, "toa-an-ket-qua"});
  const Submit batch = submit();
  DeliveryGroup group{kSender, batch.key, 3, 1, batch.signature, range, {}};
  group.deliveries.push_back(
      {Position(70'003), 0, 1, kTime, head_digest_of(accepted), lone_row, {}, documents()[1]});
  group.deliveries.push_back({Position(70'004), 0, 3, UnixMicros(kTime.value + 1), head_digest_of(accepted),
                              accepted.rows[0], row_proof, documents()[2]});
  add(to, "deliveries", "DELIVERIES: the second and third document of a batch of three",
      Deliveries{StreamSequence(8), {group}});
  DeliveryGroup again = group;
  again.deliveries.erase(again.deliveries.begin());
  again.first_index = 2;
  const Buffer alone = joined(crypto::range_proof(leaves, 2, 1));
  again.range_proof = alone;
  again.deliveries[0].replay = Position(70'030);
  add(to, "deliveries_replay", "DELIVERIES: the third document again, replayed by an operator",
      Deliveries{StreamSequence(10), {again}});
}

void add_bulk(std::vector<Sample>& to) {
  Welcome with_port = welcome();
  with_port.bulk_port = 7401;
  add(to, "welcome_bulk", "WELCOME of a hub that takes attachments", with_port);
  Hello bulk = hello(false);
  bulk.connection = Connection::bulk;
  add(to, "hello_bulk", "HELLO on the bulk connection", bulk);
  const Buffer bytes = {'%', 'P', 'D', 'F', '-', '1', '.', '7'};
  add(to, "put", "PUT: a content that the hub permitted", Put{1, counting<32>(0x60), 1'000'000});
  add(to, "put_from", "PUT_FROM: what is before was received earlier", PutFrom{1, 524'288});
  to.push_back({"chunk", "CHUNK of an upload", {}});
  write(to.back().frame, Kind::chunk, Chunk{1, 524'288, bytes});
  add(to, "chunk_stored", "CHUNK_STORED", ChunkStored{1, 524'296});
  add(to, "content_stored", "CONTENT_STORED: the whole content is durable and recorded", ContentIsStored{1});
  add(to, "get", "GET: the second attachment of a delivery, from its beginning", Get{2, Position(70'004), 0, 1, 0, 8});
  to.push_back({"content_chunk", "CHUNK of a content that is fetched", {}});
  write(to.back().frame, Kind::content_chunk, Chunk{2, 0, bytes});
  add(to, "more", "MORE: four chunks may come", More{2, 4});
  add(to, "content_refused", "CONTENT_REFUSED",
      ContentRefused{2, {ErrorCode::content_unknown, {{"position", "70004"}}}});
}

// The note of a tree of `size` records, signed by the root key of the samples.
std::string checkpoint(std::uint64_t size) {
  const crypto::Checkpoint tree{std::string(kOrigin), size, counting<32>(0x70)};
  return crypto::sign_note(crypto::checkpoint_text(tree), kOrigin, root_key());
}

void add_checkpoints(std::vector<Sample>& to) {
  Hello keeps = hello(false);
  keeps.tree_seen = 65'536;
  add(to, "hello_keeps_checkpoints", "HELLO of an endpoint that keeps checkpoints", keeps);
  const std::string first = checkpoint(1), next = checkpoint(70'002);
  add(to, "checkpoint_first", "CHECKPOINT to an endpoint that has seen none", CheckpointMessage{first, {}});
  const Buffer proof = joined({counting<32>(0x80), counting<32>(0xa0)});
  add(to, "checkpoint", "CHECKPOINT with the proof that it continues the one seen", CheckpointMessage{next, proof});
}

}  // namespace

crypto::SigningKey signing_key() { return crypto::SigningKey::from_seed(counting<32>(0x01)); }
crypto::SigningKey root_key() { return crypto::SigningKey::from_seed(counting<32>(0x21)); }

const std::vector<Buffer>& documents() {
  static const std::vector<Buffer> all = {document(1, "btg.huyen"), document(2, "btg.huyen"),
                                          document(3, "btg.huyen,ubnd.huyen,hdnd.huyen")};
  return all;
}

std::vector<crypto::Digest> batch_leaves() {
  std::vector<crypto::Digest> out;
  for (const crypto::Digest& digest : digests(documents())) out.push_back(crypto::batch_leaf(digest));
  return out;
}

crypto::BatchClaim batch_claim() {
  return {kOrigin, kSender, crypto::key_id(signing_key().public_key()), 3, crypto::merkle_root(batch_leaves())};
}

SampleRecord record() {
  SampleRecord out;
  out.nonce = counting<16>(0xc0);
  out.metadata = Buffer{0x81, 0x02, 0x2a};
  out.rows = {row({"btg.huyen", "btg.huyen", kAccepted, "huyen/btg-238", 1, "toa-an-ket-qua"}),
              row({"ubnd.huyen", "ubnd.huyen", "no-agreement", "", 0, ""}),
              row({"hdnd.huyen", "hdnd.huyen", "type-not-permitted", "huyen/btg-238", 1, ""})};
  return out;
}

crypto::Digest head_digest_of(const SampleRecord& r) {
  Buffer bytes;
  append(bytes, r.nonce);
  bytes.push_back(0x01);
  bytes.push_back(r.kind);
  append_le(bytes, kTime.value);
  append(bytes, r.metadata);
  return crypto::sha256(bytes);
}

std::vector<crypto::Digest> row_leaves(const SampleRecord& r) {
  std::vector<crypto::Digest> out;
  for (const Buffer& bytes : r.rows) out.push_back(crypto::leaf_hash(bytes));
  return out;
}

crypto::Digest leaf(const crypto::Digest& head, ByteView bytes, const crypto::Digest& outcome_root) {
  Buffer data{0x01};
  append(data, head);
  append(data, crypto::sha256(bytes));
  append(data, outcome_root);
  return crypto::leaf_hash(data);
}

std::string certificate_statement() {
  return R"({"active_from":"2024-01-01T00:00:00.000000Z","active_until":"2026-01-01T00:00:00.000000Z","key":")" +
         to_base64(signing_key().public_key()) + R"(","party":"toa-an.huyen","statement":"certificate"})";
}

std::string certificate() {
  const std::string statement = certificate_statement();
  const auto signature = root_key().sign(as_bytes("coordination-hub credential v1\n" + statement));
  return R"({"signature":")" + to_base64(signature) + R"(","statement":)" + statement + "}";
}

std::vector<Sample> frames() {
  std::vector<Sample> out;
  const std::string text = certificate();
  const Error refusal{ErrorCode::certificate_invalid, {{"reason", "the signature is not the root key's"}}};
  const Error malformed{ErrorCode::frame_malformed, {{"offset", "2"}, {"reason", "a map was expected"}}};
  const Error credit{ErrorCode::submit_credit_exceeded, {{"actual", "4097"}, {"limit", "4096"}}};
  const Receipt receipt{
      DeliveryStatus::delivered,          Position(70'004), {counting<16>(0x10)}, 2, "hdnd.huyen", Position(70'009),
      UnixMicros(kTime.value + 2'000'000)};
  const Receipt refused{DeliveryStatus::refused,
                        Position(70'004),
                        {counting<16>(0x10)},
                        2,
                        "hdnd.huyen",
                        Position(70'020),
                        UnixMicros(kTime.value + 3'000'000),
                        "không thuộc thẩm quyền"};
  const Receipt registered{DeliveryStatus::registered,
                           Position(70'004),
                           {counting<16>(0x10)},
                           2,
                           "hdnd.huyen",
                           Position(70'015),
                           UnixMicros(kTime.value + 2'500'000),
                           ""};
  add(out, "hello_first", "HELLO of an endpoint that knows nothing yet", hello(true));
  add(out, "hello", "HELLO of an endpoint that comes back", hello(false));
  add(out, "welcome", "WELCOME", welcome());
  add(out, "submit", "SUBMIT: a signed batch of three documents", submit());
  add_results(out);
  add_deliveries(out);
  add(out, "acknowledge_deliveries", "ACKNOWLEDGE of deliveries",
      Acknowledge{Stream::deliveries, StreamSequence(9), 1024, 16 << 20});
  add(out, "acknowledge_receipts", "ACKNOWLEDGE of receipts",
      Acknowledge{Stream::receipts, StreamSequence(302), 4096, 0});
  add(out, "receipts", "RECEIPTS: one, of the third outcome", Receipts{StreamSequence(302), {receipt}});
  add(out, "receipts_reported", "RECEIPTS: registered, and then refused by the recipient's system with its reason",
      Receipts{StreamSequence(303), {registered, refused}});
  add(out, "report", "REPORT: finished",
      Report{3, {Position(70'004), 2, {}}, DeliveryStatus::finished, "", kTime, {}, false});
  add(out, "report_refused", "REPORT: the recipient's system refuses it",
      Report{4, {Position(70'004), 2, {}}, DeliveryStatus::refused, "không thuộc thẩm quyền", kTime, {}, false});
  add(out, "report_failed", "REPORT: a replay that can't be handed over",
      Report{5,
             {Position(70'004), 2, Position(70'030)},
             DeliveryStatus::failed,
             "File name too long",
             kTime,
             "delivery-not-stored",
             true});
  add(out, "credential", "CREDENTIAL: a certificate", Credential{1, text});
  add(out, "credentials", "CREDENTIALS of a sender", Credentials{{text}});
  add(out, "answer", "ANSWER: done", Answer{1, std::nullopt, Position(70'003)});
  add(out, "answer_refused", "ANSWER: refused", Answer{2, refusal, Position(0)});
  add(out, "heartbeat", "HEARTBEAT", Heartbeat{kTime});
  add(out, "goodbye", "GOODBYE without a reason", Goodbye{});
  add(out, "goodbye_superseded", "GOODBYE: another connection of this endpoint said HELLO",
      Goodbye{Error{ErrorCode::session_superseded, {}}});
  add(out, "error", "ERROR: a frame was malformed", ErrorMessage{malformed, std::nullopt});
  add(out, "error_batch", "ERROR: a batch went over the window", ErrorMessage{credit, 5});
  add_bulk(out);
  add_checkpoints(out);
  return out;
}

}  // namespace hub::wire::samples
