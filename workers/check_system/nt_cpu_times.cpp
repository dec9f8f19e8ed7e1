#include "workers/check_system/nt_cpu_times.h"

#include <cstring>

namespace nscp::check_system {
namespace {

// All in tenths of a microsecond; `kernel` holds idle, dpc and interrupt too.
struct NtProcessor {
  uint64_t idle;
  uint64_t kernel;
  uint64_t user;
  uint64_t dpc;
  uint64_t interrupt;
  uint32_t interrupts;
  uint32_t padding;
};
static_assert(sizeof(NtProcessor) == 48);

uint64_t Minus(uint64_t a, uint64_t b) { return a > b ? a - b : 0; }

}  // namespace

void AddNtProcessors(std::string_view answer, CpuSample& sample) {
  while (answer.size() >= sizeof(NtProcessor) && sample.cores.size() < kMaxCores) {
    NtProcessor row;
    std::memcpy(&row, answer.data(), sizeof(row));
    answer.remove_prefix(sizeof(row));
    const CpuTicks core = {row.user, Minus(row.kernel, row.idle), row.idle};
    sample.cores.push_back(core);
    sample.total.user += core.user;
    sample.total.kernel += core.kernel;
    sample.total.idle += core.idle;
    sample.times.user += core.user;
    sample.times.system += Minus(core.kernel, row.dpc + row.interrupt);
    sample.times.idle += core.idle;
    sample.times.irq += row.interrupt;
    sample.times.softirq += row.dpc;
  }
}

}  // namespace nscp::check_system
