// Frames made by hand, right and wrong ones, and what a reader says to them.
#pragma once

#include <catch2/catch.hpp>
#include <functional>

#include "tests/support/rewrite_frame.hpp"

namespace hub::wire {

inline Buffer payload_of(const std::function<void(Packer&)>& pack) {
  Buffer out;
  BufferStream stream{out};
  Packer packer(stream);
  pack(packer);
  return out;
}

// A frame of that kind: two bytes, and what `pack` packs.
inline Buffer frame_of(Kind kind, const std::function<void(Packer&)>& pack) {
  Buffer out;
  start_frame(out, kind);
  append(out, payload_of(pack));
  return out;
}

template <class T>
void check_refused(const Result<T>& result, ErrorCode code) {
  REQUIRE_FALSE(result);
  CHECK(code_text(result.error().code) == code_text(code));
}

}  // namespace hub::wire
