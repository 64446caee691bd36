// Names that a file brings with it, for files on other machines.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace hub::edxml {

// The last part of `name` (folders of the sender's machine are dropped), without what some system can't have in a name,
// at most kFileNameBytesMax bytes with its ending kept. Nothing when a part is "..", or no name is left: such a name is
// no mistake.
std::optional<std::string> safe_file_name(std::string_view name);

bool is_zip_name(std::string_view name);

// `name`, with "-2", "-3" … before its ending when it is in `taken` without regard to ASCII case; and it is in there
// then.
std::string free_name(const std::string& name, std::set<std::string>& taken);

}  // namespace hub::edxml
