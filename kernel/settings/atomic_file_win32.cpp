#include <filesystem>
#include <functional>

#include <windows.h>

#include "kernel/settings/atomic_file.h"
#include "proto/cpp/secret.h"

namespace nscp::kernel {
namespace {

class Handle {
 public:
  explicit Handle(HANDLE handle) : handle_(handle) {}
  ~Handle() { Close(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  HANDLE get() const { return handle_; }
  bool open() const { return handle_ != INVALID_HANDLE_VALUE && handle_ != nullptr; }
  void Close() {
    if (open()) CloseHandle(handle_);
    handle_ = INVALID_HANDLE_VALUE;
  }

 private:
  HANDLE handle_;
};

Status Failed(const std::string& doing, const std::string& path, DWORD error) {
  const std::string text = doing + " " + path + ": " +
                           std::system_category().message(static_cast<int>(error)) +
                           " (errno=" + std::to_string(error) + ")";
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) {
    return Status::NotFound(text);
  }
  if (error == ERROR_ACCESS_DENIED || error == ERROR_WRITE_PROTECT) {
    return Status::PermissionDenied(
        text +
        "; give the account that runs this write access to the file and its folder, "
        "or run the command as an administrator");
  }
  return Status::Unavailable(text);
}

class MutexLock final : public StoreLock {
 public:
  explicit MutexLock(HANDLE handle) : handle_(handle) {}
  ~MutexLock() override {
    if (held_) ReleaseMutex(handle_.get());
  }
  HANDLE get() const { return handle_.get(); }
  void Hold() { held_ = true; }

 private:
  Handle handle_;
  bool held_ = false;
};

}  // namespace

Result<std::string> ReadWholeFile(const std::string& path, size_t limit) {
  const Handle file(CreateFileW(std::filesystem::u8path(path).c_str(), GENERIC_READ,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!file.open()) return Failed("reading", path, GetLastError());
  std::string bytes;
  std::string buffer(65536, '\0');
  for (;;) {
    DWORD got = 0;
    if (!ReadFile(file.get(), buffer.data(), static_cast<DWORD>(buffer.size()), &got,
                  nullptr)) {
      return Failed("reading", path, GetLastError());
    }
    if (got == 0) return bytes;
    bytes.append(buffer, 0, got);
    if (bytes.size() > limit) {
      return Status::ResourceExhausted("reading " + path + ": it is larger than " +
                                       std::to_string(limit) + " bytes");
    }
  }
}

Status WriteFileAtomically(const std::string& path, std::string_view bytes) {
  const std::filesystem::path target = std::filesystem::u8path(path);
  std::error_code error;
  if (target.has_parent_path()) {
    std::filesystem::create_directories(target.parent_path(), error);
  }
  ASSIGN_OR_RETURN(const std::string salt, RandomBytes(6));
  std::filesystem::path temporary = target;
  temporary += "." + ToHex(salt) + ".tmp";
  Handle file(CreateFileW(temporary.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW,
                          FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!file.open()) return Failed("creating", temporary.u8string(), GetLastError());
  DWORD written = 0;
  const bool complete = WriteFile(file.get(), bytes.data(),
                                  static_cast<DWORD>(bytes.size()), &written, nullptr) &&
                        written == bytes.size() && FlushFileBuffers(file.get());
  DWORD code = complete ? ERROR_SUCCESS : GetLastError();
  file.Close();
  if (complete) {
    // ReplaceFile keeps the old file's access list and attributes.
    const bool replaced =
        std::filesystem::exists(target, error)
            ? ReplaceFileW(target.c_str(), temporary.c_str(), nullptr,
                           REPLACEFILE_IGNORE_MERGE_ERRORS, nullptr, nullptr) != 0
            : MoveFileExW(temporary.c_str(), target.c_str(), MOVEFILE_WRITE_THROUGH) != 0;
    if (replaced) return Status::Ok();
    code = GetLastError();
  }
  DeleteFileW(temporary.c_str());
  return Failed("writing", path, code);
}

Result<std::unique_ptr<StoreLock>> LockStore(const std::string& path,
                                             std::chrono::milliseconds wait) {
  std::error_code error;
  const auto full =
      std::filesystem::weakly_canonical(std::filesystem::u8path(path), error);
  const std::wstring name =
      L"Global\\nscp-store-" + std::to_wstring(std::hash<std::wstring>{}(full.wstring()));
  auto lock = std::make_unique<MutexLock>(CreateMutexW(nullptr, FALSE, name.c_str()));
  if (lock->get() == nullptr) return Failed("locking", path, GetLastError());
  const DWORD outcome =
      WaitForSingleObject(lock->get(), static_cast<DWORD>(wait.count()));
  if (outcome != WAIT_OBJECT_0 && outcome != WAIT_ABANDONED) {
    return Status::DeadlineExceeded("locking " + path +
                                    ": another process has held it for " +
                                    std::to_string(wait.count()) + " ms; try again");
  }
  lock->Hold();
  return std::unique_ptr<StoreLock>(std::move(lock));
}

}  // namespace nscp::kernel
