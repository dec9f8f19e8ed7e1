#include <windows.h>

#include <filesystem>

#include "kernel/cli/new_file.h"

namespace nscp::kernel {
namespace {

Status CantWrite(const std::string& path, DWORD error) {
  const std::string text = "writing " + path + ": error " + std::to_string(error);
  if (error == ERROR_FILE_EXISTS) {
    return Status::AlreadyExists(text + ", it exists; name another file with --file");
  }
  return Status::PermissionDenied(text + "; name a file elsewhere with --file");
}

}  // namespace

Status WriteNewFile(const std::string& path, std::string_view bytes) {
  const std::wstring name = std::filesystem::u8path(path).wstring();
  const HANDLE file = CreateFileW(name.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW,
                                  FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return CantWrite(path, GetLastError());
  DWORD written = 0;
  const auto size = static_cast<DWORD>(bytes.size());
  const bool done =
      WriteFile(file, bytes.data(), size, &written, nullptr) != 0 && written == size;
  const DWORD error = GetLastError();
  CloseHandle(file);
  if (done) return Status::Ok();
  DeleteFileW(name.c_str());
  return CantWrite(path, error);
}

}  // namespace nscp::kernel
