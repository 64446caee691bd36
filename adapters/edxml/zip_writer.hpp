// A zip with one entry, as it grows, into an XML file's base64.
#pragma once

#include <string>

#include "adapters/edxml/xml_file.hpp"

namespace hub::edxml {

// The content of `path`, packed. `entry` is its name in the zip. io_failed.
Result<void> write_zip(XmlFile& to, const std::string& entry, const std::string& path);
Result<void> write_zip_of_text(XmlFile& to, const std::string& entry, std::string_view content);
// The content of `path` as it is.
Result<void> write_plain(XmlFile& to, const std::string& path);

}  // namespace hub::edxml
