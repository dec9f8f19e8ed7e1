// How busy the processors have been since the system started, from the operating system.
// The collector asks once a second. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Ticks since the start, of a unit that differs between systems: only shares are meant.
struct CpuTicks {
  uint64_t user = 0;    // user + nice
  uint64_t kernel = 0;  // system + irq + softirq + steal
  uint64_t idle = 0;    // idle + iowait
};

// The same time of all processors together, by what it was spent on. What a system does
// not tell apart is 0.
struct CpuTimes {
  uint64_t user = 0;  // and nice; guests are part of it
  uint64_t system = 0;
  uint64_t idle = 0;
  uint64_t iowait = 0;
  uint64_t irq = 0;
  uint64_t softirq = 0;
  uint64_t steal = 0;
  uint64_t guest = 0;  // and guest_nice
};

struct CpuSample {
  CpuTicks total;
  std::vector<CpuTicks> cores;  // by number; empty where the system does not tell
  CpuTimes times;
  // Since the start; nothing where the system does not tell.
  std::optional<uint64_t> context_switches;
  std::optional<uint64_t> forks;  // processes and threads that were created
};

// More cores than any machine of today has; the rest is left out.
constexpr size_t kMaxCores = 4096;

Result<CpuSample> ReadCpu();

}  // namespace nscp::check_system
