// ReadDirectoryChangesW, one read for each folder, all of which end at one completion
// port.
#include "workers/check_log_file/file_watcher.h"

#include <windows.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_log_file {
namespace {

// Some dozens of names; of what is beyond Windows says that it was too much.
constexpr DWORD kBufferSize = 16 * 1024;
// Names that come or go, and what is written. Not that it was read.
constexpr DWORD kChanges = FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_SIZE |
                           FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_CREATION;
constexpr ULONG_PTR kWakeKey = 0;

std::wstring InLowerCase(std::wstring name) {
  ::CharLowerBuffW(name.data(), static_cast<DWORD>(name.size()));
  return name;
}

// One folder that is watched. A folder and not its files, since a name goes to another
// file at each rotation; other names in it do not wake.
class Folder {
 public:
  Folder(const std::string& path, HANDLE port, ULONG_PTR key)
      : handle_(::CreateFileW(
            Wide(path).c_str(), FILE_LIST_DIRECTORY,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
            OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, nullptr)) {
    if (!handle_.open()) return;
    if (::CreateIoCompletionPort(handle_.get(), port, key, 0) != nullptr) Begin();
  }
  ~Folder() {
    if (!reads_) return;
    // Windows writes into the buffer until then.
    ::CancelIoEx(handle_.get(), &state_);
    DWORD size = 0;
    ::GetOverlappedResult(handle_.get(), &state_, &size, TRUE);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  bool watches() const { return reads_; }
  void Add(const std::string& name) { names_.insert(InLowerCase(Wide(name))); }

  // What one read brought; begins the next one. Whether it concerns a file of interest.
  bool Take(DWORD size) {
    reads_ = false;
    // Nothing: there was more than fits.
    const bool concerns = size == 0 || AnyConcerns(size);
    Begin();
    return concerns;
  }
  void Fail() { reads_ = false; }

 private:
  void Begin() {
    state_ = OVERLAPPED{};
    reads_ = ::ReadDirectoryChangesW(handle_.get(), buffer_, kBufferSize, FALSE, kChanges,
                                     nullptr, &state_, nullptr) != 0;
  }

  bool AnyConcerns(DWORD size) const {
    constexpr size_t kHead = offsetof(FILE_NOTIFY_INFORMATION, FileName);
    for (size_t at = 0; at + kHead <= size;) {
      FILE_NOTIFY_INFORMATION change;
      std::memcpy(&change, buffer_ + at, kHead);
      const size_t length = std::min<size_t>(change.FileNameLength, size - at - kHead);
      std::wstring name(length / sizeof(wchar_t), L'\0');
      std::memcpy(name.data(), buffer_ + at + kHead, name.size() * sizeof(wchar_t));
      if (names_.count(InLowerCase(std::move(name))) > 0) return true;
      if (change.NextEntryOffset == 0) return false;
      at += change.NextEntryOffset;
    }
    return false;
  }

  const Handle handle_;
  OVERLAPPED state_{};
  alignas(DWORD) char buffer_[kBufferSize];
  bool reads_ = false;
  std::set<std::wstring> names_;
};

class PortWatcher final : public FileWatcher {
 public:
  bool ok() const { return port_.open(); }

  void Watch(const std::vector<std::string>& files) override {
    for (const std::string& file : files) {
      const size_t slash = file.find_last_of("/\\");
      std::string path = slash == std::string::npos ? "." : file.substr(0, slash + 1);
      const std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
      if (const auto known = keys_.find(path); known != keys_.end()) {
        folders_[known->second]->Add(name);
        continue;
      }
      if (folders_.size() >= kMaxWatchedFolders) continue;
      auto folder = std::make_unique<Folder>(path, port_.get(), ++last_key_);
      if (!folder->watches()) continue;
      folder->Add(name);
      folders_[last_key_] = std::move(folder);
      keys_[std::move(path)] = last_key_;
    }
  }

  void Wait(std::chrono::milliseconds limit) override {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + limit;
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
      const DWORD wait = static_cast<DWORD>(std::max<long long>(left.count(), 0));
      DWORD size = 0;
      ULONG_PTR key = kWakeKey;
      OVERLAPPED* state = nullptr;
      const BOOL done =
          ::GetQueuedCompletionStatus(port_.get(), &size, &key, &state, wait);
      if (!done && state == nullptr) return;  // the time is over
      if (key == kWakeKey || Concerns(key, done != 0, size)) return;
      if (Clock::now() >= end) return;
    }
  }

  void Wake() override {
    ::PostQueuedCompletionStatus(port_.get(), 0, kWakeKey, nullptr);
  }

 private:
  bool Concerns(ULONG_PTR key, bool done, DWORD size) {
    const auto folder = folders_.find(key);
    // One that was let go.
    if (folder == folders_.end()) return false;
    bool concerns = true;
    if (done) {
      concerns = folder->second->Take(size);
    } else {
      folder->second->Fail();
    }
    // The folder is gone: the next Watch begins anew with its name.
    if (!folder->second->watches()) {
      Forget(key);
      return true;
    }
    return concerns;
  }

  void Forget(ULONG_PTR key) {
    folders_.erase(key);
    for (auto it = keys_.begin(); it != keys_.end();) {
      it = it->second == key ? keys_.erase(it) : std::next(it);
    }
  }

  const Handle port_{::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)};
  ULONG_PTR last_key_ = kWakeKey;
  std::map<std::string, ULONG_PTR> keys_;  // by folder
  std::map<ULONG_PTR, std::unique_ptr<Folder>> folders_;
};

}  // namespace

std::unique_ptr<FileWatcher> MakeFileWatcher() {
  auto watcher = std::make_unique<PortWatcher>();
  if (watcher->ok()) return watcher;
  return MakeTimedWatcher();
}

}  // namespace nscp::check_log_file
