#include "hub/app/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "hub/app/table.hpp"

namespace hub::app {
namespace {

constexpr auto kBetweenDrawings = std::chrono::milliseconds(200);

}  // namespace

std::string progress_line(const std::string& what, double done, std::size_t columns) {
  const double part = std::clamp(done, 0.0, 1.0);
  char percent[16];
  std::snprintf(percent, sizeof percent, "%3d %%", static_cast<int>(part * 100));
  const std::size_t beside = what.size() + std::string_view("  []  ").size() + std::string_view(percent).size();
  const std::size_t width = columns > beside ? columns - beside : 0;
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(width));
  return what + "  [" + std::string(filled, '#') + std::string(width - filled, ' ') + "]  " + percent;
}

ProgressBar::ProgressBar(std::string what)
    : what_(std::move(what)), terminal_(::isatty(STDERR_FILENO) == 1), next_(std::chrono::steady_clock::now()) {}

void ProgressBar::show(double done) {
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || now < next_) return;
  next_ = now + kBetweenDrawings;
  drawn_ = true;
  std::fprintf(stderr, "\r%s", progress_line(what_, done, kTableWidth - 1).c_str());
  std::fflush(stderr);
}

void ProgressBar::finish() {
  if (!drawn_) return;
  drawn_ = false;
  std::fprintf(stderr, "\r%*s\r", static_cast<int>(kTableWidth - 1), "");
  std::fflush(stderr);
}

}  // namespace hub::app
