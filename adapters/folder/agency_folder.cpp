#include "adapters/folder/agency_folder.hpp"

#include <algorithm>

namespace hub::folder {

Result<AgencyFolder> AgencyFolder::open(const std::string& path) {
  const auto root = Folder::open(path);
  if (!root) return tl::unexpected(root.error());
  auto outbox = Folder::open(path + "/outbox"), inbox = Folder::open(path + "/inbox");
  auto sent = Folder::open(path + "/sent"), refused = Folder::open(path + "/refused");
  auto status = Folder::open(path + "/status"), staging = Folder::open(path + "/.staging");
  for (const auto* folder : {&outbox, &inbox, &sent, &refused, &status, &staging})
    if (!*folder) return tl::unexpected(folder->error());
  // A folder that was just made must not be gone after a power loss while the store says that files are in it.
  if (auto synced = root->sync(); !synced) return tl::unexpected(synced.error());
  return AgencyFolder{std::move(*outbox),  std::move(*inbox),  std::move(*sent),
                      std::move(*refused), std::move(*status), std::move(*staging)};
}

bool is_ignored_name(std::string_view name) {
  return name.empty() || name.starts_with('.') || name.ends_with(".tmp") || name.ends_with(".part");
}

std::string_view suffix_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == file_name.npos) return {};
  const std::string_view suffix = file_name.substr(dot);
  return suffix == ".json" || is_edxml_name(suffix) ? suffix : std::string_view();
}

bool is_edxml_name(std::string_view file_name) {
  const auto ends_with = [&](std::string_view end) {
    return file_name.size() >= end.size() &&
           std::equal(end.rbegin(), end.rend(), file_name.rbegin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b); });
  };
  return ends_with(".edxml") || ends_with(".xml");
}

bool holds_stem(const Folder& folder, const std::string& stem) {
  for (const char* suffix : {"", ".json", ".edxml", ".xml", ".files"})
    if (folder.has(stem + suffix)) return true;
  return false;
}

std::string stem_of(std::string_view file_name) {
  file_name.remove_suffix(suffix_of(file_name).size());
  std::size_t size = std::min(file_name.size(), kStemBytesMax);
  // 10xxxxxx continues a character of UTF-8.
  while (size > 0 && size < file_name.size() && (static_cast<unsigned char>(file_name[size]) & 0xc0) == 0x80) --size;
  return std::string(file_name.substr(0, size));
}

std::string free_stem(const std::string& stem, const std::function<bool(const std::string&)>& is_taken) {
  if (!is_taken(stem)) return stem;
  for (std::uint64_t number = 2;; ++number)
    if (std::string candidate = stem + "-" + std::to_string(number); !is_taken(candidate)) return candidate;
}

}  // namespace hub::folder
