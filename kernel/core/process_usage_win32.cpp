#include <windows.h>
//
#include <psapi.h>

#include "kernel/core/process_usage.h"

namespace nscp::kernel {
namespace {

constexpr uint64_t kTicksPerMs = 10000;  // of FILETIME

uint64_t Ms(const FILETIME& time) {
  return ((static_cast<uint64_t>(time.dwHighDateTime) << 32) | time.dwLowDateTime) /
         kTicksPerMs;
}

}  // namespace

std::optional<ProcessUsage> UsageOfProcess(int64_t pid) {
  const HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_VM_READ,
                                     FALSE, static_cast<DWORD>(pid));
  if (process == nullptr) return std::nullopt;
  PROCESS_MEMORY_COUNTERS memory{};
  FILETIME created;
  FILETIME exited;
  FILETIME system;
  FILETIME user;
  const bool known = GetProcessMemoryInfo(process, &memory, sizeof memory) != 0 &&
                     GetProcessTimes(process, &created, &exited, &system, &user) != 0;
  CloseHandle(process);
  if (!known) return std::nullopt;
  return ProcessUsage{memory.WorkingSetSize, Ms(system) + Ms(user)};
}

int64_t OwnProcessId() { return GetCurrentProcessId(); }

}  // namespace nscp::kernel
