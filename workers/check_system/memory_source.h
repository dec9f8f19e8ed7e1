// How much memory there is and how much of it is free, from the operating system. Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// One kind of memory. Bytes.
struct Memory {
  std::string type;  // "physical", "cached", "swap", "committed", "page"
  uint64_t total = 0;
  uint64_t free = 0;
  bool by_default = true;  // shown when nobody asks for types
};

// What the kernel itself holds. Bytes.
struct KernelMemory {
  uint64_t slab = 0;  // reclaimable and unreclaimable together
  uint64_t slab_reclaimable = 0;
  uint64_t slab_unreclaimable = 0;
  uint64_t cache = 0;  // the page cache
};

struct MemorySample {
  // All kinds that the system knows, in the order in which they are shown.
  std::vector<Memory> kinds;
  Memory pagefile;                // what physical memory is written to when it is short
  std::vector<Memory> pagefiles;  // one by one, where the system has files for it
  std::optional<KernelMemory> kernel;  // nothing where the system does not tell
};

Result<MemorySample> ReadMemory();

}  // namespace nscp::check_system
