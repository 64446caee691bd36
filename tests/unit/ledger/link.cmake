target_sources(unit_ledger PRIVATE ${CMAKE_SOURCE_DIR}/tests/simulation/scenery.cpp
                                   ${CMAKE_SOURCE_DIR}/tests/support/fake_disk.cpp)
target_link_libraries(unit_ledger PRIVATE hub_runtime nlohmann_json::nlohmann_json)
hub_test_with_postgres(unit_ledger)
