#include "hub/console/live.hpp"

#include <nlohmann/json.hpp>

#include "hub/runtime/real_ports.hpp"

namespace hub::console {
namespace {

using LiveJson = nlohmann::ordered_json;

// What changes by itself says nothing new.
std::string without_time(const std::string& status) {
  LiveJson json = LiveJson::parse(status, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.contains("live")) json["live"].erase("time");
  return json.dump();
}

std::string event_text(std::string_view name, std::string json) {
  while (!json.empty() && json.back() == '\n') json.pop_back();
  return std::string("event: ").append(name).append("\ndata: ").append(json).append("\n\n");
}

alerts::Handover::Hand post_to(const HttpUrl& webhook) {
  return [webhook](const alerts::Change& change) -> std::optional<std::string> {
    const auto answer = ask_http({.url = webhook,
                                  .method = "POST",
                                  .headers = {{"Content-Type", "application/json"}},
                                  .body = alerts::to_json(change).dump(),
                                  .time_max = kWebhookTimeMax});
    if (!answer) return answer.error().fact("reason");
    return answer->status / 100 == 2 ? std::nullopt : std::optional("HTTP " + std::to_string(answer->status));
  };
}

std::vector<alerts::Handover> ways_to(const std::optional<HttpUrl>& webhook,
                                      const std::optional<alerts::NoticeOptions>& notices) {
  std::vector<alerts::Handover> out;
  if (webhook) out.emplace_back("the webhook", post_to(*webhook));
  if (notices)
    out.emplace_back("the folder of notices", [folder = alerts::NoticeFolder(*notices)](const alerts::Change& change) {
      return folder.put(change);
    });
  return out;
}

}  // namespace

Live::Live(HttpServer& server, SharedQuestion<FiguresCopy>& figures, AskStatus status, Identify identify,
           std::string ledger, const std::optional<HttpUrl>& webhook,
           const std::optional<alerts::NoticeOptions>& notices)
    : server_(server),
      figures_(figures),
      ask_status_(std::move(status)),
      identify_(std::move(identify)),
      watch_(std::move(ledger), ways_to(webhook, notices), {}, [this](std::shared_ptr<const alerts::Told> told) {
        server_.post([this, told = std::move(told)] { take(told); });
      }) {
  server_.post([this] {
    look_for_alerts();
    tell_status();
  });
}

Response Live::alerts() const {
  LiveJson active = LiveJson::array(), changes = LiveJson::array();
  for (const alerts::Alert& alert : told_->active) active.push_back(alerts::to_json(alert));
  for (const alerts::Change& change : told_->changes) changes.push_back(alerts::to_json(change));
  return json_response({{"alerts", std::move(active)}, {"changes", std::move(changes)}});
}

Response Live::events(const Request& request) {
  if (streams_.size() >= kEventStreamsMax)
    return error_response(503, {ErrorCode::event_streams_too_many, {{"limit", std::to_string(kEventStreamsMax)}}});
  Response response;
  response.content_type = "text/event-stream";
  response.stream = [this, request](std::shared_ptr<EventSink> sink) {
    Request again = request;
    again.is_repeated = true;  // nobody's doing: it keeps no session alive
    sink->send(event_text("alerts", alerts().body));
    streams_.push_back({std::move(sink), std::move(again)});
    last_status_.clear();  // the next status goes to all
  };
  return response;
}

void Live::stop() {
  stopping_ = true;
  for (const Stream& stream : streams_) stream.sink->end();
  streams_.clear();
}

void Live::tell_status() {
  if (stopping_) return;
  server_.after(std::chrono::milliseconds(kStatusEveryMillis), [this] { tell_status(); });
  silent_millis_ += kStatusEveryMillis;
  if (streams_.empty()) return;
  figures_.ask([this](const SharedQuestion<FiguresCopy>::Answered* figures) {
    if (figures == nullptr || stopping_) return;
    ask_status_(figures->answer, [this](const Response& status) { take_status(status); });
  });
}

void Live::take_status(const Response& status) {
  std::string now = without_time(status.body);
  if (stopping_ || status.status != 200 || (now == last_status_ && silent_millis_ < kEventsSilentMillisMax)) return;
  last_status_ = std::move(now);
  silent_millis_ = 0;
  send("status", status.body);
}

void Live::look_for_alerts() {
  if (stopping_) return;
  server_.after(std::chrono::milliseconds(kAlertsEveryMillis), [this] { look_for_alerts(); });
  figures_.ask([this](const SharedQuestion<FiguresCopy>::Answered* figures) {
    if (stopping_) return;
    if (figures != nullptr) {
      now_ = std::max(figures->answer->now, now_.value_or(figures->answer->now));
      return watch_.look(figures->answer, *now_);
    }
    if (now_) now_ = UnixMicros(now_->value + kAlertsEveryMillis * 1'000);  // its clock stands still with it
    watch_.look(nullptr, now_.value_or(runtime::SystemClock().now()));
  });
}

void Live::take(std::shared_ptr<const alerts::Told> told) {
  told_ = std::move(told);
  send("alerts", alerts().body);
}

bool Live::may_still(const Stream& stream) const {
  const auto caller = identify_(stream.request);
  return caller && *caller && (*caller)->permissions.has(access::Permission::status);
}

void Live::send(std::string_view event, const std::string& json) {
  const std::string text = event_text(event, json);
  std::erase_if(streams_, [&](const Stream& stream) {
    if (may_still(stream)) return !stream.sink->send(text);
    stream.sink->end();
    return true;
  });
}

}  // namespace hub::console
