#include "workers/check_system/cpu_source.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {
namespace {

class ProcStatSource final : public CpuSource {
 public:
  Result<CpuSample> Read() override {
    ASSIGN_OR_RETURN(const std::string text, ReadProcFile("/proc/stat"));
    return ParseProcStat(text);
  }
};

}  // namespace

std::unique_ptr<CpuSource> MakeCpuSource() { return std::make_unique<ProcStatSource>(); }

}  // namespace nscp::check_system
