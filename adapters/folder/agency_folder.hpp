// The folder that an agency's system and the adapter share, and the names in it.
#pragma once

#include <optional>

#include "adapters/folder/files.hpp"

namespace hub::folder {

// What is shorter than this can still get "-2", a kind and a recipient's name, and be a file's name (255 bytes).
constexpr std::size_t kStemBytesMax = 150;

struct AgencyFolder {
  Folder outbox, inbox, sent, refused, status;
  Folder staging;  // half-made files, on the same file system; not for the agency

  static Result<AgencyFolder> open(const std::string& path);  // makes what is missing
};

// Names that an agency's system uses while it writes: ".x", "x.tmp", "x.part".
bool is_ignored_name(std::string_view name);

// "a" of "a.json"; a longer one is cut between characters.
std::string stem_of(std::string_view file_name);
// ".json", ".edxml" or ".xml" as it is written, or nothing when the name has another ending.
std::string_view suffix_of(std::string_view file_name);
// "a.edxml", "A.XML".
bool is_edxml_name(std::string_view file_name);
// Whether something of that stem stands there.
bool holds_stem(const Folder& folder, const std::string& stem);
// `stem`, or `stem`-2, `stem`-3 …: the first that `is_taken` does not hold for.
std::string free_stem(const std::string& stem, const std::function<bool(const std::string&)>& is_taken);

}  // namespace hub::folder
