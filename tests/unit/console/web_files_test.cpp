#include "hub/console/web_files.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

namespace hub::console {
namespace {

std::string field(const Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
  return found == response.headers.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("the page and what it loads are there, each with another tag") {
  std::set<std::string_view> tags;
  for (const WebFile& file : web_files()) {
    CAPTURE(file.name);
    CHECK_FALSE(file.content.empty());
    CHECK(tags.insert(file.etag).second);
    const Response response = web_file_response(file.name, "");
    CHECK(response.status == 200);
    CHECK(response.content_type == file.content_type);
    CHECK(response.body == file.content);
  }
  for (const char* name : {"index.html", "console.js", "console.css", "errors.json"})
    CHECK(web_file_response(name, "").status == 200);
}

TEST_CASE("a file lets a page load nothing from elsewhere, and nothing that stands in the page") {
  const std::string policy = field(web_file_response("index.html", ""), "Content-Security-Policy");
  for (const char* rule : {"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self'",
                           "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"})
    CHECK(policy.find(rule) != policy.npos);
  CHECK(policy.find("unsafe") == policy.npos);
  CHECK(field(web_file_response("index.html", ""), "Referrer-Policy") == "no-referrer");
}

TEST_CASE("a file that the browser has is not sent again") {
  const Response first = web_file_response("console.js", "");
  const Response again = web_file_response("console.js", field(first, "ETag"));
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(field(again, "ETag") == field(first, "ETag"));
  CHECK(web_file_response("console.js", "\"another\"").status == 200);
}

TEST_CASE("what is no file of the console is 404") {
  for (const char* name : {"", "other.js", "../api-token", "index.html/", "INDEX.HTML"})
    CHECK(web_file_response(name, "").status == 404);
}

}  // namespace hub::console
