#include <windows.h>

#include <vector>

#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/file_content.h"
#include "workers/check_disk/quiet_errors_win32.h"
#include "workers/check_disk/windows_path_win32.h"

namespace nscp::check_disk {

bool ReadWhole(const std::string& path,
               const std::function<bool(const char* bytes, size_t size)>& take) {
  constexpr DWORD kPiece = 256 * 1024;
  const QuietErrors quiet;
  // Whoever writes the file may go on, rename or remove it.
  const Handle file(::CreateFileW(SystemPath(path).c_str(), GENERIC_READ,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                  nullptr, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN,
                                  nullptr));
  if (!file.open() || ::GetFileType(file.get()) != FILE_TYPE_DISK) return false;
  std::vector<char> piece(kPiece);
  for (;;) {
    DWORD got = 0;
    if (!::ReadFile(file.get(), piece.data(), kPiece, &got, nullptr)) return false;
    if (got == 0) return true;
    if (!take(piece.data(), got)) return false;
  }
}

}  // namespace nscp::check_disk
