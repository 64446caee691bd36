// What a client believes of the checkpoints that a hub shows.
#include <catch2/catch.hpp>

#include "adapters/sdk/client.hpp"
#include "tests/support/scripted_hub.hpp"
#include "tests/support/tree_rows.hpp"

namespace hub::sdk {
namespace {

using namespace std::chrono_literals;

struct Seen : Events {
  std::size_t connected = 0, disconnected = 0, checkpoints = 0, errors = 0;
  void on_connected(const wire::Welcome&) override { ++connected; }
  void on_disconnected(const Error&) override { ++disconnected; }
  void on_result(Ticket, const wire::DocumentResult&) override {}
  Result<void> on_deliveries(std::span<const VerifiedDelivery>) override { return {}; }
  Result<void> on_receipts(std::span<const ReceivedReceipt>) override { return {}; }
  void on_answer(std::uint64_t, const std::optional<Error>&) override {}
  void on_report_answer(ReportTicket, Position, const std::optional<Error>&) override {}
  void on_checkpoint() override { ++checkpoints; }
  void on_error(const Error&) override { ++errors; }
};

// A log whose leaves are the digests of numbers, and of `fork` numbers from another one on.
crypto::TreeRows rows(std::uint64_t size, std::uint64_t same = UINT64_MAX) {
  crypto::TreeRows out;
  for (std::uint64_t i = 0; i < size; ++i)
    out.add(crypto::sha256(as_bytes((i < same ? "a" : "b") + std::to_string(i))));
  return out;
}

const crypto::SigningKey kTreeKey = crypto::SigningKey::from_seed(Bytes<32>{9});

std::string note(const crypto::TreeRows& log, std::uint64_t size, const crypto::SigningKey& key = kTreeKey,
                 const std::string& origin = "hub.example") {
  const crypto::Checkpoint checkpoint{origin, size, crypto::root(log, size).value()};
  return crypto::sign_note(crypto::checkpoint_text(checkpoint), origin, key);
}

Buffer proof(const crypto::TreeRows& log, std::uint64_t from, std::uint64_t to) {
  Buffer out;
  const auto digests = crypto::consistency_proof(log, from, to).value();
  for (const crypto::Digest& digest : digests)
    out.insert(out.end(), digest.begin(), digest.end());
  return out;
}

struct CheckpointBench {
  test::ScriptedHub hub;
  Seen seen;
  std::unique_ptr<Client> client;
  wire::Hello hello;

  explicit CheckpointBench(std::string checkpoint = {}, bool knows_key = true) {
    Progress progress;
    progress.checkpoint = std::move(checkpoint);
    const auto key = crypto::new_key("transport");
    client = std::make_unique<Client>(
        ClientOptions{.address = hub.address(),
                      .hub_key = hub.public_key(),
                      .transport_public = key.public_key,
                      .transport_secret = *key.secret,
                      .party = "btg.huyen",
                      .endpoint = "btg.huyen/folder",
                      .signing_key = crypto::SigningKey::from_seed(Bytes<32>{5}),
                      .pins = {},
                      .progress = progress,
                      .software = "test",
                      .tree_keys = knows_key ? std::vector{crypto::NoteKey{"hub.example", kTreeKey.public_key()}}
                                             : std::vector<crypto::NoteKey>()},
        seen);
    until([&] { return !hub.received.empty(); });
    hello = wire::read_hello(hub.received.front().frame().payload).value();
    wire::Welcome welcome;
    welcome.origin = "hub.example";
    welcome.party = "btg.huyen";
    welcome.durable_end = Position(1'000'000);
    welcome.deliveries_next = welcome.receipts_next = StreamSequence(1);
    hub.say(welcome);
    until([&] { return seen.connected > 0; });
  }
  template <class Done>
  void until(Done done) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!done()) {
      REQUIRE(std::chrono::steady_clock::now() < end);
      client->poll(1ms);
      hub.pump();
    }
  }
  void show(const std::string& text, ByteView proof = {}) {
    const std::size_t before = seen.checkpoints;
    hub.say(wire::CheckpointMessage{text, proof});
    until([&] { return seen.checkpoints > before || client->failure() || seen.disconnected > 0; });
  }
  std::optional<ErrorCode> failure() const {
    return client->failure() ? std::optional(client->failure()->code) : std::nullopt;
  }
};

}  // namespace

TEST_CASE("a first checkpoint is kept, and one that continues it takes its place") {
  const auto log = rows(900);
  CheckpointBench b;
  CHECK(b.hello.tree_seen == 0u);
  b.show(note(log, 300));
  CHECK(b.client->progress().checkpoint == note(log, 300));
  b.show(note(log, 900), proof(log, 300, 900));
  CHECK(b.client->progress().checkpoint == note(log, 900));
  CHECK_FALSE(b.failure());
}

TEST_CASE("what an earlier life saw goes on counting") {
  const auto log = rows(900);
  CheckpointBench b(note(log, 700));
  CHECK(b.hello.tree_seen == 700u);
  SECTION("the same tree is taken") {
    b.hub.say(wire::CheckpointMessage{note(log, 700), {}});
    b.hub.say(wire::Goodbye{});
    b.until([&] { return b.seen.disconnected > 0; });
    CHECK_FALSE(b.failure());
  }
  SECTION("a tree that continues it is taken") {
    b.show(note(log, 900), proof(log, 700, 900));
    CHECK_FALSE(b.failure());
  }
  SECTION("a shorter tree is refused for good") {
    b.show(note(log, 699));
    CHECK(b.failure() == ErrorCode::tree_forked);
    CHECK(b.client->progress().checkpoint == note(log, 700));
  }
  SECTION("another tree of the same size is refused for good") {
    b.show(note(rows(700, 699), 700));
    CHECK(b.failure() == ErrorCode::tree_forked);
  }
  SECTION("a longer tree that forked is refused for good, whatever its proof") {
    const auto fork = rows(900, 500);
    b.show(note(fork, 900), proof(fork, 700, 900));
    CHECK(b.failure() == ErrorCode::tree_forked);
  }
  SECTION("a longer tree without its proof is refused for good") {
    b.show(note(log, 900));
    CHECK(b.failure() == ErrorCode::tree_forked);
  }
}

TEST_CASE("a checkpoint by another key is refused for good, one of another origin ends the session") {
  const auto log = rows(10);
  CheckpointBench b;
  SECTION("another key") {
    b.show(note(log, 10, crypto::SigningKey::from_seed(Bytes<32>{8})));
    CHECK(b.failure() == ErrorCode::note_untrusted);
  }
  SECTION("another origin") {
    b.show(note(log, 10, kTreeKey, "hub.other"));
    CHECK(b.client->progress().checkpoint.empty());
  }
}

TEST_CASE("nothing is taken before the checkpoint from whoever keeps them") {
  CheckpointBench b;
  b.hub.say(wire::Receipts{StreamSequence(1), {}});
  b.until([&] { return b.seen.disconnected > 0; });
  CHECK_FALSE(b.failure());
}

TEST_CASE("a client without a tree key asks for no checkpoint") {
  CheckpointBench b({}, /*knows_key=*/false);
  CHECK_FALSE(b.hello.tree_seen.has_value());
}

}  // namespace hub::sdk
