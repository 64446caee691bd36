#include "hub/log/log.hpp"

#include <spdlog/formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "hub/base/time.hpp"

namespace hub::log {
namespace {

std::string& subject() {
  thread_local std::string document_id;
  return document_id;
}

std::string_view view(spdlog::string_view_t text) { return {text.data(), text.size()}; }

// A line is a line, whatever comes from outside in it.
class LineFormatter : public spdlog::formatter {
 public:
  explicit LineFormatter(bool json) : json_(json) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(message.time.time_since_epoch());
    const UnixMicros time(since.count());
    const std::string line = json_ ? as_json(message, time) : as_text(message, time);
    out.append(line.data(), line.data() + line.size());
    out.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<LineFormatter>(json_); }

 private:
  static std::string as_json(const spdlog::details::log_msg& message, UnixMicros time) {
    nlohmann::ordered_json line = {{"time", format_rfc3339(time)},
                                   {"level", view(spdlog::level::to_string_view(message.level))},
                                   {"program", view(message.logger_name)},
                                   {"message", view(message.payload)}};
    if (!subject().empty()) line["document"] = subject();
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }
  static std::string as_text(const spdlog::details::log_msg& message, UnixMicros time) {
    std::string line = format_local(time);
    line.append(" ").append(view(message.logger_name)).append(" ");
    line.append(view(spdlog::level::to_string_view(message.level))).append(": ");
    if (!subject().empty()) line.append(subject()).append(": ");
    line.append(view(message.payload));
    std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return line;
  }

  bool json_;
};

std::shared_ptr<spdlog::logger> logger_of(const std::string& program, const Settings& settings) {
  if (settings.folder.empty())
    return std::make_shared<spdlog::logger>(program, std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return std::make_shared<spdlog::logger>(
      program, std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
                   settings.folder + "/" + program + ".log", static_cast<std::size_t>(settings.file_mib) << 20,
                   static_cast<std::size_t>(settings.files)));
}

std::int64_t between(registry::ObjectReader& in, const char* name, std::int64_t fallback, std::int64_t limit) {
  if (!in.has(name)) return fallback;
  const std::int64_t out = in.integer(name);
  if (out < 1 || out > limit) in.refuse(name, "from 1 to " + std::to_string(limit));
  return out;
}

}  // namespace

Settings read_settings(registry::ObjectReader in, const std::filesystem::path& base) {
  Settings out;
  const std::string format = in.text_or("format", "text");
  if (format != "text" && format != "json") in.refuse("format", "text or json");
  out.json = format == "json";
  if (in.has("folder")) out.folder = (base / in.text("folder")).string();
  out.file_mib = between(in, "file_mib", out.file_mib, kFileMibMax);
  out.files = between(in, "files", out.files, kFilesMax);
  in.refuse_unknown();
  return out;
}

Result<void> start(const std::string& program, const Settings& settings) try {
  const auto logger = logger_of(program, settings);
  logger->set_formatter(std::make_unique<LineFormatter>(settings.json));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(logger);
  return {};
} catch (const spdlog::spdlog_ex& error) {
  return fail(ErrorCode::io_failed,
              {{"operation", "open the log in"}, {"path", settings.folder}, {"reason", error.what()}});
}

About::About(std::string document_id) : outer_(std::exchange(subject(), std::move(document_id))) {}
About::~About() { subject() = std::move(outer_); }

}  // namespace hub::log
