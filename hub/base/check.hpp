// Programmer errors end the process, in every build: a hub that goes on from a state that cannot be is worse than none.
#pragma once

#include <cstdio>
#include <cstdlib>

#define HUB_CHECK(condition)                                                                     \
  do {                                                                                           \
    if (!(condition)) [[unlikely]] {                                                             \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition);         \
      std::abort();                                                                              \
    }                                                                                            \
  } while (false)
