# Compiled apart from the tests: where GCC sees the replaced operators inlined, it takes free() for a mismatch with new.
add_library(counted_allocations OBJECT ${CMAKE_SOURCE_DIR}/tests/support/allocations.cpp)
target_include_directories(counted_allocations PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(unit_registry PRIVATE counted_allocations)
