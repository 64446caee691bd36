set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(THREADS_PREFER_PTHREAD_FLAG ON)

find_program(HUB_CCACHE ccache)
if(HUB_CCACHE)
  # Its own checks are too strict for precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${HUB_CCACHE})
endif()

# Files of a target are compiled several at once: what they include and instantiate is most of their cost. While one file is
# edited, -DCMAKE_UNITY_BUILD=OFF builds each alone; with the release preset it tells of an include that is missing.
if(NOT DEFINED CMAKE_UNITY_BUILD)
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 16)
endif()

add_compile_options(-pthread -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wconversion -Wsign-conversion -Werror)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# For tests. Line tables alone: a backtrace needs no more, and full debug information costs a quarter of the build; the
# second level of optimisation costs another fifth.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -DNDEBUG")
# GCC 12 sees overlapping copies and impossible bounds in std::string's own operator+ (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-restrict -Wno-array-bounds)
endif()
if(HUB_CHECKED)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(HUB_SANITIZE)
  add_compile_options(-fsanitize=${HUB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HUB_SANITIZE})
  # GCC 12 warns of impossible bounds inside the standard library when sanitizers are on.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-tsan)
  endif()
endif()
if(HUB_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
