// What a fuzz target holds to be true, in every build type.
#pragma once

#include <cstdlib>

namespace nscp::fuzz {

inline void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace nscp::fuzz
