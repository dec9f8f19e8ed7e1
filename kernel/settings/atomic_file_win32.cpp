#include <algorithm>
#include <cwctype>
#include <filesystem>
#include <functional>

#include <windows.h>
// after windows.h
#include <aclapi.h>

#include "kernel/settings/atomic_file.h"

namespace nscp::kernel {
namespace {

// Another process, a virus scanner or an indexer may have the file open for a moment;
// Windows then refuses what Unix would do. Tried again for this long, at this pace.
constexpr int kBusyTries = 100;
constexpr DWORD kBusyPauseMs = 20;

bool Busy(DWORD error) {
  return error == ERROR_SHARING_VIOLATION || error == ERROR_LOCK_VIOLATION ||
         error == ERROR_USER_MAPPED_FILE;
}

// The error of the last try; ERROR_SUCCESS when one worked.
template <typename Try>
DWORD UntilFree(Try attempt, bool (*busy)(DWORD) = Busy) {
  for (int i = 1;; ++i) {
    if (attempt()) return ERROR_SUCCESS;
    const DWORD error = GetLastError();
    if (i == kBusyTries || !busy(error)) return error;
    Sleep(kBusyPauseMs);
  }
}

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
  if (error == ERROR_DISK_FULL || error == ERROR_HANDLE_DISK_FULL) {
    return Status::ResourceExhausted(
        text + "; the file is as it was: make room for it and try again");
  }
  return Status::Unavailable(text);
}

bool Writable(const std::filesystem::path& path) {
  const DWORD attributes = GetFileAttributesW(path.c_str());
  return attributes != INVALID_FILE_ATTRIBUTES &&
         (attributes & FILE_ATTRIBUTE_READONLY) == 0;
}

// One step, for readers never find it missing: ReplaceFile would take two.
DWORD Replace(const std::filesystem::path& target,
              const std::filesystem::path& replacement) {
  const auto move = [&] {
    return MoveFileExW(replacement.c_str(), target.c_str(),
                       MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0;
  };
  if (!Writable(target)) return UntilFree(move);
  // A file that somebody is about to let go answers "access denied", as a forbidden one
  // does.
  return UntilFree(move,
                   [](DWORD code) { return Busy(code) || code == ERROR_ACCESS_DENIED; });
}

// The rights and attributes that a file in the place of another is created with.
class Likeness {
 public:
  explicit Likeness(const std::filesystem::path& model) {
    const DWORD attributes = GetFileAttributesW(model.c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES) return;
    attributes_ = attributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM |
                                FILE_ATTRIBUTE_NOT_CONTENT_INDEXED);
    PACL rights = nullptr;
    std::wstring name = model.wstring();
    if (GetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION,
                              nullptr, nullptr, &rights, nullptr,
                              &descriptor_) == ERROR_SUCCESS) {
      security_.lpSecurityDescriptor = descriptor_;
    }
  }
  ~Likeness() { LocalFree(descriptor_); }
  Likeness(const Likeness&) = delete;
  Likeness& operator=(const Likeness&) = delete;

  DWORD attributes() const { return attributes_ ? attributes_ : FILE_ATTRIBUTE_NORMAL; }
  SECURITY_ATTRIBUTES* security() { return descriptor_ ? &security_ : nullptr; }

 private:
  DWORD attributes_ = 0;
  PSECURITY_DESCRIPTOR descriptor_ = nullptr;
  SECURITY_ATTRIBUTES security_{sizeof(SECURITY_ATTRIBUTES), nullptr, FALSE};
};

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
  HANDLE opened = INVALID_HANDLE_VALUE;
  const DWORD code = UntilFree([&] {
    opened = CreateFileW(std::filesystem::u8path(path).c_str(), GENERIC_READ,
                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                         OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    return opened != INVALID_HANDLE_VALUE;
  });
  if (code != ERROR_SUCCESS) return Failed("reading", path, code);
  const Handle file(opened);
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

std::string FollowLinks(const std::string& path) { return path; }

Status WriteFileAtomically(const std::string& path, std::string_view bytes,
                           const ReplaceGuard& guard) {
  const std::filesystem::path target = std::filesystem::u8path(path);
  std::error_code error;
  if (target.has_parent_path()) {
    std::filesystem::create_directories(target.parent_path(), error);
  }
  ASSIGN_OR_RETURN(const std::string beside, TemporaryBeside(path));
  const std::filesystem::path temporary = std::filesystem::u8path(beside);
  Likeness old(target);
  Handle file(CreateFileW(temporary.c_str(), GENERIC_WRITE, 0, old.security(), CREATE_NEW,
                          old.attributes(), nullptr));
  if (!file.open()) return Failed("creating a file beside", path, GetLastError());
  DWORD written = 0;
  const bool complete = WriteFile(file.get(), bytes.data(),
                                  static_cast<DWORD>(bytes.size()), &written, nullptr) &&
                        written == bytes.size() && FlushFileBuffers(file.get());
  DWORD code = complete ? ERROR_SUCCESS : GetLastError();
  file.Close();
  const Status allowed = complete && guard ? guard() : Status::Ok();
  if (complete && allowed.ok()) {
    code = Replace(target, temporary);
    if (code == ERROR_SUCCESS) return Status::Ok();
  }
  DeleteFileW(temporary.c_str());
  return allowed.ok() ? Failed("writing", path, code) : allowed;
}

Result<std::unique_ptr<StoreLock>> LockStore(const std::string& path,
                                             std::chrono::milliseconds wait) {
  std::error_code error;
  const auto file = std::filesystem::absolute(std::filesystem::u8path(path), error);
  // The folder's name alone is resolved: the file is replaced while others ask.
  const auto folder = std::filesystem::weakly_canonical(file.parent_path(), error);
  std::wstring full = error ? file.wstring() : (folder / file.filename()).wstring();
  std::transform(full.begin(), full.end(), full.begin(), std::towlower);
  const std::wstring name =
      L"Global\\nscp-store-" + std::to_wstring(std::hash<std::wstring>{}(full));
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
