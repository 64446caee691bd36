// The whole adapter, on a thread of its own, against a hub that says what the test tells it to.
#include <sys/eventfd.h>

#include <thread>

#include "adapters/folder/folder_adapter.hpp"
#include "agency_bench.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "tests/support/scripted_hub.hpp"

using namespace hub;

namespace {

struct AdapterBench : test::AgencyBench {
  test::ScriptedHub hub;
  test::SendingParty sender{.id = "vks.huyen"};
  int stop = ::eventfd(0, EFD_CLOEXEC);
  std::thread thread;
  std::string certificate = sender.certificate();

  AdapterBench() {
    store.reset();
    crypto::KeyFile transport = crypto::new_key("transport"), signing = crypto::new_key("signing");
    REQUIRE(crypto::write_key_file(root + "/transport.json", transport));
    REQUIRE(crypto::write_key_file(root + "/signing.json", signing));
    write("roots.yaml", "vks.huyen: " + to_base64(sender.root.public_key()) + "\n");
    std::filesystem::create_directory(root + "/credentials");
    write("credentials/signing.json", "{\"a\":1}\n");
    write("adapter.yaml", "party: toa-an.huyen\nendpoint: toa-an.huyen/folder\nhub: {address: \"" + hub.address() +
                              "\", transport_key: \"" + to_base64(hub.public_key()) +
                              "\"}\nkeys: {transport: transport.json, signing: signing.json}\n"
                              "credentials: credentials\nroots: roots.yaml\nagency: agency\nstate: state\n");
  }
  ~AdapterBench() {
    halt();
    ::close(stop);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(root + "/" + name) << text; }
  void run() {
    const auto config = folder::read_config(root + "/adapter.yaml");
    REQUIRE(config);
    auto adapter = folder::FolderAdapter::open(*config);
    REQUIRE(adapter);
    thread = std::thread([owned = std::move(*adapter), end = stop] { HUB_CHECK(owned->run(end).has_value()); });
  }
  void halt() {
    if (!thread.joinable()) return;
    HUB_CHECK(::eventfd_write(stop, 1) == 0);
    thread.join();
    eventfd_t unused;
    HUB_CHECK(::eventfd_read(stop, &unused) == 0);
  }
  template <class Done>
  void until(Done done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done()) {
      REQUIRE(std::chrono::steady_clock::now() < end);
      hub.pump();
      std::this_thread::yield();
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
  wire::Hello welcome() {
    const auto hello = wire::read_hello(next(wire::Kind::hello).frame().payload);
    wire::Welcome message;
    message.origin = "hub.example";
    message.party = "toa-an.huyen";
    message.journal_id = {0xab, 0xcd, 0xef, 0x01};
    message.durable_end = Position(20'000);
    hub.say(message);
    const auto frame = next(wire::Kind::credential);
    const auto credential = wire::read_credential(frame.frame().payload);
    CHECK(credential->text == "{\"a\":1}");
    hub.say(wire::Answer{credential->request, std::nullopt, Position(3)});
    return *hello;
  }
  void answer(std::string_view outcome) {
    const auto frame = next(wire::Kind::submit);
    wire::Submit submit;
    REQUIRE(wire::read_submit(frame.frame().payload, submit));
    Buffer out;
    wire::ResultsWriter writer(out, submit.batch, submit.documents.size());
    for (std::size_t i = 0; i < submit.documents.size(); ++i) writer.add(result(outcome));
    hub.send(out);
  }
};

}  // namespace

TEST_CASE("Files go to the hub and are filed, deliveries and receipts come in, and a restart repeats nothing") {
  AdapterBench b;
  b.put("outbox/waiting.json", b.document_json());
  b.run();
  b.welcome();
  b.answer("accepted");
  b.until([&] { return b.has("sent/waiting.json"); });
  b.put("outbox/later.json", b.document_json());
  b.answer("no-agreement");
  b.until([&] { return b.has("refused/later.json"); });
  CHECK(b.has("refused/later.vi.txt"));

  const auto made = test::make_group(b.sender, "hub.example", "toa-an.huyen",
                                     {test::make_document("vks.huyen", "toa-an.huyen", 1)}, 0, 1, Position(41));
  b.hub.say(wire::Credentials{{b.certificate}});
  b.hub.say(wire::Deliveries{StreamSequence(1), {made.group}});
  b.next(wire::Kind::acknowledge);
  CHECK(b.has("inbox/abcdef01-000000000041-0.json"));
  b.halt();
  b.next(wire::Kind::goodbye);

  b.put("outbox/third.json", b.document_json());
  b.run();
  const wire::Hello hello = b.welcome();
  CHECK(hello.deliveries_stored == StreamSequence(1));
  CHECK(hello.position_seen == Position(10483));
  CHECK(hello.journal_id.has_value());
}

TEST_CASE("A mistake in the configuration is refused with file, line and column") {
  AdapterBench b;
  std::ifstream in(b.root + "/adapter.yaml");
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  b.write("adapter.yaml", good + "colour: red\n");
  const auto unknown = folder::read_config(b.root + "/adapter.yaml");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::config_invalid);
  const std::string text = describe(unknown.error(), Language::english);
  CHECK_THAT(text, Catch::Contains("adapter.yaml:9:") && Catch::Contains("colour"));
  b.write("adapter.yaml", "party: toa-an.huyen\n");
  CHECK_FALSE(folder::read_config(b.root + "/adapter.yaml"));
  CHECK_FALSE(folder::read_config(b.root + "/missing.yaml"));
}
