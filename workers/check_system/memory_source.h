// How much memory there is and how much of it is free, from the operating system. Any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// One kind of memory. Bytes.
struct Memory {
  std::string type;  // "physical", "cached", "swap"
  uint64_t total = 0;
  uint64_t free = 0;
  bool by_default = true;  // shown when nobody asks for types
};

// All kinds that the system knows, in the order in which they are shown.
Result<std::vector<Memory>> ReadMemory();

}  // namespace nscp::check_system
