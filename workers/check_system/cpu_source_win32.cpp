#include <windows.h>

#include "workers/check_system/cpu_source.h"

namespace nscp::check_system {
namespace {

uint64_t Ticks(const FILETIME& time) {
  return (static_cast<uint64_t>(time.dwHighDateTime) << 32) | time.dwLowDateTime;
}

// All processors together: GetSystemTimes tells nothing of single cores.
class SystemTimesSource final : public CpuSource {
 public:
  Result<CpuSample> Read() override {
    FILETIME idle{};
    FILETIME kernel{};
    FILETIME user{};
    if (!::GetSystemTimes(&idle, &kernel, &user)) {
      return Status::Unavailable("GetSystemTimes failed with error " +
                                 std::to_string(::GetLastError()));
    }
    CpuSample sample;
    // The kernel's time includes the idle one.
    sample.total = {Ticks(user), Ticks(kernel) - Ticks(idle), Ticks(idle)};
    return sample;
  }
};

}  // namespace

std::unique_ptr<CpuSource> MakeCpuSource() {
  return std::make_unique<SystemTimesSource>();
}

}  // namespace nscp::check_system
