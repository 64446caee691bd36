// A benchmark's endpoint over the public SDK: keys from a deployment's folder, documents that carry opaque bytes.
// A thread owns an endpoint. Errors are exceptions: a benchmark that goes wrong has no figure.
#pragma once

#include <sodium.h>

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>

#include "adapters/sdk/client.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/wire/frame.hpp"

namespace bench {

template <class T>
T must(hub::Result<T> result) {
  if (!result) throw std::runtime_error("hub: " + hub::describe(result.error(), hub::Language::english));
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

inline std::string producer_id(int i) { return "producer-" + std::to_string(i) + ".bench"; }
inline std::string consumer_id(int i) { return "consumer-" + std::to_string(i) + ".bench"; }

// A party's connection; what an endpoint stored outlives it, as its durable store would.
class Endpoint : public hub::sdk::Events {
 public:
  // Whoever waits for deliveries that are there already joins by itself, when its own handlers are in place.
  Endpoint(const Keys& keys, const std::string& url, const std::string& party, hub::sdk::Progress& progress,
           bool joins = true)
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
    if (joins) join();
  }
  ~Endpoint() override {
    progress_ = client_->progress();
    client_->disconnect();
  }
  void join() {
    while (!client_->connected()) poll(100'000);
  }
  void poll(int timeout_us) {
    client_->poll(std::chrono::microseconds(timeout_us));
    if (client_->failure()) throw std::runtime_error("hub: " + hub::describe(*client_->failure(), hub::Language::english));
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
  void on_report_answer(hub::sdk::ReportTicket, hub::Position, const std::optional<hub::Error>&) override {}
  void on_error(const hub::Error& error) override {
    throw std::runtime_error("hub: " + hub::describe(error, hub::Language::english));
  }

 protected:
  std::uint64_t answers_ = 0;

 private:
  hub::sdk::Progress& progress_;
  std::optional<hub::sdk::Client> client_;
};

inline hub::UnixMicros wall_clock() {
  return hub::UnixMicros(std::chrono::duration_cast<std::chrono::microseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count());
}

// Makes one document after another: a fresh id and salt each, everything else the same.
class DocumentMaker {
 public:
  DocumentMaker(const std::string& party, int consumers) : DocumentMaker(party, first_consumers(consumers)) {}
  DocumentMaker(const std::string& party, const std::string& to) {
    fields_.source = party;
    fields_.type = "bench-payload/1";
    fields_.subject = "Benchmark";
    fields_.to = to;
  }
  void attach(hub::registry::AttachmentFields attachment) { fields_.attachments.push_back(std::move(attachment)); }
  hub::Buffer make(std::string_view payload) {
    unsigned char random[32];
    randombytes_buf(random, sizeof random);
    fields_.id = hub::uuid_from_digest({random, 16});
    fields_.salt = *hub::fixed<16>({random + 16, 16});
    fields_.time = wall_clock();
    fields_.data.clear();
    hub::BufferStream stream{fields_.data};
    hub::wire::Packer packer(stream);
    packer.pack_map(1);
    hub::wire::pack_text(packer, "payload");
    hub::wire::pack_bytes(packer, hub::as_bytes(payload));
    return hub::registry::write_document(fields_);
  }

 private:
  static std::string first_consumers(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += (i == 0 ? "" : ",") + consumer_id(i);
    return out;
  }

  hub::registry::DocumentFields fields_;
};

inline std::string_view payload_of(hub::ByteView data) {
  hub::MsgpackReader in(data);
  if (in.read_map() != 1u || in.read_string() != "payload") throw std::runtime_error("hub: another document");
  return hub::as_text(in.read_binary().value());
}

}  // namespace bench
