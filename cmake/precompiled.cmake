# Headers of the libraries, parsed once for all files of a preset with checks: they are most of what a file costs to
# compile. The release preset has none, so that with
# -DCMAKE_UNITY_BUILD=OFF each file there is compiled with its own includes alone.
set(HUB_LIBRARY_HEADERS
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstring> <deque> <filesystem> <fstream> <functional> <map>
  <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map> <variant> <vector>
  <msgpack/pack.hpp> <nlohmann/json.hpp> <tl/expected.hpp>)

function(hub_precompile name)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/${name}.cpp CONTENT "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/generated/${name}.cpp)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

# For modules and for tests with Catch2, which are most of all files. In what comes from a precompiled header GCC 12 warns of
# its own library (GCC bug 105651), so the few others do without.
function(hub_use_precompiled target name)
  if(TARGET ${name})
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

if(HUB_CHECKED)
  hub_precompile(precompiled ${HUB_LIBRARY_HEADERS})
  hub_precompile(precompiled_app ${HUB_LIBRARY_HEADERS} <CLI/CLI.hpp>)
  hub_precompile(precompiled_test ${HUB_LIBRARY_HEADERS} <catch2/catch.hpp>)
endif()
