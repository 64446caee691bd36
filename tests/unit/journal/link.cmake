target_sources(unit_journal PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/fake_disk.cpp)
