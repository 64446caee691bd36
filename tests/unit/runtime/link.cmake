target_sources(unit_runtime PRIVATE ${CMAKE_SOURCE_DIR}/tests/simulation/scenery.cpp
                                    ${CMAKE_SOURCE_DIR}/tests/support/fake_disk.cpp)
target_link_libraries(unit_runtime PRIVATE nlohmann_json::nlohmann_json)
