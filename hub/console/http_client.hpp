// One question to an HTTP server, in the clear or by TLS, and its answer: bounded in size and time. Blocks; for a thread
// that nobody waits for, and for the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::console {

// "https://hub.example:7480/path?query".
struct HttpUrl {
  bool secure = false;
  std::string host;         // a name or an address, without brackets
  std::uint16_t port = 0;   // 443 or 80 where the text has none
  std::string authority;    // host and port as they stand in the text
  std::string target;       // path and query, not decoded; "/" where there is none
  bool loopback = false;    // 127.0.0.1, [::1]; no name
};
// Nothing when it is no such text: another scheme, a user, a fragment, spaces.
std::optional<HttpUrl> parse_url(std::string_view text);

struct HttpQuestion {
  HttpUrl url;
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::string ca = {};  // a file of certificates in PEM that are trusted; empty: the system's
  std::chrono::milliseconds time_max{10'000};  // from the connection to the answer's end; finding a name's address apart
  std::size_t bytes_max = 1 << 20;             // of the answer's body
};

struct HttpAnswer {
  unsigned status = 0;
  std::string body;
};

// certificate_untrusted: also one of another name. io_failed: everything else, a redirection is an answer as any other.
Result<HttpAnswer> ask_http(const HttpQuestion& question);

}  // namespace hub::console
