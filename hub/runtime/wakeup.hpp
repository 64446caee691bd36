// A file descriptor that becomes readable by a signal from another thread.
#pragma once

namespace hub::runtime {

class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  int descriptor() const { return descriptor_; }
  void signal();
  void clear();

 private:
  int descriptor_;
};

}  // namespace hub::runtime
