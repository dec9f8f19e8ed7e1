#include "workers/check_system/memory_source.h"

#include <windows.h>
// After windows.h, which it needs.
#include <psapi.h>

#include "proto/cpp/windows_win32.h"
#include "workers/check_system/windows_memory.h"

namespace nscp::check_system {
namespace {

BOOL WINAPI AddPagefile(void* context, ENUM_PAGE_FILE_INFORMATION* file,
                        const wchar_t* name) {
  auto& files = *static_cast<std::vector<WindowsPagefile>*>(context);
  files.push_back(
      {Utf8(name == nullptr ? L"" : name), file->TotalSize, file->TotalInUse});
  return files.size() < kMaxPagefiles;
}

// Nothing where Windows does not list its page files.
std::optional<std::vector<WindowsPagefile>> ReadPagefiles() {
  std::vector<WindowsPagefile> files;
  if (!::EnumPageFilesW(&AddPagefile, &files) && files.empty()) return std::nullopt;
  return files;
}

}  // namespace

Result<MemorySample> ReadMemory() {
  PERFORMANCE_INFORMATION known{};
  if (!::GetPerformanceInfo(&known, sizeof(known))) {
    return LastError("Failed to read the memory of the system");
  }
  WindowsMemory memory;
  memory.page_size = known.PageSize;
  memory.commit_total = known.CommitTotal;
  memory.commit_limit = known.CommitLimit;
  memory.physical_total = known.PhysicalTotal;
  memory.physical_available = known.PhysicalAvailable;
  memory.system_cache = known.SystemCache;
  memory.kernel_paged = known.KernelPaged;
  memory.kernel_nonpaged = known.KernelNonpaged;
  return MakeWindowsMemory(memory, ReadPagefiles());
}

}  // namespace nscp::check_system
