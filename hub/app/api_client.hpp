// One question to a running hub's HTTP interface. Blocks until it is answered, at most ten seconds.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "hub/ledger/filter_text.hpp"
#include "hub/reports/address.hpp"

namespace hub::app {

struct ApiAddress {
  std::string url;         // https://hub.example:7480; in the clear http://127.0.0.1:7480, loopback alone
  std::string token_file;
  std::string ca = {};     // who may have issued the hub's certificate; empty: whom the system trusts
};

// GET. The answer's JSON; or the error that the hub answered, io_failed, certificate_untrusted, usage (an address that
// is none, or another machine's in the clear).
Result<nlohmann::ordered_json> ask_api(const ApiAddress& address, const std::string& path,
                                       const ledger::NamedTexts& parameters);

// GET of what is no JSON, as /metrics. As above.
Result<std::string> ask_api_text(const ApiAddress& address, const std::string& path);

// POST of a body that is JSON. As above.
Result<nlohmann::ordered_json> tell_api(const ApiAddress& address, const std::string& path, const std::string& body);

// GET of what needs no token, as bytes. io_failed for every other status than 200, certificate_untrusted, usage.
Result<std::string> ask_public(const ApiAddress& address, const std::string& path);

using reports::percent_encoded;

}  // namespace hub::app
