// A bar for work that takes long: on a terminal alone, on standard error, so that no program's output has one in it.
#pragma once

#include <chrono>
#include <string>

namespace hub::app {

class ProgressBar {
 public:
  explicit ProgressBar(std::string what);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { finish(); }

  void show(double done);  // from 0 to 1; draws a few times a second
  void finish();           // takes the bar away

 private:
  const std::string what_;
  const bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

// "checking  [#####               ]  25 %", in so many columns.
std::string progress_line(const std::string& what, double done, std::size_t columns);

}  // namespace hub::app
