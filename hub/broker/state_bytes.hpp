// The bytes of a state, written and read by one description of each part's fields (state_codec.cpp), so that the two
// can't differ: integers little-endian in their own width, texts and lists behind a count.
//
// Reading never leaves the bytes: after the first thing that can't be, everything reads as zero and ok() is false.
//
// Threads: values.
#pragma once

#include <string>
#include <type_traits>

#include "hub/base/bytes.hpp"
#include "hub/base/strong.hpp"
#include "hub/base/uuid.hpp"

namespace hub::broker {

class StateWriter {
 public:
  explicit StateWriter(Buffer& out) : out_(out) {}

  template <class... Values>
  void operator()(const Values&... values) {
    (one(values), ...);
  }
  // How many things follow.
  void count(std::uint64_t count) { one(count); }

 private:
  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void one(T value) { append_le(out_, value); }
  template <class Tag, class Rep>
  void one(Strong<Tag, Rep> value) {
    one(value.value);
  }
  template <std::size_t N>
  void one(const Bytes<N>& value) {
    append(out_, value);
  }
  void one(const Uuid& value) { one(value.bytes); }
  void one(const std::string& value) {
    count(value.size());
    append(out_, as_bytes(value));
  }

  Buffer& out_;
};

class StateReader {
 public:
  explicit StateReader(ByteView bytes) : left_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return left_.empty(); }
  void refuse() {
    ok_ = false;
    left_ = {};
  }
  void require(bool so) {
    if (!so) refuse();
  }

  template <class... Values>
  void operator()(Values&... values) {
    (one(values), ...);
  }
  // How many things follow; never more than there are bytes left.
  std::uint64_t count() {
    std::uint64_t count = 0;
    one(count);
    require(count <= left_.size());
    return ok_ ? count : 0;
  }

 private:
  ByteView take(std::size_t count) {
    require(count <= left_.size());
    if (!ok_) return {};
    const ByteView taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void one(T& value) {
    const ByteView bytes = take(sizeof value);
    value = T{};
    if (bytes.empty()) return;
    if constexpr (std::is_same_v<T, bool>) {
      require(bytes[0] <= 1);
      value = bytes[0] == 1;
    } else {
      value = load_le<T>(bytes.data());
    }
  }
  template <class Tag, class Rep>
  void one(Strong<Tag, Rep>& value) {
    one(value.value);
  }
  template <std::size_t N>
  void one(Bytes<N>& value) {
    value = fixed<N>(take(N)).value_or(Bytes<N>{});
  }
  void one(Uuid& value) { one(value.bytes); }
  void one(std::string& value) { value = as_text(take(count())); }

  ByteView left_;
  bool ok_ = true;
};

}  // namespace hub::broker
