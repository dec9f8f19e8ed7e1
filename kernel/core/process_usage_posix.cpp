#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "kernel/core/process_usage.h"

namespace nscp::kernel {

std::optional<ProcessUsage> UsageOfProcess(int64_t pid) {
  if (pid <= 0) return std::nullopt;
  const std::string folder = "/proc/" + std::to_string(pid);
  uint64_t total_pages = 0;
  uint64_t resident_pages = 0;
  std::ifstream statm(folder + "/statm");
  std::ifstream stat(folder + "/stat");
  std::string line;
  if (!(statm >> total_pages >> resident_pages) || !std::getline(stat, line)) {
    return std::nullopt;
  }
  // The name in parentheses may hold anything, blanks and parentheses too: fields 3 and
  // up stand behind the last one.
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  uint64_t user = 0;
  uint64_t system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto ticks = static_cast<uint64_t>(::sysconf(_SC_CLK_TCK));
  return ProcessUsage{resident_pages * page, (user + system) * 1000 / ticks};
}

int64_t OwnProcessId() { return getpid(); }

}  // namespace nscp::kernel
