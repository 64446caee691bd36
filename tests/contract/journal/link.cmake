target_sources(contract_journal PRIVATE
  ${CMAKE_SOURCE_DIR}/hub/runtime/posix_disk.cpp ${CMAKE_SOURCE_DIR}/tests/support/fake_disk.cpp)
