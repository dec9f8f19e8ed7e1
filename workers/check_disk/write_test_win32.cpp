#include <windows.h>

#include <chrono>

#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/quiet_errors_win32.h"
#include "workers/check_disk/windows_path_win32.h"
#include "workers/check_disk/write_test.h"

namespace nscp::check_disk {
namespace {

using Clock = std::chrono::steady_clock;

int64_t MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start)
      .count();
}

std::string Failed(const char* doing) {
  return std::string("failed to ") + doing + ": " + WindowsError(::GetLastError());
}

std::string WriteAll(HANDLE file, const std::string& content) {
  DWORD written = 0;
  if (!::WriteFile(file, content.data(), static_cast<DWORD>(content.size()), &written,
                   nullptr) ||
      written != content.size()) {
    return Failed("write to file");
  }
  return ::FlushFileBuffers(file) ? "" : Failed("sync file to disk");
}

std::string CompareAll(HANDLE file, const std::string& content) {
  std::string found(content.size() + 1, '\0');
  DWORD got = 0;
  if (::SetFilePointer(file, 0, nullptr, FILE_BEGIN) == INVALID_SET_FILE_POINTER ||
      !::ReadFile(file, found.data(), static_cast<DWORD>(found.size()), &got, nullptr)) {
    return Failed("read file back");
  }
  found.resize(got);
  return found == content ? "" : "read back data does not match what was written";
}

}  // namespace

WriteOutcome TestWriting(const std::string& path, size_t bytes) {
  WriteOutcome outcome;
  const auto note = [&](std::string issue) {
    if (!issue.empty()) outcome.issues.push_back(std::move(issue));
  };
  const std::string content = WriteTestContent(bytes);
  const Clock::time_point start = Clock::now();
  const QuietErrors quiet;
  const std::wstring name = SystemPath(path);
  const HANDLE file = ::CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE, 0,
                                    nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) {
    note(::GetLastError() == ERROR_FILE_EXISTS
             ? "file already exists (refusing to overwrite it)"
             : Failed("create file"));
    outcome.write_ms = outcome.total_ms = MillisecondsSince(start);
    return outcome;
  }
  note(WriteAll(file, content));
  outcome.write_ms = MillisecondsSince(start);
  if (outcome.issues.empty()) {
    const Clock::time_point read_start = Clock::now();
    note(CompareAll(file, content));
    outcome.read_ms = MillisecondsSince(read_start);
  }
  ::CloseHandle(file);
  if (!::DeleteFileW(name.c_str())) note(Failed("delete file"));
  outcome.total_ms = MillisecondsSince(start);
  return outcome;
}

}  // namespace nscp::check_disk
