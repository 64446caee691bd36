target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/fake_disk.cpp)
target_link_libraries(${target} PRIVATE adapter_sdk nlohmann_json::nlohmann_json)
