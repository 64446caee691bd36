#include "hub/console/console.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>
#include <variant>

#include "hub/base/error_catalogue.hpp"
#include "hub/console/exposition.hpp"
#include "hub/console/ledger_answers.hpp"
#include "hub/console/ledger_reader.hpp"
#include "hub/console/live.hpp"
#include "hub/console/report_answers.hpp"
#include "hub/console/routes.hpp"
#include "hub/console/shared_question.hpp"
#include "hub/console/sign_on.hpp"
#include "hub/console/token.hpp"
#include "hub/console/tree_answers.hpp"
#include "hub/console/users.hpp"
#include "hub/console/web_files.hpp"
#include "hub/runtime/engine.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::console {
namespace {

using std::chrono::milliseconds;

using Pong = std::monostate;
using Probe = Result<Position>;
using FiguresCopy = Live::FiguresCopy;

std::optional<std::uint64_t> free_bytes(const std::string& folder) {
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  return error ? std::nullopt : std::optional<std::uint64_t>(space.available);
}

using Tls = std::shared_ptr<const ServerTls>;

// Without files none. By the machine's clock, whatever that of a demonstration shows.
Result<Tls> load_tls(const std::optional<TlsFiles>& files) {
  return files ? ServerTls::load(*files, runtime::SystemClock().now()) : Tls();
}

std::string address_of(const ListenAddress& address, std::uint16_t port, const Tls& tls) {
  const std::string host = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
  const bool is_named = tls && !tls->name().empty();
  return (tls ? "https://" : "http://") + (is_named ? tls->name() : host) + ":" + std::to_string(port);
}

}  // namespace

class Console::Service {
 public:
  Service(std::unique_ptr<HttpServer> server, runtime::Mailbox& mailbox, const Options& options, std::string token,
          std::unique_ptr<access::Store> store, std::shared_ptr<const runtime::PublishedUsers> users,
          const std::string& address, Tls tls, std::string client_secret)
      : server_(std::move(server)),
        tree_{options.tree, options.journal},
        ledger_(options.ledger),
        journal_(options.journal),
        tls_files_(options.tls),
        tls_(std::move(tls)),
        process_{options.version, runtime::SystemClock().now()},
        health_(*server_, mailbox, milliseconds(kEngineMillisMax), milliseconds(0),
                [](runtime::Engine&, std::function<void(Pong)> reply) { reply({}); }),
        probe_(*server_, mailbox, milliseconds(kEngineMillisMax), milliseconds(kProbeEveryMillis), record_probe),
        figures_(*server_, mailbox, milliseconds(kEngineMillisMax), milliseconds(0),
                 [](runtime::Engine& engine, std::function<void(FiguresCopy)> reply) {
                   reply(std::make_shared<const runtime::Figures>(engine.figures()));
                 }),
        recording_(*server_, mailbox, milliseconds(kEngineMillisMax)),
        reader_(*server_),
        users_(*server_, recording_, std::move(store), std::move(users), std::move(token), address),
        live_(*server_, figures_, [this](const FiguresCopy& figures, const Reply& tell) { ask_status(figures, tell); },
              [this](const Request& asked) { return users_.identify(asked); }, ledger_, options.webhook,
              options.alert_notices),
        sign_on_(options.sign_on
                     ? std::make_unique<SignOn>(*server_, users_, *options.sign_on, std::move(client_secret))
                     : nullptr),
        thread_([this] {
          server_->run([this](const Request& request, Reply reply) { answer(request, std::move(reply)); });
        }) {}

  ~Service() {
    server_->post([this] {
      stopping_ = true;
      live_.stop();
      health_.stop();
      probe_.stop();
      figures_.stop();
      recording_.stop();
    });
    server_->stop();
    thread_.join();
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  void reload() {
    if (tls_files_) server_->post([this] { renew_tls(); });
  }

 private:
  void renew_tls() {
    auto tls = load_tls(tls_files_);
    if (!tls) {
      spdlog::error("the certificate stays as it is: {}", describe(tls.error(), Language::english));
      return;
    }
    tls_ = std::move(*tls);
    server_->renew(tls_);
    spdlog::info("certificate read again, valid until {}", format_rfc3339(tls_->expires()));
  }

  static Recorded record_order(runtime::Engine& engine, const std::string& text) {
    const auto position = engine.on_order(text);
    if (!position) return tl::unexpected(position.error());
    return nlohmann::ordered_json{{"position", position->value}};
  }
  static Recorded record_reading(runtime::Engine& engine, const std::string& text) {
    const auto reading = engine.on_reading(text);
    if (!reading) return tl::unexpected(reading.error());
    return nlohmann::ordered_json{{"position", reading->position.value},
                                  {"document", nlohmann::ordered_json::parse(reading->document)}};
  }

  static void record_probe(runtime::Engine& engine, const std::function<void(Probe)>& reply) {
    const Probe recorded = engine.record_probe();
    if (!recorded) return reply(recorded);
    engine.when_durable([reply, recorded] { reply(recorded); });
  }

  void answer(const Request& request, Reply reply) {
    const auto call = find_route(request, [this](const Request& asked) { return users_.identify(asked); });
    if (!call) return reply(call.error());
    if (stopping_) return reply(silent());
    const auto from_ledger = [&](auto response, const auto&... arguments) {
      reader_.ask([this, response, arguments...] { return response(ledger_, arguments...); }, std::move(reply));
    };
    switch (call->route) {
      case RouteId::page:
        return reply(web_file_response("index.html", request.if_none_match));
      case RouteId::file:
        return reply(web_file_response(call->item, request.if_none_match));
      case RouteId::health:
        return answer_health(std::move(reply));
      case RouteId::readiness:
        return answer_readiness(std::move(reply));
      case RouteId::metrics:
        return answer_metrics(std::move(reply));
      case RouteId::status:
        return answer_status(std::move(reply));
      case RouteId::alerts:
        return reply(live_.alerts());
      case RouteId::events:
        return reply(live_.events(request));
      case RouteId::documents:
        return from_ledger(documents_response, call->parameters, call->caller.party);
      case RouteId::document:
        return from_ledger(document_response, call->item, call->caller.party);
      case RouteId::deliveries:
        return from_ledger(deliveries_response, call->parameters, call->caller.party);
      case RouteId::flows:
        return from_ledger(flows_response, call->parameters);
      case RouteId::names:
        return from_ledger(names_response);
      case RouteId::agreement:
        return from_ledger(agreement_response, call->item, call->parameters);
      case RouteId::delivery_report:
        return from_ledger(delivery_report_response, call->parameters);
      case RouteId::overreach:
        return from_ledger(overreach_response, call->parameters, call->caller.party);
      case RouteId::audit:
        return from_ledger(audit_response, call->parameters);
      case RouteId::orders:
        return answer_statement(record_order, request.body, std::move(reply));
      case RouteId::readings:
        return answer_statement(record_reading, request.body, std::move(reply));
      case RouteId::checkpoint:
        return reply(tree_.checkpoint());
      case RouteId::entries:
        return reply(tree_.tile("tile/entries/" + call->item));
      case RouteId::tile:
        return reply(tree_.tile("tile/" + call->item));
      case RouteId::session:
        return reply(users_.session(call->caller));
      case RouteId::sign_in:
        return users_.sign_in(request, reply);
      case RouteId::sign_out:
        return reply(users_.sign_out(call->caller));
      case RouteId::accept_invitation:
        return users_.accept_invitation(request, reply);
      case RouteId::ways:
        return reply(json_response({{"password", true}, {"sign_on", sign_on_ != nullptr}}));
      case RouteId::sign_on:
        return sign_on_ ? sign_on_->begin(reply) : reply(sign_on_refusal({ErrorCode::sign_on_missing, {}}));
      case RouteId::sign_on_callback:
        return sign_on_ ? sign_on_->finish(request, reply) : reply(sign_on_refusal({ErrorCode::sign_on_missing, {}}));
      case RouteId::users:
        return reply(users_.list());
      case RouteId::invite:
        return reply(users_.invite(call->caller, call->item));
    }
  }

  Response silent() const {
    if (stopping_) return error_response(503, {ErrorCode::hub_stopping, {}});
    return error_response(503, {ErrorCode::hub_silent, {{"limit", std::to_string(kEngineMillisMax)}}});
  }

  void answer_health(Reply reply) {
    health_.ask([this, reply](const SharedQuestion<Pong>::Answered* pong) {
      reply(pong == nullptr ? silent() : json_response({{"ok", true}, {"microseconds", pong->took.count()}}));
    });
  }

  void answer_readiness(Reply reply) {
    probe_.ask([this, reply](const SharedQuestion<Probe>::Answered* probe) {
      if (probe == nullptr) return reply(silent());
      if (!probe->answer) return reply(error_response(503, probe->answer.error()));
      reply(json_response({{"ok", true},
                           {"position", probe->answer->value},
                           {"milliseconds", static_cast<double>(probe->took.count()) / 1000}}));
    });
  }

  void answer_metrics(Reply reply) {
    figures_.ask([this, reply](const SharedQuestion<FiguresCopy>::Answered* figures) {
      if (figures == nullptr) return reply(silent());
      process_.http_connections = server_->connections();
      process_.http_refused = server_->connections_refused();
      process_.http_answered = server_->requests_answered();
      process_.disk_free_bytes = free_bytes(journal_);
      if (tls_) process_.certificate_left_micros = tls_->expires().value - runtime::SystemClock().now().value;
      const auto metrics = [process = process_, figures = figures->answer](const std::optional<LedgerFigures>& ledger) {
        Response response;
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        response.body = exposition(*figures, process, ledger);
        return response;
      };
      reader_.ask_pulse([this, metrics, figures = figures->answer] { return metrics(ledger_figures(ledger_, *figures)); },
                        [metrics] { return metrics(std::nullopt); }, reply);
    });
  }

  void answer_status(Reply reply) {
    figures_.ask([this, reply](const SharedQuestion<FiguresCopy>::Answered* figures) {
      if (figures == nullptr) return reply(silent());
      ask_status(figures->answer, reply);
    });
  }

  void ask_status(const FiguresCopy& figures, const Reply& reply) {
    reader_.ask_pulse(
        [this, figures, process = process_] { return status_response(ledger_, *figures, process); },
        [figures, process = process_] { return live_status_response(*figures, process); }, reply);
  }

  // What administrators have signed: the right to send it alone can't give it. Answered when it is durable; what was not
  // answered in time may be sent again, since an order is good for once.
  void answer_statement(Recorded (*record)(runtime::Engine&, const std::string&), const std::string& text,
                        const Reply& reply) {
    recording_.record([record, text](runtime::Engine& engine) { return record(engine, text); },
                      [this, reply](const std::optional<Recorded>& recorded) {
                        if (!recorded) return reply(silent());
                        reply(*recorded ? json_response(**recorded) : error_response(409, recorded->error()));
                      });
  }

  const std::unique_ptr<HttpServer> server_;  // before what holds its connections
  const TreeAnswers tree_;
  const std::string ledger_, journal_;
  const std::optional<TlsFiles> tls_files_;
  Tls tls_;
  ProcessFigures process_;
  SharedQuestion<Pong> health_;
  SharedQuestion<Probe> probe_;
  SharedQuestion<FiguresCopy> figures_;
  Recording recording_;
  LedgerReader reader_;
  Users users_;
  Live live_;
  const std::unique_ptr<SignOn> sign_on_;  // nothing: not configured
  bool stopping_ = false;
  std::thread thread_;
};

Result<void> Console::check(const Options& options) {
  const auto tls = load_tls(options.tls);
  if (!tls) return tl::unexpected(tls.error());
  const auto client_secret = read_client_secret(options.sign_on);
  if (!client_secret) return tl::unexpected(client_secret.error());
  return {};
}

Result<std::unique_ptr<Console>> Console::start(const Options& options, runtime::Mailbox& mailbox,
                                                std::shared_ptr<const runtime::PublishedUsers> users) {
  const auto address = parse_listen_address(options.listen);
  if (!address || (!address->loopback && !options.tls))
    return fail(ErrorCode::usage, {{"reason", "without TLS the console listens on loopback alone, as 127.0.0.1:7480"}});
  const auto tls = load_tls(options.tls);
  if (!tls) return tl::unexpected(tls.error());
  if (auto there = ensure_token_file(options.token_file); !there) return tl::unexpected(there.error());
  auto token = read_token_file(options.token_file);
  if (!token) return tl::unexpected(token.error());
  auto client_secret = read_client_secret(options.sign_on);
  if (!client_secret) return tl::unexpected(client_secret.error());
  auto store = access::Store::open(options.access);
  if (!store) return tl::unexpected(store.error());
  auto server = HttpServer::listen(*address, {}, *tls);
  if (!server) return tl::unexpected(server.error());
  std::string url = address_of(*address, (*server)->port(), *tls);
  std::optional<std::string> link;
  if (users->now()->last_change().value == 0) {
    const auto secret = (*store)->invite_first_user(runtime::SystemClock().now());
    if (!secret) return tl::unexpected(secret.error());
    link = invitation_link(url, *secret) + "&first=true";  // so that the page asks for a name
  } else if (auto gone = (*store)->withdraw_first_invitation(); !gone) {
    return tl::unexpected(gone.error());
  }
  auto service = std::make_unique<Service>(std::move(*server), mailbox, options, std::move(*token), std::move(*store),
                                           std::move(users), url, *tls, std::move(*client_secret));
  return std::unique_ptr<Console>(new Console(std::move(service), std::move(url), std::move(link)));
}

Console::Console(std::unique_ptr<Service> service, std::string address, std::optional<std::string> first_user_link)
    : service_(std::move(service)), address_(std::move(address)), first_user_link_(std::move(first_user_link)) {}
Console::~Console() = default;

void Console::reload() { service_->reload(); }

}  // namespace hub::console
