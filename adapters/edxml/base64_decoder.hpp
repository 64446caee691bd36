// Base64 (RFC 4648 section 4) that comes in pieces, with blanks and line ends anywhere.
#pragma once

#include <string_view>

#include "hub/base/bytes.hpp"

namespace hub::edxml {

class Base64Decoder {
 public:
  // Appends what is whole to `out`. False: a sign that is no base64, or something after the padding.
  bool add(std::string_view text, Buffer& out);
  // False: the text ended within a group of four.
  bool finished() const { return count_ == 0; }

 private:
  std::uint32_t group_ = 0;
  int count_ = 0;    // signs of the group that is being read
  int padding_ = 0;  // of the last group
};

}  // namespace hub::edxml
