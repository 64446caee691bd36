target_sources(fuzz_journal PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/fake_disk.cpp)
target_link_libraries(fuzz_journal PRIVATE hub_journal)
