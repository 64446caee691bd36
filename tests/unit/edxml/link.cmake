target_sources(unit_edxml PRIVATE ${CMAKE_SOURCE_DIR}/tests/oracle/random_document.cpp
               ${CMAKE_SOURCE_DIR}/tests/oracle/random_values.cpp)
target_link_libraries(unit_edxml PRIVATE adapter_edxml)
