target_sources(fuzz_snapshot PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/fake_disk.cpp)
target_link_libraries(fuzz_snapshot PRIVATE hub_broker hub_journal)
