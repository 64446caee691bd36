target_sources(unit_registry PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/allocations.cpp)
