#include "workers/check_system/windows_memory.h"

#include <algorithm>

namespace nscp::check_system {
namespace {

Memory MakeMemory(std::string type, uint64_t page_size, uint64_t total, uint64_t used) {
  return {std::move(type), total * page_size, (total - std::min(total, used)) * page_size,
          true};
}

uint64_t Beyond(uint64_t a, uint64_t b) { return a > b ? a - b : 0; }

}  // namespace

MemorySample MakeWindowsMemory(const WindowsMemory& memory,
                               const std::optional<std::vector<WindowsPagefile>>& files) {
  const uint64_t page = memory.page_size;
  const uint64_t physical_used = Beyond(memory.physical_total, memory.physical_available);
  MemorySample sample;
  uint64_t total = Beyond(memory.commit_limit, memory.physical_total);
  uint64_t used = std::min(total, Beyond(memory.commit_total, physical_used));
  if (files) {
    total = used = 0;
    for (const WindowsPagefile& file : *files) {
      if (sample.pagefiles.size() == kMaxPagefiles) break;
      sample.pagefiles.push_back(MakeMemory(file.name, page, file.total, file.used));
      total += file.total;
      used += std::min(file.total, file.used);
    }
  }
  sample.pagefile = MakeMemory("page", page, total, used);
  sample.pagefile.by_default = false;
  sample.kinds = {MakeMemory("committed", page, memory.commit_limit, memory.commit_total),
                  MakeMemory("physical", page, memory.physical_total, physical_used),
                  sample.pagefile};
  sample.kernel = KernelMemory{(memory.kernel_paged + memory.kernel_nonpaged) * page,
                               memory.kernel_paged * page, memory.kernel_nonpaged * page,
                               memory.system_cache * page};
  return sample;
}

}  // namespace nscp::check_system
