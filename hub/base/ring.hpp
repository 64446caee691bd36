// A queue that grows by doubling and never gives memory back while it lives: no allocation per item.
#pragma once

#include <utility>
#include <vector>

#include "hub/base/check.hpp"

namespace hub {

template <class T>
class Ring {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void push_back(T item) {
    if (size_ == slots_.size()) grow();
    slots_[slot(size_++)] = std::move(item);
  }
  void pop_front() {
    HUB_CHECK(size_ > 0);
    slots_[first_] = T{};
    first_ = (first_ + 1) & (slots_.size() - 1);
    --size_;
  }
  T& front() { return (*this)[0]; }
  const T& front() const { return (*this)[0]; }
  const T& back() const { return (*this)[size_ - 1]; }
  T& operator[](std::size_t i) {
    HUB_CHECK(i < size_);
    return slots_[slot(i)];
  }
  const T& operator[](std::size_t i) const {
    HUB_CHECK(i < size_);
    return slots_[slot(i)];
  }

 private:
  std::size_t slot(std::size_t i) const { return (first_ + i) & (slots_.size() - 1); }
  void grow() {
    std::vector<T> bigger(slots_.empty() ? 16 : slots_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i) bigger[i] = std::move((*this)[i]);
    slots_ = std::move(bigger);
    first_ = 0;
  }

  std::vector<T> slots_;  // a power of two
  std::size_t first_ = 0, size_ = 0;
};

}  // namespace hub
