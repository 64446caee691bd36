#include "tests/simulation/sim_adapter.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/crypto/batch.hpp"
#include "hub/journal/record_format.hpp"
#include "hub/registry/document.hpp"

namespace hub::simulation {
namespace {

constexpr std::int64_t kHelloTimeoutMicros = 2 * kMicrosPerSecond;

std::vector<crypto::Digest> digests_of(ByteView proof) {
  std::vector<crypto::Digest> out;
  for (std::size_t i = 0; i < proof.size(); i += 32) out.push_back(*fixed<32>(proof.subspan(i, 32)));
  return out;
}

// What a recipient's system says, step by step; some of it late, repeated, or about a recall that nobody asked for.
constexpr wire::DeliveryStatus kSteps[] = {wire::DeliveryStatus::registered, wire::DeliveryStatus::assigned,
                                           wire::DeliveryStatus::processing, wire::DeliveryStatus::finished,
                                           wire::DeliveryStatus::refused,    wire::DeliveryStatus::recalled,
                                           wire::DeliveryStatus::recall_refused};
constexpr int kLastStep = 3;
constexpr std::uint8_t kPoisonOneIn = 24;
constexpr int kFlakyFailures = 2;

}  // namespace

Trouble trouble_of(const Uuid& document) {
  const std::uint8_t die = document.bytes[0] % kPoisonOneIn;
  return die == 0 ? Trouble::poison : die == 1 ? Trouble::flaky : Trouble::none;
}

SimAdapter::SimAdapter(Scheduler& scheduler, Chance& chance, SimNetwork& network, const Options& options,
                       const Scenery& scenery, std::size_t index)
    : scheduler_(scheduler), chance_(chance), network_(network), options_(options), scenery_(scenery),
      self_(scenery.parties[index]) {}

void SimAdapter::later(std::int64_t micros, std::function<void()> action) {
  scheduler_.after(micros, [this, life = life_, action = std::move(action)] {
    if (running_ && life_ == life) action();
  });
}

void SimAdapter::start() {
  running_ = true;
  connect();
}

void SimAdapter::crash() {
  running_ = false;
  ++life_;
  network_.close(connection_);
}

void SimAdapter::lose_connection() {
  if (running_) network_.lose(connection_);
}

void SimAdapter::on_lost() {
  if (!running_) return;
  ++life_;
  later(chance_.between(1'000, 200'000), [this] { connect(); });
}

void SimAdapter::connect() {
  ++life_;
  welcomed_ = false;
  in_flight_.clear();
  sent_.clear();
  std::fill(std::begin(acknowledging_), std::end(acknowledging_), false);
  const std::uint64_t life = life_;
  connection_ = network_.connect(
      self_.transport_key,
      [this, life](const Buffer& frame) {
        if (running_ && life_ == life) on_frame(frame);
      },
      [this, life] {
        if (life_ == life) on_lost();
      });
  wire::Hello hello;
  hello.endpoint = self_.endpoint;
  hello.journal_id = journal_id_;
  hello.deliveries_stored = deliveries_stored_;
  hello.receipts_stored = receipts_stored_;
  hello.deliveries_window_items = options_.window_items;
  hello.deliveries_window_bytes = options_.window_bytes;
  hello.receipts_window_items = options_.window_items;
  hello.position_seen = position_seen_;
  Buffer frame;
  wire::write(frame, hello);
  network_.to_hub(connection_, std::move(frame));
  later(kHelloTimeoutMicros, [this] {
    if (welcomed_) return;
    network_.close(connection_);
    connect();
  });
}

void SimAdapter::make_document() {
  SimDocument document;
  chance_.fill(document.id.bytes);
  document.id = uuid_from_digest(document.id.bytes);
  const bool follows = !outbox_.empty() && chance_.one_in(options_.same_conversation_one_in);
  document.conversation = follows ? outbox_[chance_.below(outbox_.size())].conversation : document.id;
  document.forbidden = chance_.one_in(options_.forbidden_one_in);
  for (const SimParty& party : scenery_.parties)
    if (party.id != self_.id && (document.recipients.empty() || chance_.one_in(options_.many_recipients_one_in)))
      document.recipients.push_back(party.id);
  registry::DocumentFields fields;
  fields.id = document.id;
  fields.source = self_.id;
  fields.type = document.forbidden ? kForbiddenType : kPermittedType;
  fields.subject = "Ghi chú số " + std::to_string(outbox_.size());
  fields.time = scheduler_.now();
  for (const std::string& recipient : document.recipients) fields.to += (fields.to.empty() ? "" : ",") + recipient;
  fields.salt = Bytes<16>{};
  chance_.fill(*fields.salt);
  fields.conversation = document.conversation;
  if (chance_.one_in(options_.urgent_one_in)) fields.urgency = static_cast<std::uint8_t>(chance_.between(1, 3));
  document.timed = chance_.one_in(options_.timed_one_in);
  if (document.timed) {
    fields.urgency = 4;
    fields.deliver_at = UnixMicros(scheduler_.now().value + chance_.between(0, 5 * kMicrosPerSecond));
  }
  BufferStream stream{fields.data};
  wire::Packer packer(stream);
  packer.pack_map(1);
  wire::pack_text(packer, "text");
  wire::pack_text(packer, std::string(chance_.below(2'000), 'x'));
  document.bytes = registry::write_document(fields);
  outbox_.push_back(std::move(document));
  if (welcomed_) send_batches();
}

bool SimAdapter::done() const {
  return std::all_of(outbox_.begin(), outbox_.end(), [](const SimDocument& d) { return d.answered; }) &&
         reports_.empty();
}

void SimAdapter::send_batches() {
  std::vector<std::size_t> batch;
  for (std::size_t i = 0; i < outbox_.size(); ++i) {
    if (outbox_[i].answered || !sent_.insert(i).second) continue;
    batch.push_back(i);
    if (batch.size() == static_cast<std::size_t>(chance_.between(1, options_.batch_max))) {
      send_batch(batch);
      batch.clear();
    }
  }
  if (!batch.empty()) send_batch(batch);
}

void SimAdapter::send_batch(const std::vector<std::size_t>& documents) {
  wire::Submit submit;
  submit.batch = ++next_batch_;
  submit.key = crypto::key_id(self_.signing.public_key());
  std::vector<crypto::Digest> leaves;
  for (const std::size_t i : documents) {
    submit.documents.push_back(outbox_[i].bytes);
    leaves.push_back(crypto::batch_leaf(crypto::sha256(outbox_[i].bytes)));
  }
  submit.signature = self_.signing.sign(crypto::batch_signed_text(
      {"sim.hub", self_.id, submit.key, static_cast<std::uint32_t>(leaves.size()), crypto::merkle_root(leaves)}));
  Buffer frame;
  wire::write(frame, submit);
  in_flight_[submit.batch] = documents;
  network_.to_hub(connection_, std::move(frame));
}

void SimAdapter::on_frame(const Buffer& bytes) {
  const auto frame = wire::read_frame(bytes);
  HUB_CHECK(frame.has_value());
  switch (frame->kind) {
    case wire::Kind::welcome: return on_welcome(frame->payload);
    case wire::Kind::results: return on_results(frame->payload);
    case wire::Kind::deliveries: return on_deliveries(frame->payload);
    case wire::Kind::receipts: return on_receipts(frame->payload);
    case wire::Kind::answer: return on_answer(frame->payload);
    case wire::Kind::goodbye: {
      const auto goodbye = wire::read_goodbye(frame->payload);
      const bool cured = goodbye && goodbye->reason && catalogue_entry(goodbye->reason->code).retryable;
      if (!cured) return fail("dismissed: " + std::string(goodbye->reason ? code_text(goodbye->reason->code) : "?"));
      network_.close(connection_);
      return on_lost();
    }
    case wire::Kind::error: {
      const auto error = wire::read_error(frame->payload);
      if (!error || error->error.code != ErrorCode::hello_required) return fail("refused a good frame");
      network_.close(connection_);
      return on_lost();
    }
    case wire::Kind::heartbeat: {
      Buffer answer;
      wire::write(answer, wire::Heartbeat{scheduler_.now()});
      return network_.to_hub(connection_, std::move(answer));
    }
    default: return;
  }
}

void SimAdapter::on_welcome(ByteView payload) {
  const auto welcome = wire::read_welcome(payload);
  if (!welcome) return fail("malformed WELCOME");
  if (journal_id_ && *journal_id_ != welcome->journal_id) return fail("another journal");
  if (welcome->deliveries_next != deliveries_stored_.next()) return fail("the deliveries do not go on where they were");
  if (welcome->receipts_next != receipts_stored_.next()) return fail("the receipts do not go on where they were");
  journal_id_ = welcome->journal_id;
  welcomed_ = true;
  for (const auto& [request, unanswered] : reports_) send_report(request);
  send_batches();
}

void SimAdapter::on_results(ByteView payload) {
  const auto results = wire::read_results(payload);
  if (!results) return fail("malformed RESULTS");
  const auto batch = in_flight_.find(results->batch);
  if (batch == in_flight_.end() || batch->second.size() != results->results.size())
    return fail("an answer to what was not asked");
  for (std::size_t i = 0; i < results->results.size(); ++i) {
    const wire::DocumentResult& result = results->results[i];
    SimDocument& document = outbox_[batch->second[i]];
    const bool accepted = result.outcome == wire::kAccepted;
    if (accepted == document.forbidden) fail("a wrong decision: " + std::string(result.outcome));
    const auto known = document.leaves.find(result.position);
    const bool is_new = known == document.leaves.end();
    if (!is_new && known->second != result.leaf) fail("two leaves of one record");
    if (is_new && !document.leaves.empty() && !document.resent) fail("two answers to one document");
    document.leaves[result.position] = result.leaf;
    for (std::size_t row = 0; row < result.rows.size(); ++row)
      if (const auto outcome = wire::read_row(result.rows[row].row); outcome && outcome->accepted())
        document.accepted_rows.emplace(result.position, static_cast<std::uint8_t>(row));
    document.answered = true;
    document.accepted = accepted;
    document.position = result.position;
    document.leaf = result.leaf;
    position_seen_ = std::max(position_seen_, result.position.next());
  }
  in_flight_.erase(batch);
}

void SimAdapter::on_deliveries(ByteView payload) {
  const auto message = wire::read_deliveries(payload);
  if (!message) return fail("malformed DELIVERIES");
  if (!welcomed_) return fail("deliveries before WELCOME");
  if (message->first != deliveries_stored_.next()) return fail("a gap in the deliveries");
  for (const wire::DeliveryGroup& group : message->groups) {
    std::vector<crypto::Digest> leaves;
    for (const wire::Delivery& d : group.deliveries)
      leaves.push_back(crypto::batch_leaf(crypto::sha256(d.document)));
    const auto root =
        crypto::root_of_range(group.batch_count, group.first_index, leaves, digests_of(group.range_proof));
    const auto sender = std::find_if(scenery_.parties.begin(), scenery_.parties.end(),
                                     [&](const SimParty& p) { return p.id == group.sender; });
    if (!root || sender == scenery_.parties.end() ||
        !crypto::verify(sender->signing.public_key(),
                        crypto::batch_signed_text({"sim.hub", group.sender, group.key, group.batch_count, *root}),
                        group.signature))
      return fail("a delivery's signature is not good");
    for (const wire::Delivery& d : group.deliveries) take(group, d);
  }
  acknowledge_later(wire::Stream::deliveries);
}

void SimAdapter::take(const wire::DeliveryGroup& group, const wire::Delivery& d) {
  const auto row = wire::read_row(d.row);
  const auto view = registry::read_document(d.document);
  if (!row || !view || row->actual != self_.id || !row->accepted()) return fail("a delivery that is not for us");
  const crypto::Digest row_leaf[] = {crypto::leaf_hash(d.row)};
  const auto outcomes =
      crypto::root_of_range(d.outcome_count, d.outcome_index, row_leaf, digests_of(d.row_proof));
  if (!outcomes) return fail("a delivery's row is not proved");
  deliveries_stored_ = deliveries_stored_.next();
  position_seen_ = std::max(position_seen_, d.position.next());
  if (fails(d, view->id)) return;
  if (!inbox_ids_.insert({d.position, d.outcome_index, d.replay}).second) {
    // One that failed may come once more, when the report of it was repeated after a lost answer.
    if (trouble_of(view->id) == Trouble::none) fail("the same delivery came twice");
    return;
  }
  inbox_.push_back({d.position, d.outcome_index, std::string(group.sender), view->id, view->conversation,
                    journal::leaf_of(d.head_digest, crypto::sha256(d.document), *outcomes), d.replay});
  report_later(d.key(), 0);
}

bool SimAdapter::fails(const wire::Delivery& d, const Uuid& id) {
  const Trouble trouble = trouble_of(id);
  const bool is_over = trouble == Trouble::none || inbox_ids_.contains({d.position, d.outcome_index, d.replay}) ||
                       (trouble == Trouble::flaky && failures_[{d.position, d.outcome_index, d.replay}] >= kFlakyFailures);
  if (is_over) return false;
  ++failures_[{d.position, d.outcome_index, d.replay}];
  report(d.key(), wire::DeliveryStatus::failed, trouble == Trouble::poison);
  return true;
}

void SimAdapter::report(const wire::DeliveryKey& delivery, wire::DeliveryStatus status, bool permanent) {
  const std::uint64_t request = next_request_++;
  reports_[request] = {delivery, status, permanent};
  if (welcomed_) send_report(request);
}

void SimAdapter::send_report(std::uint64_t request) {
  const SimReport& r = reports_.at(request);
  wire::Report message{request, r.delivery, r.status, {}, scheduler_.now(), {}, r.permanent};
  if (r.status == wire::DeliveryStatus::failed) message.cause = "delivery-not-stored";
  if (r.status == wire::DeliveryStatus::refused) message.reason = "không thuộc thẩm quyền";
  Buffer frame;
  wire::write(frame, message);
  network_.to_hub(connection_, std::move(frame));
}

// A crash of the adapter does not stop the agency's system.
void SimAdapter::report_later(const wire::DeliveryKey& delivery, int step) {
  if (step > kLastStep || chance_.one_in(4)) return;
  scheduler_.after(chance_.between(1'000, 2 * kMicrosPerSecond), [this, delivery, step] {
    const bool is_odd = chance_.one_in(options_.odd_report_one_in);
    report(delivery, kSteps[is_odd ? chance_.below(std::size(kSteps)) : static_cast<std::uint64_t>(step)]);
    report_later(delivery, step + 1);
  });
}

void SimAdapter::on_answer(ByteView payload) {
  const auto answer = wire::read_answer(payload);
  if (!answer) return fail("malformed ANSWER");
  position_seen_ = std::max(position_seen_, answer->position.value == 0 ? Position() : answer->position.next());
  if (answer->refusal && answer->refusal->code != ErrorCode::report_without_effect)
    fail("a report was refused: " + std::string(code_text(answer->refusal->code)));
  reports_.erase(answer->request);
}

void SimAdapter::on_receipts(ByteView payload) {
  const auto message = wire::read_receipts(payload);
  if (!message) return fail("malformed RECEIPTS");
  if (message->first != receipts_stored_.next()) return fail("a gap in the receipts");
  for (const wire::Receipt& receipt : message->receipts) {
    auto& statuses = statuses_[{receipt.document, receipt.outcome_index}];
    const bool is_new = statuses.insert(receipt.status).second;
    if (!is_new && receipt_records_.contains(receipt.record) && receipt.status != wire::DeliveryStatus::delivered)
      fail("the same receipt came twice");
    receipt_records_.insert(receipt.record);
    const auto sent = std::find_if(outbox_.begin(), outbox_.end(),
                                   [&](const SimDocument& document) { return document.id == receipt.id; });
    if (receipt.status == wire::DeliveryStatus::refused && sent != outbox_.end() && !sent->resent && sent->answered) {
      sent->resent = true;
      sent->answered = false;
      sent_.erase(static_cast<std::size_t>(sent - outbox_.begin()));
    }
    receipts_stored_ = receipts_stored_.next();
    position_seen_ = std::max(position_seen_, receipt.record.next());
  }
  acknowledge_later(wire::Stream::receipts);
  send_batches();
}

void SimAdapter::acknowledge_later(wire::Stream stream) {
  bool& waiting = acknowledging_[static_cast<int>(stream)];
  if (waiting) return;
  waiting = true;
  later(chance_.between(0, 20'000), [this, stream] {
    acknowledging_[static_cast<int>(stream)] = false;
    const bool deliveries = stream == wire::Stream::deliveries;
    Buffer frame;
    wire::write(frame, wire::Acknowledge{stream, deliveries ? deliveries_stored_ : receipts_stored_,
                                         options_.window_items, deliveries ? options_.window_bytes : 0});
    network_.to_hub(connection_, std::move(frame));
  });
}

}  // namespace hub::simulation
