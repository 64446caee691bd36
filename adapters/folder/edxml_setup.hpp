// What adapter.yaml says about edXML, as read. Immutable, so that every thread may use it.
#pragma once

#include <vector>

#include "adapters/edxml/mapping_file.hpp"
#include "adapters/edxml/organisations.hpp"

namespace hub::folder {

struct EdxmlSetup {
  edxml::Organisations organisations;
  std::vector<edxml::Mapping> mappings;
  bool inbox = false;  // deliveries come as edXML, where every party has a code
};

}  // namespace hub::folder
