// A request and its answer, without the library that reads and writes them.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::console {

struct Request {
  std::string method;         // "GET"; HEAD comes as GET, and its answer's body is left out
  std::string path;           // as it came, without the query; not decoded
  std::string query;          // behind the "?", not decoded
  std::string authorization;  // the header's value; empty when there is none
  std::string if_none_match;  // likewise
  std::string cookie, csrf_token, origin, host, fetch_site;  // likewise; Sec-Fetch-Site is what a browser says of where a request comes from
  bool is_repeated = false;   // X-Repeated is there: a page asks again by itself
  std::string body;
};

// The rest of an answer that goes on. From the server's thread.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // False when whoever reads is gone, or too slow for it: nothing more is taken.
  virtual bool send(const std::string& text) = 0;
  virtual void end() = 0;
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::function<void(std::shared_ptr<EventSink>)> stream;  // the answer goes on, until its connection ends
};

// Called once for each request, on the server's thread.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(const Request&, Reply)>;

Response json_response(const nlohmann::ordered_json& body);
// {"error": {code, retryable, facts, vi, en}}.
Response error_response(unsigned status, const Error& error);

}  // namespace hub::console
