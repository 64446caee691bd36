find_library(RAPIDCHECK rapidcheck REQUIRED)
target_link_libraries(unit_crypto PRIVATE ${RAPIDCHECK} nlohmann_json::nlohmann_json)
