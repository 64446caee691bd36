// The hub in the benchmark of peers, through its public SDK: every message is a typed document from a party to parties,
// signed, checked against its schema, permitted by a clause, durable before it is answered, verified by its recipient.
#include <sodium.h>

#include <cstring>
#include <mutex>

#include "adapters/sdk/client.hpp"
#include "bench.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/wire/frame.hpp"

namespace peers {
namespace {

template <class T>
T must(hub::Result<T> result) {
  if (!result) throw Error("hub: " + hub::describe(result.error(), hub::Language::english));
  return std::move(*result);
}

class Keys {
 public:
  explicit Keys(std::string folder) : folder_(std::move(folder)) {}
  hub::crypto::KeyFile of(const std::string& party, const std::string& use) const {
    return must(hub::crypto::read_key_file(folder_ + "/keys/" + party + "." + use + ".json", use, true));
  }
  hub::crypto::PublicKey hub_key() const {
    return must(hub::crypto::read_key_file(folder_ + "/data/keys/transport.json.pub", "transport", false)).public_key;
  }

 private:
  std::string folder_;
};

std::string producer_id(int i) { return "producer-" + std::to_string(i) + ".bench"; }
std::string consumer_id(int i) { return "consumer-" + std::to_string(i) + ".bench"; }

// A party's connection; what an endpoint stored outlives it, as its durable store would.
class Endpoint : public hub::sdk::Events {
 public:
  Endpoint(const Keys& keys, const std::string& url, const std::string& party, hub::sdk::Progress& progress)
      : progress_(progress) {
    hub::sdk::ClientOptions options{url,
                                    keys.hub_key(),
                                    keys.of(party, "transport").public_key,
                                    *keys.of(party, "transport").secret,
                                    party,
                                    party + "/bench",
                                    hub::crypto::SigningKey::from_seed(*keys.of(party, "signing").secret),
                                    {},
                                    progress,
                                    "bench"};
    for (int i = 0; i < 8; ++i) options.pins.emplace(producer_id(i), keys.of(producer_id(i), "root").public_key);
    client_.emplace(std::move(options), *this);
    while (!client_->connected()) poll(100'000);
  }
  ~Endpoint() override {
    progress_ = client_->progress();
    client_->disconnect();
  }
  void poll(int timeout_us) {
    client_->poll(std::chrono::microseconds(timeout_us));
    if (client_->failure()) throw Error("hub: " + hub::describe(*client_->failure(), hub::Language::english));
  }
  hub::sdk::Client& client() { return *client_; }

  void on_connected(const hub::wire::Welcome&) override {}
  void on_disconnected(const hub::Error& error) override {
    std::fprintf(stderr, "hub: %s\n", hub::describe(error, hub::Language::english).c_str());
  }
  void on_result(hub::sdk::Ticket, const hub::wire::DocumentResult&) override {}
  hub::Result<void> on_deliveries(std::span<const hub::sdk::VerifiedDelivery>) override { return {}; }
  hub::Result<void> on_receipts(std::span<const hub::sdk::ReceivedReceipt>) override { return {}; }
  void on_answer(std::uint64_t, const std::optional<hub::Error>&) override { ++answers_; }
  void on_error(const hub::Error& error) override {
    throw Error("hub: " + hub::describe(error, hub::Language::english));
  }

 protected:
  std::uint64_t answers_ = 0;

 private:
  hub::sdk::Progress& progress_;
  std::optional<hub::sdk::Client> client_;
};

class HubProducer : public Producer, Endpoint {
 public:
  HubProducer(const Keys& keys, const std::string& url, const std::string& party, hub::sdk::Progress& progress,
              int consumers)
      : Endpoint(keys, url, party, progress) {
    fields_.source = party;
    fields_.type = "bench-payload/1";
    fields_.subject = "Benchmark";
    for (int i = 0; i < consumers; ++i) fields_.to += (i == 0 ? "" : ",") + consumer_id(i);
  }
  void publish(std::string_view payload) override {
    unsigned char random[32];
    randombytes_buf(random, sizeof random);
    fields_.id = hub::uuid_from_digest({random, 16});
    fields_.salt = *hub::fixed<16>({random + 16, 16});
    fields_.time = hub::UnixMicros(std::chrono::duration_cast<std::chrono::microseconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count());
    fields_.data.clear();
    hub::BufferStream stream{fields_.data};
    hub::wire::Packer packer(stream);
    packer.pack_map(1);
    hub::wire::pack_text(packer, "payload");
    hub::wire::pack_bytes(packer, hub::as_bytes(payload));
    if (!client().submit(0, hub::registry::write_document(fields_))) throw Error("hub: a document is too large");
  }
  uint64_t poll(int timeout_us) override {
    Endpoint::poll(timeout_us);
    return accepted_;
  }
  void on_result(hub::sdk::Ticket, const hub::wire::DocumentResult& result) override {
    if (result.outcome != hub::wire::kAccepted) throw Error("hub: refused: " + std::string(result.outcome));
    ++accepted_;
  }

 private:
  hub::registry::DocumentFields fields_;
  uint64_t accepted_ = 0;
};

std::string_view payload_of(hub::ByteView data) {
  hub::MsgpackReader in(data);
  if (in.read_map() != 1u || in.read_string() != "payload") throw Error("hub: another document");
  return hub::as_text(in.read_binary().value());
}

class HubConsumer : public Consumer, Endpoint {
 public:
  HubConsumer(const Keys& keys, const std::string& url, const std::string& party, hub::sdk::Progress& progress)
      : Endpoint(keys, url, party, progress) {}
  size_t receive(int timeout_ms, const Handler& on_message) override {
    handler_ = &on_message;
    taken_ = 0;
    Endpoint::poll(timeout_ms * 1000);
    return taken_;
  }
  // A frame after the acknowledgements, whose answer comes once they are durable.
  void flush_acks() override {
    const Handler none = [](std::string_view) {};
    handler_ = &none;
    const uint64_t before = answers_;
    client().publish("{}");
    while (answers_ == before) Endpoint::poll(100'000);
  }
  hub::Result<void> on_deliveries(std::span<const hub::sdk::VerifiedDelivery> deliveries) override {
    for (const auto& delivery : deliveries) (*handler_)(payload_of(delivery.document.data));
    taken_ += deliveries.size();
    return {};
  }

 private:
  const Handler* handler_ = nullptr;
  size_t taken_ = 0;
};

class HubPeer : public Peer {
 public:
  explicit HubPeer(const Options& o) : keys_(o.get("deployment")), url_(o.get("url")) { hub::crypto::initialise(); }
  void setup(const std::string&, int consumers) override {
    consumers_ = consumers;
    producers_ = 0;
  }
  std::unique_ptr<Producer> producer(Mode) override {
    const std::string id = producer_id(producers_++);
    return std::make_unique<HubProducer>(keys_, url_, id, progress_[id], consumers_);
  }
  std::unique_ptr<Consumer> consumer(int i, Mode) override {
    const std::string id = consumer_id(i);
    hub::sdk::Progress* progress;
    {
      const std::lock_guard lock(mutex_);
      progress = &progress_[id];
    }
    return std::make_unique<HubConsumer>(keys_, url_, id, *progress);
  }
  void teardown() override {}

 private:
  Keys keys_;
  std::string url_;
  int consumers_ = 1, producers_ = 0;
  std::mutex mutex_;
  std::map<std::string, hub::sdk::Progress> progress_;  // nodes stay where they are
};

Register reg("hub", [](const Options& o) { return std::make_unique<HubPeer>(o); });

}  // namespace
}  // namespace peers
