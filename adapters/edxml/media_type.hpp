// What a content is, by its first bytes.
#pragma once

#include <string>
#include <string_view>

namespace hub::edxml {

inline constexpr std::string_view kZipBegin = "PK\x03\x04";

// `name` only tells apart what begins alike: office documents are zips. "application/octet-stream" when nothing fits.
std::string sniff_media_type(std::string_view head, std::string_view name);

// A binary file that somebody's system took for text: bytes became U+FFFD, and are lost.
bool is_damaged_as_text(std::string_view head);

}  // namespace hub::edxml
