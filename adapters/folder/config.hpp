// adapter.yaml, read strictly: an unknown or missing member is refused with file, line and column. Paths in it are
// relative to the file.
#pragma once

#include <optional>
#include <string>

#include "adapters/sdk/pins.hpp"
#include "hub/base/time.hpp"
#include "hub/crypto/key_file.hpp"

namespace hub::folder {

struct Config {
  std::string party, endpoint;
  std::string hub_address;
  Bytes<32> hub_key{};
  crypto::KeyFile transport_key, signing_key;
  sdk::Pins pins;
  std::string credentials, agency, state;  // folders
  std::optional<UnixMicros> as_of;         // the clock starts there and runs on: for demonstrations
};

// config_invalid, io_failed. Reads the key files and the roots too.
Result<Config> read_config(const std::string& path);

}  // namespace hub::folder
