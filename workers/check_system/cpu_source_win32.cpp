#include <windows.h>
// After windows.h, which it needs.
#include <winternl.h>

#include <algorithm>
#include <cstring>

#include "workers/check_system/cpu_source.h"
#include "workers/check_system/nt_counters.h"
#include "workers/check_system/nt_cpu_times.h"
#include "workers/check_system/nt_query_win32.h"

namespace nscp::check_system {
namespace {

constexpr size_t kLikelyCores = 64;
constexpr char kReadCpu[] = "read the times of the processors";

Status AddGroups(CpuSample& sample) {
  constexpr size_t kSize = sizeof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION);
  const WORD groups = std::max<WORD>(::GetActiveProcessorGroupCount(), 1);
  for (WORD group = 0; group < groups; ++group) {
    auto answer = groups == 1
                      ? QueryNt(kReadCpu, SystemProcessorPerformanceInformation,
                                kLikelyCores * kSize)
                      : QueryNtGroup(kReadCpu, SystemProcessorPerformanceInformation,
                                     group, kLikelyCores * kSize);
    if (!answer.ok()) return answer.status();
    AddNtProcessors(answer->bytes, sample);
  }
  return Status::Ok();
}

}  // namespace

Result<CpuSample> ReadCpu() {
  CpuSample sample;
  RETURN_IF_ERROR(AddGroups(sample));
  const auto counters = QueryNt("read the counters of the kernel",
                                SystemPerformanceInformation, kNtCountersSize);
  if (counters.ok()) {
    if (const auto known = ParseNtCounters(counters->bytes)) {
      sample.context_switches = known->context_switches;
    }
  }
  return sample;
}

}  // namespace nscp::check_system
