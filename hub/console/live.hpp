// What goes to browsers by itself, as server-sent events: the status when it changes, and alerts. The alerts for whoever
// asks, too.
//
// On the server's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hub/alerts/notice_folder.hpp"
#include "hub/alerts/watch.hpp"
#include "hub/console/caller.hpp"
#include "hub/console/http_client.hpp"
#include "hub/console/http_server.hpp"
#include "hub/console/shared_question.hpp"

namespace hub::console {

constexpr std::size_t kEventStreamsMax = 32;   // one more is 503 event-streams-too-many
constexpr int kStatusEveryMillis = 1'000;      // at most
constexpr int kEventsSilentMillisMax = 10'000; // something is sent that often, so that either side learns of a dead line
constexpr int kAlertsEveryMillis = 5'000;
constexpr std::chrono::milliseconds kWebhookTimeMax{5'000};  // for the program to take one change

class Live {
 public:
  using FiguresCopy = std::shared_ptr<const runtime::Figures>;
  using AskStatus = std::function<void(const FiguresCopy&, const Reply& tell)>;

  Live(HttpServer& server, SharedQuestion<FiguresCopy>& figures, AskStatus status, Identify identify, std::string ledger,
       const std::optional<HttpUrl>& webhook, const std::optional<alerts::NoticeOptions>& notices);

  // {"alerts": what is so, "changes": what began and ended, the newest first}.
  Response alerts() const;
  // Events "status" and "alerts", with what the routes of these names answer.
  Response events(const Request& request);
  void stop();

 private:
  struct Stream {
    std::shared_ptr<EventSink> sink;
    Request request;  // asked again before each event: who may no longer is told no more
  };
  void tell_status();
  void take_status(const Response& status);
  void look_for_alerts();
  void take(std::shared_ptr<const alerts::Told> told);
  bool may_still(const Stream& stream) const;
  void send(std::string_view event, const std::string& json);

  HttpServer& server_;
  SharedQuestion<FiguresCopy>& figures_;
  const AskStatus ask_status_;
  const Identify identify_;
  std::vector<Stream> streams_;
  std::string last_status_;     // without its time
  int silent_millis_ = 0;       // since it was sent
  std::shared_ptr<const alerts::Told> told_ = std::make_shared<const alerts::Told>();
  std::optional<UnixMicros> now_;  // the hub's, as last seen
  bool stopping_ = false;
  alerts::Watch watch_;         // the last: its thread ends before what it tells to
};

}  // namespace hub::console
