// Where the public vectors are, when they are there.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "hub/crypto/digest.hpp"

namespace hub::crypto {

// The folder, or nothing with a warning that says so.
inline std::optional<std::filesystem::path> public_vectors(const char* name) {
  const auto folder = std::filesystem::path(HUB_SOURCE_DIR) / "../shared/vectors" / name;
  if (std::filesystem::exists(folder)) return folder;
  WARN("skipped: no public vectors in ../shared/vectors/" << name);
  return std::nullopt;
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Every JSON file below the folder; how many there were.
template <class Use>
int for_each_case(const std::filesystem::path& folder, Use use) {
  int cases = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    INFO(entry.path().string());
    use(nlohmann::json::parse(file_text(entry.path())));
    ++cases;
  }
  return cases;
}

inline std::optional<Digest> digest_of(const nlohmann::json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto bytes = from_base64(value.get<std::string>());
  return bytes ? fixed<32>(*bytes) : std::nullopt;
}

// Nothing when a digest has another length: decoding refuses such a proof.
inline std::optional<std::vector<Digest>> digests_of(const nlohmann::json& list) {
  std::vector<Digest> out;
  for (const auto& item : list.is_null() ? nlohmann::json::array() : list) {
    const auto digest = digest_of(item);
    if (!digest) return std::nullopt;
    out.push_back(*digest);
  }
  return out;
}

}  // namespace hub::crypto
