// Any text in the place of the files below /proc and /sys that CheckSystem reads: nothing
// that it makes of them is out of its bounds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/check_system/load_source.h"
#include "workers/check_system/network_source.h"
#include "workers/check_system/paging_source.h"
#include "workers/check_system/proc_meminfo.h"
#include "workers/check_system/proc_process.h"
#include "workers/check_system/proc_stat.h"

namespace {

namespace system_files = nscp::check_system;
using nscp::fuzz::Check;

void ReadSystemFiles(std::string_view text) {
  if (const auto cpu = system_files::ParseProcStat(text); cpu.ok()) {
    Check(cpu->cores.size() <= system_files::kMaxCores);
  }
  if (const auto memory = system_files::ParseMeminfo(text); memory.ok()) {
    for (const auto& kind : memory->kinds) Check(kind.free <= kind.total);
  }
  if (const auto interfaces = system_files::ParseNetDev(text); interfaces.ok()) {
    Check(interfaces->size() <= system_files::kMaxInterfaces);
    Check(std::is_sorted(interfaces->begin(), interfaces->end(),
                         [](const auto& a, const auto& b) { return a.name < b.name; }));
  }
  (void)system_files::ParseVmstat(text);
  Check(system_files::ParseSwaps(text) >= 0);
  (void)system_files::ParseLoadAverage(text);
  if (const auto uptime = system_files::ParseProcUptime(text); uptime.ok()) {
    Check(*uptime >= 0);
  }
  Check(!system_files::MakeInterfaceFacts(text, text, text, text).link_status.empty());
}

void ReadProcessFiles(std::string_view text) {
  system_files::Process process;
  system_files::ParseProcessStat(text, 4096, process);
  system_files::ParseProcessStatus(text, process);
  system_files::SetExecutable(text, process);
  Check(system_files::ParseCommandLine(std::string(text)).size() <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ReadSystemFiles(text);
  ReadProcessFiles(text);
  return 0;
}
