// Signals as a descriptor that a loop waits for beside everything else.
#pragma once

#include <initializer_list>

namespace hub::runtime {

class Signals {
 public:
  // Blocked in this thread and in every thread that is started after this.
  explicit Signals(std::initializer_list<int> signals);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int descriptor() const { return descriptor_; }  // readable while there is one to take
  int take();                                     // 0: none

 private:
  int descriptor_;
};

}  // namespace hub::runtime
