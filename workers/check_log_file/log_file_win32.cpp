#include <windows.h>

#include "proto/cpp/windows_win32.h"
#include "workers/check_log_file/log_file.h"

namespace nscp::check_log_file {
namespace {

Status Failed(const char* doing, const std::string& path) {
  const DWORD error = ::GetLastError();
  const std::string text =
      std::string("Failed to ") + doing + " " + path + ": " + WindowsError(error);
  const bool missing = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ||
                       error == ERROR_INVALID_NAME;
  return missing ? Status::NotFound(text) : Status::Unavailable(text);
}

uint64_t Joined(DWORD high, DWORD low) {
  return (static_cast<uint64_t>(high) << 32) | low;
}

class WindowsLogFile final : public LogFile {
 public:
  WindowsLogFile(HANDLE file, std::string path) : file_(file), path_(std::move(path)) {}
  ~WindowsLogFile() override { ::CloseHandle(file_); }
  WindowsLogFile(const WindowsLogFile&) = delete;
  WindowsLogFile& operator=(const WindowsLogFile&) = delete;

  Result<size_t> ReadAt(uint64_t offset, char* out, size_t size) const override {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    DWORD got = 0;
    if (::ReadFile(file_, out, static_cast<DWORD>(size), &got, &place)) {
      return static_cast<size_t>(got);
    }
    if (::GetLastError() == ERROR_HANDLE_EOF) return size_t{0};
    return Failed("read", path_);
  }
  Result<FileState> State() const override {
    BY_HANDLE_FILE_INFORMATION found{};
    if (!::GetFileInformationByHandle(file_, &found)) return Failed("look at", path_);
    FileState state;
    state.identity.volume = found.dwVolumeSerialNumber;
    state.identity.number = Joined(found.nFileIndexHigh, found.nFileIndexLow);
    state.size = Joined(found.nFileSizeHigh, found.nFileSizeLow);
    state.written = static_cast<int64_t>(Joined(found.ftLastWriteTime.dwHighDateTime,
                                                found.ftLastWriteTime.dwLowDateTime));
    return state;
  }

 private:
  const HANDLE file_;
  const std::string path_;
};

}  // namespace

Result<std::unique_ptr<LogFile>> OpenLogFile(const std::string& path) {
  // Whoever writes may go on writing, renaming and removing.
  const HANDLE file =
      ::CreateFileW(Wide(path).c_str(), GENERIC_READ,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return Failed("open", path);
  auto opened = std::make_unique<WindowsLogFile>(file, path);
  if (::GetFileType(file) != FILE_TYPE_DISK) {
    return Status::FailedPrecondition(path + " is no plain file");
  }
  return std::unique_ptr<LogFile>(std::move(opened));
}

Result<FileState> LookAtFile(const std::string& path) {
  auto file = OpenLogFile(path);
  if (!file.ok()) return file.status();
  return (*file)->State();
}

}  // namespace nscp::check_log_file
