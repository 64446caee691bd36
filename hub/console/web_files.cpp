#include "hub/console/web_files.hpp"

#include <algorithm>

namespace hub::console {
namespace {

// Nothing but these files and the API of the same origin; no script or style that stands in a page.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace

Response web_file_response(std::string_view name, std::string_view if_none_match) {
  const auto files = web_files();
  const auto file = std::ranges::find(files, name, &WebFile::name);
  if (file == files.end())
    return error_response(404, {ErrorCode::path_unknown, {{"path", "/console/" + std::string(name)}}});
  Response out;
  out.status = if_none_match == file->etag ? 304 : 200;
  out.content_type = file->content_type;
  if (out.status == 200) out.body = file->content;
  out.headers = {{"Content-Security-Policy", kPolicy},
                 {"Cache-Control", "no-cache"},
                 {"ETag", std::string(file->etag)},
                 {"Referrer-Policy", "no-referrer"},
                 {"X-Frame-Options", "DENY"},
                 {"Cross-Origin-Opener-Policy", "same-origin"},
                 {"Cross-Origin-Resource-Policy", "same-origin"}};
  return out;
}

}  // namespace hub::console
