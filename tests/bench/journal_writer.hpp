// A journal of decided documents, for benchmarks of what reads it: fifty parties, one recipient each, ten documents a
// batch, acknowledged in tens, as their receipts are. What decides documents is not measured there.
#pragma once

#include <chrono>
#include <memory>
#include <random>

#include "hub/base/check.hpp"
#include "hub/runtime/real_ports.hpp"
#include "hub/runtime/recorder.hpp"
#include "tests/simulation/scenery.hpp"
#include "tests/support/memory_secrets.hpp"

namespace bench {

using namespace hub;

constexpr std::uint32_t kParties = 50, kBatch = 10;
constexpr std::uint64_t kGroup = 1000;  // documents
constexpr std::size_t kBodyBytes = 700;
inline const char* const kWords[] = {"báo",  "cáo", "kết",  "quả",  "xét",   "xử",   "thông", "tin",
                                     "vụ",   "án",  "điều", "động", "phối",  "hợp",  "tuyên", "truyền",
                                     "quý",  "năm", "đơn",  "thư",  "khiếu", "nại",  "tố",    "cáo",
                                     "giám", "sát", "kiểm", "tra",  "hội",   "nghị", "triển", "khai"};

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct SteppedClock final : ports::Clock {
  UnixMicros time{1'710'205'200'000'000};
  UnixMicros now() override { return time; }
  ports::SteadyNanos steady() override { return ports::SteadyNanos(time.value * 1000); }
};

// A journal of decided documents: what decides them is not measured here.
class JournalWriter {
 public:
  // So much time passes from batch to batch.
  JournalWriter(ports::Disk& disk, std::int64_t micros_per_batch)
      : micros_per_batch_(micros_per_batch), scenery_(simulation::make_scenery(kParties, 1)), state_(1) {
    randomness_.fill(id_);
    journal_ = journal::Journal::create(disk, id_, {}).value();
    recorder_ = std::make_unique<runtime::Recorder>(clock_, randomness_, *journal_, state_, sealer_);
    recorder_->read_clock();
    broker::JournalCreated created;
    created.origin = "bench.hub";
    record(created);
    record(broker::HubStarted{"bench"});
    for (const registry::Item& item : scenery_.items)
      record(broker::ConfigurationChanged{item.kind, item.id, item.canonical, "administrator:bench"});
    for (std::uint32_t i = 0; i < kParties; ++i)
      record(broker::EndpointConnected{EndpointIndex(i), SessionId(i + 1), {}, {}, 1 << 20, 1 << 30, "bench"});
  }

  // Documents that are not to be acknowledged wait for recipients that are away.
  void write(std::uint64_t documents, bool acknowledged = true) {
    for (std::uint32_t i = 0; i < kParties && !acknowledged; ++i)
      record(broker::EndpointDisconnected{EndpointIndex(i), SessionId(i + 1), "goodbye"});
    for (std::uint64_t n = 0; n < documents; n += kBatch) {
      clock_.time.value += micros_per_batch_;
      recorder_->read_clock();
      batch(n, acknowledged);
      if (n % kGroup == 0) commit();
    }
    commit();
  }
  const journal::Journal& journal() const { return *journal_; }
  const broker::State& state() const { return state_; }

 private:
  journal::Appended record(const broker::Record& record, ByteView body = {}, const crypto::Digest& digest = {}) {
    if (!journal_->room(4096, body.size())) commit();
    return recorder_->record(record, body, digest);
  }
  void commit() {
    auto group = journal_->take_group();
    if (!group) return;
    HUB_CHECK(journal_->write(*group).has_value());
    journal_->finished(std::move(group));
    if (journal_->wants_segment()) HUB_CHECK(journal_->prepare_segment().has_value());
  }

  // Ten documents of one party, and the acknowledgement of their recipient.
  void batch(std::uint64_t first, bool acknowledged) {
    const std::uint32_t sender = below(kParties);
    const std::uint32_t recipient = (sender + 1 + below(kParties - 1)) % kParties;
    broker::BatchReceived received;
    received.endpoint = EndpointIndex(sender);
    received.sender = PartyIndex(sender);
    received.count = kBatch;
    const Position batch = record(received).position;
    for (std::uint32_t i = 0; i < kBatch; ++i) document(batch, first + i, i, sender, recipient);
    if (!acknowledged) return;
    const auto& queue = state_.endpoints[recipient].deliveries;
    record(broker::DeliveriesAcknowledged{EndpointIndex(recipient), queue.dispatched(), 1 << 20, 1 << 30});
    record(broker::ReceiptsAcknowledged{EndpointIndex(sender), state_.endpoints[sender].receipts.last()});
  }

  void document(Position batch, std::uint64_t number, std::uint32_t index, std::uint32_t sender,
                std::uint32_t recipient) {
    std::string subject;
    for (int i = 0; i < 8; ++i) subject += std::string(i == 0 ? "" : " ") + kWords[random_() % std::size(kWords)];
    const bool accepted = random_() % 50 != 0;
    Bytes<16> bytes{};
    store_le(bytes.data(), random_());
    store_le(bytes.data() + 8, number);
    broker::DocumentDecided d;
    d.accepted = accepted;
    d.batch = batch;
    d.index = index;
    d.id = d.conversation = uuid_from_digest(bytes);
    d.type = simulation::kPermittedType;
    d.sender = PartyIndex(sender);
    d.endpoint = EndpointIndex(sender);
    d.subject = subject;
    d.number = "12/KH-UBND";
    d.urgency = random_() % 20 == 0 ? 2 : 0;
    d.document_time = clock_.time;
    const std::string to = scenery_.parties[recipient].id;
    const std::string clause = "clause-" + std::to_string(random_() % 40);
    Buffer row;
    wire::write_row(row, {to, to, accepted ? wire::kAccepted : "type-not-permitted", "a/b", 1, clause});
    broker::Outcome outcome;
    outcome.bytes = row;
    outcome.row = wire::read_row(row).value();
    if (accepted) outcome.actual = PartyIndex(recipient);
    d.outcomes.push_back(outcome);
    store_le(body_.data(), number);
    d.digest = crypto::sha256(body_);
    record(d, accepted ? ByteView(body_) : ByteView(), accepted ? d.digest : crypto::Digest{});
  }

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

  const std::int64_t micros_per_batch_;
  simulation::Scenery scenery_;
  SteppedClock clock_;
  runtime::SystemRandomness randomness_;
  journal::JournalId id_{};
  broker::State state_;
  std::unique_ptr<journal::Journal> journal_;
  test::MemorySecrets secrets_;  // bodies are stored as they are
  runtime::BodySealer sealer_{secrets_};
  std::unique_ptr<runtime::Recorder> recorder_;
  std::mt19937_64 random_{7};
  Buffer body_ = Buffer(kBodyBytes, 1);
};

}  // namespace bench
