#include "workers/check_disk/windows_path_win32.h"

#include <windows.h>

#include "proto/cpp/text.h"
#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/drive_names.h"

namespace nscp::check_disk {

std::wstring SystemPath(const std::string& path) {
  // Verbatim ones are whole already.
  if (StartsWith(path, R"(\\?\)")) return Wide(LongPath(path));
  const bool is_drive = path.size() == 2 && path[1] == ':';
  const std::wstring given = Wide(is_drive ? path + "\\" : path);
  std::wstring full(MAX_PATH, L'\0');
  for (int i = 0; i < 2; ++i) {
    const DWORD size = ::GetFullPathNameW(given.c_str(), static_cast<DWORD>(full.size()),
                                          full.data(), nullptr);
    if (size == 0) return given;
    const bool is_whole = size < full.size();
    full.resize(size);
    if (is_whole) break;
  }
  return Wide(LongPath(Utf8(full.c_str())));
}

}  // namespace nscp::check_disk
