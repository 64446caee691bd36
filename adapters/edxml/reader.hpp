// Reads an edXML file in chunks of kReadBytes: any order of elements, any prefix, in memory that does not grow with the
// file. Attachments are decoded, and unpacked where one is a zip of a single entry, into files of a staging folder.
//
// Never a tree, an entity, a DTD or a look at the network. What can't be read is refused with its line and nothing
// stays in the staging folder. A secrecy mark in Subject, Content, TypeName, an Appendix or an attachment's name ends
// the reading at once.
//
// Threads: any number at once, each with a staging folder of its own.
#pragma once

#include "adapters/edxml/limits.hpp"
#include "adapters/edxml/message.hpp"
#include "hub/base/result.hpp"

namespace hub::edxml {

// `file` is an open descriptor at its begin; `staging` an existing folder, empty but for what the caller knows: files
// that are made in it are named attachment-N. Fails with edxml_invalid (line, reason_vi, reason_en), file_too_large,
// secrecy_mark (mark, pointer, line), io_failed.
Result<File> read_edxml(int file, const std::string& staging, const Limits& limits = {});

}  // namespace hub::edxml
