// The console over the real engine on a fake disk: a thread takes the engine's turns, and a test says which of them it
// stops taking.
#include "hub/console/console.hpp"

#include <poll.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "hub/broker/record_codec.hpp"
#include "hub/console/ledger_reader.hpp"
#include "hub/console/token.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/console/raw_client.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::console {
namespace {

using test::RawClient;

// Takes connections and says nothing, as the host of a database may.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    HUB_CHECK(::bind(socket_, raw, size) == 0 && ::listen(socket_, 100) == 0 && ::getsockname(socket_, raw, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(socket_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  std::string ledger() const { return "postgresql://hub@127.0.0.1:" + std::to_string(port_) + "/hub"; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

class RunningHub {
 public:
  explicit RunningHub(const std::string& ledger = {}) {
    console_ =
        Console::start({.listen = "127.0.0.1:0",
                        .token_file = folder_.path("api-token"),
                        .ledger = ledger.empty() ? folder_.path("ledger.sqlite") : ledger,
                        .version = "9.9",
                        .access = folder_.path("access.db")},
                       mailbox_, bench.engine->users())
            .value();
    token_ = read_token_file(folder_.path("api-token")).value();
    engine_ = std::thread([this] { turn(); });
  }
  ~RunningHub() {
    ending_ = true;
    engine_.join();
    console_.reset();
  }

  std::unique_ptr<RawClient> ask(const std::string& path, bool with_token) const {
    const std::string address = console_->address();
    auto client =
        std::make_unique<RawClient>(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    client->send("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" +
                 (with_token ? "Authorization: Bearer " + token_ + "\r\n" : "") + "\r\n");
    return client;
  }
  std::string get(const std::string& path, bool with_token = true) const { return ask(path, with_token)->answer(); }
  nlohmann::json json(const std::string& path) const {
    const std::string answer = get(path);
    return nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  }
  std::uint64_t probes_recorded() {
    std::uint64_t count = 0;
    Buffer scratch;
    for (std::uint64_t p = 0; p < bench.journal->end().value; ++p)
      count += bench.journal->read(Position(p), scratch)->kind ==
               static_cast<std::uint8_t>(broker::RecordKind::probe_recorded);
    return count;
  }
  void stop_engine() {
    ending_ = true;
    engine_.join();
    engine_ = std::thread([] {});
  }

  test::EngineBench bench;
  std::atomic<bool> takes_mail{true}, commits{true};

 private:
  void turn() {
    while (!ending_) {
      pollfd mail{mailbox_.descriptor(), POLLIN, 0};
      ::poll(&mail, 1, 5);
      bench.engine->begin_turn();
      while (takes_mail) {
        const auto work = mailbox_.take();
        if (!work) break;
        work(*bench.engine);
      }
      bench.engine->end_turn();
      if (commits) bench.commit();
    }
  }

  test::TemporaryFolder folder_;
  std::string token_;
  runtime::Mailbox mailbox_;
  std::unique_ptr<Console> console_;
  std::atomic<bool> ending_{false};
  std::thread engine_;
};

}  // namespace

TEST_CASE("health is asked without the token and leaves no record; the rest wants the token") {
  RunningHub hub;
  CHECK(hub.get("/healthz", false).starts_with("HTTP/1.1 200"));
  CHECK(hub.get("/readyz", false).starts_with("HTTP/1.1 401"));
  CHECK(hub.get("/metrics", false).starts_with("HTTP/1.1 401"));
  hub.stop_engine();
  CHECK(hub.probes_recorded() == 0);
}

TEST_CASE("readiness answers with a record that is durable") {
  RunningHub hub;
  const nlohmann::json ready = hub.json("/readyz");
  CHECK(ready["ok"] == true);
  CHECK(ready["milliseconds"] >= 0);
  hub.stop_engine();
  Buffer scratch;
  const auto record = hub.bench.journal->read(Position(ready["position"].get<std::uint64_t>()), scratch);
  REQUIRE(record.has_value());
  CHECK(record->kind == static_cast<std::uint8_t>(broker::RecordKind::probe_recorded));
  CHECK(ready["position"].get<std::uint64_t>() < hub.bench.journal->durable_end().value);
}

TEST_CASE("a ledger that doesn't answer keeps nobody waiting who asks for something else") {
  const SilentServer database;
  RunningHub hub(database.ledger());
  const auto documents = hub.ask("/api/v1/documents", true);
  CHECK(hub.get("/healthz").starts_with("HTTP/1.1 200"));
  CHECK(hub.get("/readyz").starts_with("HTTP/1.1 200"));
  const std::string metrics = hub.get("/metrics");
  CHECK(metrics.starts_with("HTTP/1.1 200"));
  CHECK(metrics.find("hub_ledger_") == std::string::npos);
  const nlohmann::json status = hub.json("/api/v1/status");
  CHECK(status.contains("live"));
  CHECK_FALSE(status.contains("ledger"));
  CHECK_FALSE(documents->has_come());
  const std::string answer = documents->answer();
  CHECK(answer.starts_with("HTTP/1.1 503"));
  CHECK(answer.find("ledger-unreachable") != std::string::npos);
}

TEST_CASE("what is answered holds no connection, however many ask one after the other") {
  const RunningHub hub;
  for (std::size_t i = 0; i <= kConnectionsMax; ++i) REQUIRE(hub.get("/metrics").starts_with("HTTP/1.1 200"));
}

TEST_CASE("more questions than may wait for the ledger are refused at once") {
  const SilentServer database;
  RunningHub hub(database.ledger());
  std::vector<std::unique_ptr<RawClient>> asked;
  for (std::size_t i = 0; i < kQuestionThreads + kQuestionsWaitingMax + 1; ++i)
    asked.push_back(hub.ask("/api/v1/documents", true));
  // The database is given up after 5 s: long before that one has no room.
  const auto has_come = [](const auto& client) { return client->has_come(); };
  while (std::none_of(asked.begin(), asked.end(), has_come)) std::this_thread::yield();
  const std::string first = (*std::find_if(asked.begin(), asked.end(), has_come))->answer();
  CHECK(first.starts_with("HTTP/1.1 503"));
  CHECK(first.find("ledger-busy") != std::string::npos);
  CHECK(hub.get("/healthz").starts_with("HTTP/1.1 200"));
}

TEST_CASE("many probes at once share a record") {
  RunningHub hub;
  std::atomic<int> good{0};
  std::vector<std::thread> askers;
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i)
    askers.emplace_back([&] { good += hub.get("/readyz").starts_with("HTTP/1.1 200") ? 1 : 0; });
  for (std::thread& asker : askers) asker.join();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began);
  CHECK(good == 20);
  hub.stop_engine();
  CHECK(hub.probes_recorded() >= 1);
  CHECK(hub.probes_recorded() <= 1 + static_cast<std::uint64_t>(seconds.count()));
}

TEST_CASE("readiness is 503 when nothing becomes durable, and good again once it does") {
  RunningHub hub;
  hub.commits = false;
  const std::string late = hub.get("/readyz");
  CHECK(late.starts_with("HTTP/1.1 503"));
  CHECK(late.find("hub-silent") != std::string::npos);
  CHECK(hub.get("/healthz").starts_with("HTTP/1.1 200"));  // the loop runs all the same
  hub.commits = true;
  CHECK(hub.get("/readyz").starts_with("HTTP/1.1 200"));
  hub.stop_engine();
  CHECK(hub.probes_recorded() == 1);  // the one that was late, whose answer served the next request
}

TEST_CASE("health is 503 when the engine takes no mail") {
  RunningHub hub;
  hub.takes_mail = false;
  CHECK(hub.get("/healthz").starts_with("HTTP/1.1 503"));
  CHECK(hub.get("/metrics").starts_with("HTTP/1.1 503"));
  hub.takes_mail = true;
  CHECK(hub.get("/healthz").starts_with("HTTP/1.1 200"));
}

TEST_CASE("a request that waits when the hub stops is told so") {
  auto hub = std::make_unique<RunningHub>();
  hub->takes_mail = false;
  const auto client = hub->ask("/readyz", true);
  CHECK(hub->get("/metrics", false).starts_with("HTTP/1.1 401"));  // so the one before it was read
  hub.reset();
  const std::string answer = client->answer();
  CHECK(answer.starts_with("HTTP/1.1 503"));
  CHECK(answer.find("hub-stopping") != std::string::npos);
}

TEST_CASE("status tells of the journal and the endpoints") {
  RunningHub hub;
  const nlohmann::json answer = hub.json("/api/v1/status");
  CHECK_FALSE(answer.contains("ledger"));
  const nlohmann::json status = answer["live"];
  CHECK(status["version"] == "9.9");
  CHECK(status["origin"] == std::string(test::kOrigin));
  CHECK(status["endpoints"].size() == hub.bench.state.endpoints.size());
  CHECK(status["journal"]["durable_end"] <= status["journal"]["end"]);
}

TEST_CASE("documents are asked of the ledger, and without one that is said") {
  RunningHub hub;
  for (const char* path : {"/api/v1/documents", "/api/v1/documents/5", "/api/v1/deliveries"}) {
    const std::string answer = hub.get(path);
    CHECK(answer.starts_with("HTTP/1.1 503"));
    CHECK(answer.find("ledger-missing") != std::string::npos);
  }
  CHECK(hub.get("/api/v1/documents?limit=1001").starts_with("HTTP/1.1 400"));
  CHECK(hub.get("/api/v1/documents?cause=x").starts_with("HTTP/1.1 400"));
  CHECK(hub.get("/api/v1/deliveries?by_cause=no").starts_with("HTTP/1.1 400"));
  CHECK(hub.get("/metrics").find("hub_ledger_") == std::string::npos);
}

TEST_CASE("a console does not start on an address that others reach") {
  runtime::Mailbox mailbox;
  for (const char* address : {"0.0.0.0:0", "[::]:0", "nowhere"}) {
    const auto started = Console::start({.listen = address, .token_file = "/tmp/never-made", .ledger = "", .version = "1"},
                                        mailbox, std::make_shared<runtime::PublishedUsers>(broker::Users()));
    REQUIRE_FALSE(started.has_value());
    CHECK(started.error().code == ErrorCode::usage);
  }
}

}  // namespace hub::console
