#include <windows.h>

#include "workers/check_disk/space.h"
#include "workers/check_disk/wide_text_win32.h"

namespace nscp::check_disk {

Result<Space> ReadSpace(const std::string& path) {
  ULARGE_INTEGER user_free{};
  ULARGE_INTEGER size{};
  ULARGE_INTEGER free{};
  if (!::GetDiskFreeSpaceExW(Wide(path).c_str(), &user_free, &size, &free)) {
    const DWORD error = ::GetLastError();
    const std::string text =
        "Failed to read the file system of " + path + ": error " + std::to_string(error);
    const bool missing = error == ERROR_PATH_NOT_FOUND || error == ERROR_FILE_NOT_FOUND ||
                         error == ERROR_INVALID_NAME;
    return missing ? Status::NotFound(text) : Status::Unavailable(text);
  }
  Space space;
  space.size = size.QuadPart;
  space.free = free.QuadPart;
  space.user_free = user_free.QuadPart;
  return space;
}

}  // namespace nscp::check_disk
