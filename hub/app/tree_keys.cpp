#include "hub/app/tree_keys.hpp"

#include <algorithm>
#include <filesystem>

#include "hub/app/files.hpp"
#include "hub/app/output.hpp"

namespace hub::app {

Result<std::vector<crypto::NoteKey>> tree_keys(const std::vector<std::string>& given) {
  std::vector<crypto::NoteKey> out;
  for (const std::string& one : given) {
    std::string text = one;
    if (const auto key = crypto::parse_verifier_key(one); !key) {
      // A key with a slip in it names no file.
      if (one.find('+') != one.npos && !std::filesystem::exists(one)) return tl::unexpected(key.error());
      const auto read = read_file(one);
      if (!read) return tl::unexpected(read.error());
      text = *read;
    }
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      if (line.empty()) continue;
      const auto key = crypto::parse_verifier_key(line);
      if (!key) return tl::unexpected(key.error());
      if (!out.empty() && key->name != out.front().name)
        return tl::unexpected(usage("the keys are of different hubs: " + out.front().name + ", " + key->name));
      out.push_back(*key);
    }
  }
  if (out.empty()) return tl::unexpected(usage("--key: no verifier key in it"));
  return out;
}

}  // namespace hub::app
