// The matrix of permits as a picture: senders down, recipients across, how many types in each cell, their names on hover.
#pragma once

#include <string>
#include <vector>

namespace hub::app {

struct MatrixCell {
  std::string from, to, what;
};

// SVG 1.1, UTF-8. Cells of the same pair are counted together.
std::string matrix_svg(const std::vector<MatrixCell>& cells);

}  // namespace hub::app
