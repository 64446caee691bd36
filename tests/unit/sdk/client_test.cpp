#include <sys/eventfd.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "adapters/sdk/client.hpp"
#include "tests/support/scripted_hub.hpp"
#include "tests/support/sending_party.hpp"

using namespace hub;
using namespace std::chrono_literals;

namespace {

struct Handler : sdk::Events {
  std::vector<wire::Welcome> connected;
  std::vector<Error> disconnected, errors;
  std::vector<std::pair<sdk::Ticket, std::string>> results;
  std::vector<std::vector<StreamSequence>> deliveries;
  std::vector<StreamSequence> receipts;
  std::vector<std::optional<Error>> answers;
  struct ReportAnswer {
    sdk::ReportTicket ticket = 0;
    Position record;
    std::optional<Error> refusal;
  };
  std::vector<ReportAnswer> reports;
  bool can_store = true;

  void on_connected(const wire::Welcome& welcome) override { connected.push_back(welcome); }
  void on_disconnected(const Error& error) override { disconnected.push_back(error); }
  void on_result(sdk::Ticket ticket, const wire::DocumentResult& result) override {
    results.emplace_back(ticket, result.outcome);
  }
  Result<void> on_deliveries(std::span<const sdk::VerifiedDelivery> got) override {
    if (!can_store) return fail(ErrorCode::io_failed);
    deliveries.emplace_back();
    for (const auto& d : got) deliveries.back().push_back(d.sequence);
    return {};
  }
  Result<void> on_receipts(std::span<const sdk::ReceivedReceipt> got) override {
    for (const auto& r : got) receipts.push_back(r.sequence);
    return {};
  }
  void on_answer(std::uint64_t, const std::optional<Error>& refusal) override { answers.push_back(refusal); }
  void on_report_answer(sdk::ReportTicket ticket, Position record, const std::optional<Error>& refusal) override {
    reports.push_back({ticket, record, refusal});
  }
  void on_error(const Error& error) override { errors.push_back(error); }
};

struct ClientBench {
  test::ScriptedHub hub;
  test::SendingParty sender{.id = "toa-an.huyen"};
  Handler handler;
  std::unique_ptr<sdk::Client> client;

  explicit ClientBench(sdk::Progress progress = {}) {
    const auto key = crypto::new_key("transport");
    client = std::make_unique<sdk::Client>(
        sdk::ClientOptions{.address = hub.address(),
                           .hub_key = hub.public_key(),
                           .transport_public = key.public_key,
                           .transport_secret = *key.secret,
                           .party = "btg.huyen",
                           .endpoint = "btg.huyen/folder",
                           .signing_key = crypto::SigningKey::from_seed(Bytes<32>{5}),
                           .pins = {{"toa-an.huyen", sender.root.public_key()}},
                           .progress = progress,
                           .software = "test"},
        handler);
  }
  // Turns both sides until `done`; fails the test when that does not come.
  template <class Done>
  void until(Done done) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!done()) {
      REQUIRE(std::chrono::steady_clock::now() < end);
      client->poll(1ms);
      hub.pump();
    }
  }
  test::ReceivedFrame next(wire::Kind kind) {
    until([&] {
      while (!hub.received.empty() && hub.received.front().kind() != kind) hub.received.pop_front();
      return !hub.received.empty();
    });
    auto frame = std::move(hub.received.front());
    hub.received.pop_front();
    return frame;
  }
  static wire::Welcome welcome() {
    wire::Welcome out;
    out.origin = "hub.example";
    out.party = "btg.huyen";
    out.journal_id = {1, 2, 3};
    out.durable_end = Position(100);
    out.deliveries_next = out.receipts_next = StreamSequence(1);
    return out;
  }
  wire::Hello connect() { return connect(welcome()); }
  wire::Hello connect(const wire::Welcome& with) {
    const auto hello = wire::read_hello(next(wire::Kind::hello).frame().payload);
    REQUIRE(hello);
    const std::size_t before = handler.connected.size();
    hub.say(with);
    until([&] { return handler.connected.size() > before || client->failure() || !handler.disconnected.empty(); });
    return *hello;
  }
  void deliver(std::uint64_t first, const test::MadeGroup& made) {
    hub.say(wire::Credentials{{certificate_}});
    hub.say(wire::Deliveries{StreamSequence(first), {made.group}});
  }
  std::string certificate_ = sender.certificate();
};

}  // namespace

TEST_CASE("A client says hello after the handshake and is connected by the welcome") {
  ClientBench b;
  const wire::Hello hello = b.connect();
  CHECK(hello.endpoint == "btg.huyen/folder");
  CHECK_FALSE(hello.journal_id);
  CHECK(b.client->connected());
  CHECK(b.client->progress().journal_id == Bytes<16>{1, 2, 3});
}

TEST_CASE("A submitted document comes back with its result") {
  ClientBench b;
  b.connect();
  REQUIRE(b.client->submit(42, test::make_document("btg.huyen", "vks.huyen", 1)));
  const auto frame = b.next(wire::Kind::submit);
  wire::Submit submit;
  REQUIRE(wire::read_submit(frame.frame().payload, submit));
  Buffer answer;
  wire::DocumentResult result;
  result.outcome = wire::kAccepted;
  result.position = Position(77);
  wire::ResultsWriter(answer, submit.batch, 1).add(result);
  b.hub.send(answer);
  b.until([&] { return !b.handler.results.empty(); });
  CHECK(b.handler.results[0].first == 42);
  CHECK(b.client->progress().position_seen == Position(78));
  CHECK(b.client->unanswered() == 0);
}

TEST_CASE("After the hub came back the unanswered document goes again") {
  ClientBench b;
  b.connect();
  const Buffer document = test::make_document("btg.huyen", "vks.huyen", 1);
  REQUIRE(b.client->submit(1, document));
  const auto first = b.next(wire::Kind::submit);
  b.hub.restart();
  b.until([&] { return !b.handler.disconnected.empty(); });
  b.handler.disconnected.clear();
  const wire::Hello hello = b.connect();
  CHECK(hello.journal_id == Bytes<16>{1, 2, 3});
  const auto second = b.next(wire::Kind::submit);
  wire::Submit submit;
  REQUIRE(wire::read_submit(second.frame().payload, submit));
  CHECK(submit.batch == 2);
  CHECK(equal(submit.documents[0], document));
}

TEST_CASE("Deliveries are acknowledged once and cumulatively when the handler has stored them") {
  ClientBench b;
  b.connect();
  std::vector<Buffer> documents;
  for (std::uint8_t i = 1; i <= 4; ++i) documents.push_back(test::make_document("toa-an.huyen", "btg.huyen", i));
  const auto made = test::make_group(b.sender, "hub.example", "btg.huyen", documents, 0, 4, Position(40));
  b.deliver(1, made);
  const auto acknowledge = wire::read_acknowledge(b.next(wire::Kind::acknowledge).frame().payload);
  REQUIRE(acknowledge);
  CHECK(acknowledge->stored == StreamSequence(4));
  CHECK(acknowledge->stream == wire::Stream::deliveries);
  CHECK(b.client->progress().position_seen == Position(44));
  // The same again is dropped.
  b.deliver(1, made);
  b.hub.say(wire::Receipts{StreamSequence(1), {}});
  b.hub.say(wire::Receipts{StreamSequence(1),
                           {{wire::DeliveryStatus::delivered, Position(3), test::numbered_id(1), 0, "vks.huyen",
                             Position(50), UnixMicros(1)}}});
  const auto receipt = wire::read_acknowledge(b.next(wire::Kind::acknowledge).frame().payload);
  CHECK(receipt->stream == wire::Stream::receipts);
  CHECK(b.handler.deliveries.size() == 1);
  CHECK(b.handler.receipts == std::vector<StreamSequence>{StreamSequence(1)});
}

TEST_CASE("A forged delivery ends the client with a goodbye and without acknowledgement") {
  ClientBench b;
  b.connect();
  auto made = test::make_group(b.sender, "hub.example", "btg.huyen",
                               {test::make_document("toa-an.huyen", "btg.huyen", 1)}, 0, 1, Position(40));
  made.group.signature[0] ^= 1;
  b.deliver(1, made);
  const auto goodbye = wire::read_goodbye(b.next(wire::Kind::goodbye).frame().payload);
  REQUIRE(goodbye->reason);
  CHECK(goodbye->reason->code == ErrorCode::delivery_invalid);
  REQUIRE(b.client->failure());
  CHECK(b.client->failure()->code == ErrorCode::delivery_invalid);
  CHECK(b.handler.deliveries.empty());
  for (const auto& frame : b.hub.received) CHECK(frame.kind() != wire::Kind::acknowledge);
}

TEST_CASE("Deliveries with one missing before them end the client") {
  ClientBench b;
  b.connect();
  b.deliver(2, test::make_group(b.sender, "hub.example", "btg.huyen",
                                {test::make_document("toa-an.huyen", "btg.huyen", 1)}, 0, 1, Position(40)));
  b.until([&] { return b.client->failure().has_value(); });
  CHECK(b.handler.deliveries.empty());
}

TEST_CASE("A handler that can't store ends the client without acknowledgement") {
  ClientBench b;
  b.connect();
  b.handler.can_store = false;
  b.deliver(1, test::make_group(b.sender, "hub.example", "btg.huyen",
                                {test::make_document("toa-an.huyen", "btg.huyen", 1)}, 0, 1, Position(40)));
  b.until([&] { return b.client->failure().has_value(); });
  CHECK(b.client->failure()->code == ErrorCode::io_failed);
}

TEST_CASE("Another journal and a journal that went back are refused for good") {
  sdk::Progress progress;
  progress.journal_id = Bytes<16>{1, 2, 3};
  progress.position_seen = Position(100);
  wire::Welcome welcome = ClientBench::welcome();
  SECTION("the same journal at the position seen is taken") {
    ClientBench b(progress);
    b.connect(welcome);
    CHECK(b.client->connected());
  }
  SECTION("one position less is refused") {
    welcome.durable_end = Position(99);
    ClientBench b(progress);
    b.connect(welcome);
    REQUIRE(b.client->failure());
    CHECK(b.client->failure()->code == ErrorCode::journal_behind);
  }
  SECTION("another journal is refused") {
    welcome.journal_id = {9};
    ClientBench b(progress);
    b.connect(welcome);
    REQUIRE(b.client->failure());
    CHECK(b.client->failure()->code == ErrorCode::journal_mismatch);
  }
}

TEST_CASE("A key that the hub does not know is reported and tried again later") {
  ClientBench b;
  b.hub.accepts_keys = false;
  b.until([&] { return !b.handler.disconnected.empty(); });
  CHECK(b.handler.disconnected[0].code == ErrorCode::endpoint_unknown);
  CHECK_FALSE(b.client->failure());
  b.hub.accepts_keys = true;
  b.handler.disconnected.clear();
  b.connect();
  CHECK(b.client->connected());
}

TEST_CASE("A goodbye with a retryable reason is followed by another session") {
  ClientBench b;
  b.connect();
  b.hub.say(wire::Goodbye{Error{ErrorCode::hub_stopping, {}}});
  b.until([&] { return !b.handler.disconnected.empty(); });
  CHECK(b.handler.disconnected[0].code == ErrorCode::hub_stopping);
  b.handler.disconnected.clear();
  b.connect();
  CHECK(b.client->connected());
}

TEST_CASE("A hub that is silent for too long loses the session") {
  ClientBench b;
  wire::Welcome welcome = ClientBench::welcome();
  welcome.heartbeat_millis = 100;
  welcome.heartbeats_missed_max = 2;
  b.connect(welcome);
  b.next(wire::Kind::heartbeat);
  b.until([&] { return !b.handler.disconnected.empty(); });
  CHECK(b.handler.disconnected[0].code == ErrorCode::heartbeat_missed);
}

TEST_CASE("Documents wait until a published credential is answered") {
  ClientBench b;
  b.connect();
  const std::uint64_t request = b.client->publish("{}");
  REQUIRE(b.client->submit(1, test::make_document("btg.huyen", "vks.huyen", 1)));
  b.next(wire::Kind::credential);
  for (int i = 0; i < 20; ++i) {
    b.client->poll(1ms);
    b.hub.pump();
  }
  CHECK(b.hub.received.empty());
  b.hub.say(wire::Answer{request, std::nullopt, Position(5)});
  b.next(wire::Kind::submit);
  CHECK(b.handler.answers.size() == 1);
}

TEST_CASE("A poll ends when another descriptor is readable") {
  ClientBench b;
  b.connect();
  const int event = ::eventfd(1, EFD_CLOEXEC);
  pollfd others[] = {{event, POLLIN, 0}};
  b.client->poll(20s, others);
  CHECK((others[0].revents & POLLIN) != 0);
  ::close(event);
}

TEST_CASE("A report goes at once, and again after a reconnection until it is answered") {
  ClientBench b;
  b.connect();
  b.client->report(
      {7, {Position(3), 1, Position(9)}, wire::DeliveryStatus::refused, "sai thể thức", UnixMicros(5), {}, false});
  const auto first = b.next(wire::Kind::report);
  const auto report = wire::read_report(first.frame().payload);
  REQUIRE(report);
  CHECK(report->delivery == wire::DeliveryKey{Position(3), 1, Position(9)});
  CHECK(report->reason == "sai thể thức");
  b.hub.say(wire::Goodbye{Error{ErrorCode::hub_stopping, {}}});
  b.until([&] { return !b.handler.disconnected.empty(); });
  b.handler.disconnected.clear();
  b.connect();
  const auto again = b.next(wire::Kind::report);
  const auto repeated = wire::read_report(again.frame().payload);
  REQUIRE(repeated);
  CHECK(b.client->unanswered_reports() == 1);
  b.hub.say(wire::Answer{repeated->request, std::nullopt, Position(12)});
  b.until([&] { return !b.handler.reports.empty(); });
  CHECK(b.handler.reports[0].ticket == 7);
  CHECK(b.handler.reports[0].record == Position(12));
  CHECK(b.client->unanswered_reports() == 0);
  CHECK(b.handler.answers.empty());
}
