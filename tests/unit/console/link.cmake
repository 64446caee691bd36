target_sources(unit_console PRIVATE ${CMAKE_SOURCE_DIR}/tests/simulation/scenery.cpp
                                    ${CMAKE_SOURCE_DIR}/tests/support/fake_disk.cpp)
target_link_libraries(unit_console PRIVATE nlohmann_json::nlohmann_json hub_registry)
