// A journal record as JSON: its head and its metadata, never its body.
#pragma once

#include <nlohmann/json.hpp>

#include "hub/journal/record_format.hpp"

namespace hub::app {

nlohmann::ordered_json record_json(const journal::RecordView& record);

}  // namespace hub::app
