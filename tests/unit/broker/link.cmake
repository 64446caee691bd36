target_sources(unit_broker PRIVATE ${CMAKE_SOURCE_DIR}/tests/simulation/scenery.cpp)
target_link_libraries(unit_broker PRIVATE nlohmann_json::nlohmann_json)
