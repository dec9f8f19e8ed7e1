// What a process uses, from the operating system. Any thread; reading files, so, save
// OwnProcessId, not on gRPC's.
#pragma once

#include <cstdint>
#include <optional>

namespace nscp::kernel {

struct ProcessUsage {
  uint64_t resident_bytes = 0;
  uint64_t cpu_ms = 0;  // user and system since its start
};

// Nothing when there is no such process. Linux: /proc/<pid>/statm and stat, proc(5).
std::optional<ProcessUsage> UsageOfProcess(int64_t pid);

int64_t OwnProcessId();

}  // namespace nscp::kernel
