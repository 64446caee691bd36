// The bytes of a state, written and read by one description of each part's fields (state_codec.cpp), so that the two
// can't differ: integers little-endian in their own width, texts and lists behind a count.
//
// Reading never leaves the bytes: after the first thing that can't be, everything reads as zero and ok() is false.
//
// Threads: values.
#pragma once

#include <cstring>
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

  // Values of a fixed size are looked for together: a state is millions of such rows.
  template <class... Values>
  void operator()(Values&... values) {
    if constexpr ((has_fixed_size<Values> && ...)) {
      const ByteView bytes = take((sizeof(Values) + ...));
      const std::uint8_t* from = bytes.data();
      if (ok_) {
        (load(from, values), ...);
      } else {
        ((values = Values{}), ...);
      }
    } else {
      (one(values), ...);
    }
  }
  // How many things follow; never more than there are bytes left.
  std::uint64_t count() {
    std::uint64_t count = 0;
    (*this)(count);
    require(count <= left_.size());
    return ok_ ? count : 0;
  }

 private:
  template <class T>
  static constexpr bool has_fixed_size = !std::is_same_v<T, std::string>;

  ByteView take(std::size_t count) {
    require(count <= left_.size());
    if (!ok_) return {};
    const ByteView taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void load(const std::uint8_t*& from, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      require(*from <= 1);
      value = *from == 1;
    } else {
      value = load_le<T>(from);
    }
    from += sizeof value;
  }
  template <class Tag, class Rep>
  void load(const std::uint8_t*& from, Strong<Tag, Rep>& value) {
    load(from, value.value);
  }
  template <std::size_t N>
  void load(const std::uint8_t*& from, Bytes<N>& value) {
    std::memcpy(value.data(), from, N);
    from += N;
  }
  void load(const std::uint8_t*& from, Uuid& value) { load(from, value.bytes); }

  template <class T>
  void one(T& value) {
    (*this)(value);
  }
  void one(std::string& value) { value = as_text(take(count())); }

  ByteView left_;
  bool ok_ = true;
};

}  // namespace hub::broker
