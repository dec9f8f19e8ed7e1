// How busy the processors have been since the system started, from the operating system.
// The collector asks once a second. A source is used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Ticks since the start, of a unit that differs between systems: only shares are meant.
struct CpuTicks {
  uint64_t user = 0;    // user + nice
  uint64_t kernel = 0;  // system + irq + softirq + steal
  uint64_t idle = 0;    // idle + iowait
};

struct CpuSample {
  CpuTicks total;
  std::vector<CpuTicks> cores;  // by number; empty where the system does not tell
};

// More cores than any machine of today has; the rest is left out.
constexpr size_t kMaxCores = 4096;

class CpuSource {
 public:
  virtual ~CpuSource() = default;
  virtual Result<CpuSample> Read() = 0;
};

// The system's own source.
std::unique_ptr<CpuSource> MakeCpuSource();

}  // namespace nscp::check_system
