#include "adapters/edxml/media_type.hpp"

#include <algorithm>

namespace hub::edxml {
namespace {

struct Signature {
  std::string_view begin, media_type;
};

constexpr Signature kSignatures[] = {
    {"%PDF-", "application/pdf"},
    {std::string_view("\x89PNG\r\n\x1a\n"), "image/png"},
    {"\xff\xd8\xff", "image/jpeg"},
    {"GIF87a", "image/gif"},
    {"GIF89a", "image/gif"},
    {std::string_view("II*\0", 4), "image/tiff"},
    {std::string_view("MM\0*", 4), "image/tiff"},
    {"{\\rtf", "application/rtf"},
    {"<?xml", "application/xml"},
    {"Rar!\x1a\x07", "application/vnd.rar"},
    {"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
};

// What a container of one form holds, by the ending of the name.
struct Ending {
  std::string_view ending, media_type;
};

constexpr Ending kZipEndings[] = {
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {".odt", "application/vnd.oasis.opendocument.text"},
    {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
};
constexpr Ending kCompoundEndings[] = {
    {".doc", "application/msword"}, {".xls", "application/vnd.ms-excel"}, {".ppt", "application/vnd.ms-powerpoint"}};
constexpr Ending kTextEndings[] = {{".json", "application/json"},
                                   {".csv", "text/csv"},
                                   {".htm", "text/html"},
                                   {".html", "text/html"},
                                   {".txt", "text/plain"}};

template <std::size_t N>
std::string by_ending(std::string_view name, const Ending (&endings)[N], std::string_view otherwise) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const Ending& known : endings)
    if (lower.ends_with(known.ending)) return std::string(known.media_type);
  return std::string(otherwise);
}

bool is_text(std::string_view head) {
  return !head.empty() && std::all_of(head.begin(), head.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
}

}  // namespace

std::string sniff_media_type(std::string_view head, std::string_view name) {
  for (const Signature& known : kSignatures)
    if (head.starts_with(known.begin)) return std::string(known.media_type);
  if (head.starts_with(kZipBegin)) return by_ending(name, kZipEndings, "application/zip");
  if (head.starts_with("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
    return by_ending(name, kCompoundEndings, "application/x-ole-storage");
  constexpr std::string_view unknown = "application/octet-stream";
  return is_text(head) ? by_ending(name, kTextEndings, unknown) : std::string(unknown);
}

bool is_damaged_as_text(std::string_view head) {
  return head.starts_with("%PDF-") && head.find("\xef\xbf\xbd") != head.npos;
}

}  // namespace hub::edxml
