#include <windows.h>

#include "workers/check_system/memory_source.h"

namespace nscp::check_system {

Result<std::vector<Memory>> ReadMemory() {
  MEMORYSTATUSEX status{};
  status.dwLength = sizeof(status);
  if (!::GlobalMemoryStatusEx(&status)) {
    return Status::Unavailable("GlobalMemoryStatusEx failed with error " +
                               std::to_string(::GetLastError()));
  }
  // The limit that Windows calls the page file includes the physical memory.
  const uint64_t page = status.ullTotalPageFile > status.ullTotalPhys
                            ? status.ullTotalPageFile - status.ullTotalPhys
                            : 0;
  const uint64_t page_free = status.ullAvailPageFile > status.ullAvailPhys
                                 ? status.ullAvailPageFile - status.ullAvailPhys
                                 : 0;
  return std::vector<Memory>{
      {"committed", status.ullTotalPageFile, status.ullAvailPageFile},
      {"physical", status.ullTotalPhys, status.ullAvailPhys},
      {"page", page, page_free < page ? page_free : page, false}};
}

}  // namespace nscp::check_system
