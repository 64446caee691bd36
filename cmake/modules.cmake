# The module table: what each module is made of and what it may use. Dependencies point one way;
# tests/contract/module_includes compares this table with the actual includes.
#
#   hub_module(NAME PATH folder SOURCES ... [USES modules...] [LIBRARIES libraries...])
set_property(GLOBAL PROPERTY HUB_MODULE_TABLE "")
function(hub_module name)
  cmake_parse_arguments(M "" "PATH" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${M_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(${name} PUBLIC ${M_USES} ${M_LIBRARIES})
  if(CLI11::CLI11 IN_LIST M_LIBRARIES)
    hub_use_precompiled(${name} precompiled_app)
  else()
    hub_use_precompiled(${name} precompiled)
  endif()
  string(REPLACE ";" " " uses "${M_USES}")
  set_property(GLOBAL APPEND_STRING PROPERTY HUB_MODULE_TABLE "${M_PATH}:${name}: ${uses}\n")
endfunction()

# A module of headers alone.
function(hub_header_module name)
  cmake_parse_arguments(M "" "PATH" "USES" ${ARGN})
  add_library(${name} INTERFACE)
  target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} INTERFACE ${M_USES})
  string(REPLACE ";" " " uses "${M_USES}")
  set_property(GLOBAL APPEND_STRING PROPERTY HUB_MODULE_TABLE "${M_PATH}:${name}: ${uses}\n")
endfunction()

# Writes the table for the test that holds it against the includes.
function(hub_write_module_table)
  get_property(table GLOBAL PROPERTY HUB_MODULE_TABLE)
  file(WRITE ${CMAKE_BINARY_DIR}/module_table.txt "${table}")
endfunction()
