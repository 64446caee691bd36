// The web console's files, which the program carries: what web/dist holds, and the error catalogue. They are the same for
// everybody and hold no data, so that a browser may fetch them before it has a token.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "hub/console/http_message.hpp"

namespace hub::console {

struct WebFile {
  std::string_view name, content_type, etag, content;  // the tag with its quotes
};

// Written by cmake/web_files.cmake.
std::span<const WebFile> web_files();

// 304 when the browser has this very content; 404 path-unknown.
Response web_file_response(std::string_view name, std::string_view if_none_match);

}  // namespace hub::console
