// The configuration that is deployed, with keys made from fixed seeds, for tests.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hub/agreements/configuration.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/document.hpp"

namespace hub::agreements {

inline crypto::SigningKey root_key(std::uint8_t seed) {
  Bytes<32> bytes{};
  bytes.fill(seed);
  return crypto::SigningKey::from_seed(bytes);
}

// A folder of its own that goes with it.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("hub-configuration-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
};

inline const char* kDistrict[] = {"btg.huyen", "hdnd.huyen", "toa-an.huyen", "ubnd.huyen", "vks.huyen"};

// What the project ships, and keys for it.
inline void deploy(const Folder& folder) {
  namespace fs = std::filesystem;
  fs::copy(HUB_SOURCE_DIR "/schemas/types", folder.path() / "types");
  fs::copy(HUB_SOURCE_DIR "/deploy/parties", folder.path() / "parties");
  fs::copy(HUB_SOURCE_DIR "/deploy/agreements", folder.path() / "agreements");
  std::string keys;
  for (std::uint8_t i = 0; i < std::size(kDistrict); ++i) {
    const std::string id = kDistrict[i];
    Bytes<32> curve{};
    curve[0] = i;
    keys += "- {party: " + id + ", root_key: " + to_base64(root_key(i).public_key()) + ", endpoints: [{id: " + id +
            "/folder, curve_key: " + to_base64(curve) + "}]}\n";
  }
  folder.write("keys/huyen.yaml", keys);
}

inline std::string refusal_of(const Error& error) {
  return std::string(code_text(error.code)) +
         fill(" {file}:{line}:{column} {path} {reason}", error.facts);
}

inline bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

inline Buffer notice(const std::string& type, nlohmann::json data) {
  registry::DocumentFields fields;
  fields.id = *parse_uuid("0f8fad5b-d9cb-469f-a165-70867728950e");
  fields.source = "toa-an.huyen";
  fields.type = type;
  fields.subject = "Thông tin";
  fields.time = *parse_rfc3339("2024-03-12T01:00:00Z");
  fields.to = "btg.huyen";
  fields.salt = Bytes<16>{};
  fields.data = nlohmann::json::to_msgpack(data);
  return registry::write_document(fields);
}

}  // namespace hub::agreements
