// top: a running hub, drawn again and again on a terminal; printed once elsewhere.
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>

#include "hub/app/api_client.hpp"
#include "hub/app/api_option.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/top_screen.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/runtime/signals.hpp"

namespace hub::app {
namespace {

using Instant = std::chrono::steady_clock::time_point;

constexpr double kSecondsMin = 0.5, kSecondsMax = 3'600;

struct TopOptions {
  ApiAddress api;
  double every = 2;  // seconds
};

struct HubNow {
  nlohmann::ordered_json status;
  HubCounters counters;
  Instant at;
};

Result<HubNow> ask_hub(const TopOptions& options) {
  auto status = ask_api(options.api, "/api/v1/status", {});
  if (!status) return tl::unexpected(status.error());
  const auto metrics = ask_api_text(options.api, "/metrics");
  if (!metrics) return tl::unexpected(metrics.error());
  return HubNow{std::move(*status), read_counters(*metrics), std::chrono::steady_clock::now()};
}

// The alternate screen, so that what stood there before comes back; the cursor is hidden meanwhile.
class AlternateScreen {
 public:
  AlternateScreen() { write("\x1b[?1049h\x1b[?25l"); }
  ~AlternateScreen() { write("\x1b[?25h\x1b[?1049l"); }
  AlternateScreen(const AlternateScreen&) = delete;
  AlternateScreen& operator=(const AlternateScreen&) = delete;

  // Over what is there: each line is cleared behind its end, and the rest of the screen, so that nothing flickers.
  void draw(const std::vector<std::string>& lines) const {
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
    const std::size_t rows = known ? size.ws_row : 24;
    std::string out = "\x1b[H";
    for (std::size_t i = 0; i < std::min(lines.size(), rows); ++i) out += (i == 0 ? "" : "\n") + lines[i] + "\x1b[K";
    write(out + "\x1b[J");
  }

 private:
  static void write(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
};

int watch_hub(const TopOptions& options) {
  runtime::Signals signals{SIGINT, SIGTERM};
  const AlternateScreen screen;
  std::optional<HubNow> before;
  for (;;) {
    auto now = ask_hub(options);
    if (now) {
      const double seconds = before ? std::chrono::duration<double>(now->at - before->at).count() : 0;
      const auto counted = before ? std::optional(before->counters) : std::nullopt;
      screen.draw(top_lines(now->status, now->counters, counted, seconds));
      before = std::move(*now);
    } else {
      // A hub that starts anew counts from 0.
      before.reset();
      screen.draw({describe(now.error(), Language::vietnamese), describe(now.error(), Language::english)});
    }
    pollfd waited{signals.descriptor(), POLLIN, 0};
    if (::poll(&waited, 1, static_cast<int>(options.every * 1'000)) > 0) return kDone;
  }
}

int show_top(const TopOptions& options, const Output& output) {
  if (::isatty(STDOUT_FILENO) == 1 && !output.json) return watch_hub(options);
  const auto now = ask_hub(options);
  if (!now) return output.refused(now.error());
  std::string text;
  for (const std::string& line : top_lines(now->status, now->counters, std::nullopt, 0)) text += (text.empty() ? "" : "\n") + line;
  nlohmann::ordered_json json = now->status;
  json["counted"] = {{"accepted", now->counters.accepted}, {"refused", now->counters.refused}, {"delivered", now->counters.delivered}};
  return output.done(text, json);
}

}  // namespace

void add_top_command(CLI::App& app, Invocation& invocation) {
  const auto options = std::make_shared<TopOptions>();
  auto* top = app.add_subcommand("top", "A running hub: endpoints, what waits, rates; drawn again and again on a terminal")
                  ->fallthrough();
  top->add_option("--api", options->api.url, "The running hub's HTTP address, http://127.0.0.1:7480")->required();
  top->add_option("--token-file", options->api.token_file, "The file with the API's token")->required();
  add_ca_option(*top, options->api);
  top->add_option("--every", options->every, "Seconds between two drawings")
      ->check(CLI::Range(kSecondsMin, kSecondsMax))
      ->capture_default_str();
  top->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return show_top(*options, output); };
  });
}

}  // namespace hub::app
