// Vietnamese text without its accents and case, to compare what people type: "Sai nơi nhận" and "sai noi nhan" are
// alike.
#pragma once

#include <string>
#include <string_view>

namespace hub::edxml {

// Letters as a to z, digits as they are, anything between them as one space.
std::string folded(std::string_view text);

}  // namespace hub::edxml
