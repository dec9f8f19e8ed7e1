#include <windows.h>

#include "workers/check_disk/space.h"

namespace nscp::check_disk {

Result<Space> ReadSpace(const std::string& path) {
  wchar_t wide[MAX_PATH] = {};
  ULARGE_INTEGER user_free{};
  ULARGE_INTEGER size{};
  ULARGE_INTEGER free{};
  const bool converted =
      ::MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, wide, MAX_PATH) > 0;
  if (!converted || !::GetDiskFreeSpaceExW(wide, &user_free, &size, &free)) {
    const DWORD error = converted ? ::GetLastError() : ERROR_INVALID_NAME;
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
