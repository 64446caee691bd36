// adapter.yaml, read strictly: an unknown or missing member is refused with file, line and column. Paths in it are
// relative to the file.
#pragma once

#include <optional>
#include <string>

#include "adapters/folder/edxml_setup.hpp"
#include "adapters/sdk/pins.hpp"
#include "hub/base/time.hpp"
#include "hub/crypto/key_file.hpp"
#include "hub/crypto/signed_note.hpp"
#include "hub/log/log.hpp"

namespace hub::folder {

struct Config {
  std::string party, endpoint;
  std::string hub_address;
  Bytes<32> hub_key{};
  std::vector<crypto::NoteKey> tree_keys;  // of the hub's checkpoints; without one none is kept
  crypto::KeyFile transport_key, signing_key;
  sdk::Pins pins;
  std::string credentials, agency, state;  // folders
  std::optional<UnixMicros> as_of;         // the clock starts there and runs on: for demonstrations
  hub::log::Settings log;
  std::optional<EdxmlSetup> edxml;         // without it, edXML files are refused
};

// config_invalid, io_failed. Reads the key files, the roots, organisations.yaml and the mappings too.
Result<Config> read_config(const std::string& path);

}  // namespace hub::folder
