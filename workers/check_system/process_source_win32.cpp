#include <windows.h>
// After windows.h, which it needs.
#include <tlhelp32.h>

#include <algorithm>

#include "workers/check_system/process_source.h"

namespace nscp::check_system {
namespace {

// FILETIME counts tenths of a microsecond.
constexpr uint64_t kTicksPerSecond = 10000000;

uint64_t Ticks(const FILETIME& time) {
  return (static_cast<uint64_t>(time.dwHighDateTime) << 32) | time.dwLowDateTime;
}

std::string Utf8(const wchar_t* text) {
  const int size =
      ::WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
  if (size <= 1) return "";
  std::string out(static_cast<size_t>(size), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, text, -1, out.data(), size, nullptr, nullptr);
  out.pop_back();
  return out;
}

class Handle {
 public:
  explicit Handle(HANDLE handle) : handle_(handle) {}
  ~Handle() {
    if (valid()) ::CloseHandle(handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  bool valid() const { return handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE; }
  HANDLE get() const { return handle_; }

 private:
  const HANDLE handle_;
};

// Path and times; without the right to open the process there is only its name.
void ReadDetails(Process& process) {
  const Handle opened(::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE,
                                    static_cast<DWORD>(process.pid)));
  if (!opened.valid()) return;
  wchar_t path[MAX_PATH];
  DWORD size = MAX_PATH;
  if (::QueryFullProcessImageNameW(opened.get(), 0, path, &size)) {
    process.filename = Utf8(path);
  }
  FILETIME created{};
  FILETIME ended{};
  FILETIME kernel{};
  FILETIME user{};
  FILETIME now{};
  if (!::GetProcessTimes(opened.get(), &created, &ended, &kernel, &user)) return;
  ::GetSystemTimeAsFileTime(&now);
  process.user_ticks = Ticks(user);
  process.kernel_ticks = Ticks(kernel);
  process.start_ticks = Ticks(created);
  const uint64_t age = Ticks(now) - std::min(Ticks(now), Ticks(created));
  process.elapsed = static_cast<int64_t>(age / kTicksPerSecond);
}

class ToolhelpSource final : public ProcessSource {
 public:
  Status ForEach(const ProcessWish& wish,
                 const std::function<bool(Process&&)>& visit) const override {
    const Handle snapshot(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
    if (!snapshot.valid()) {
      return Status::Unavailable("Failed to list processes: error " +
                                 std::to_string(::GetLastError()));
    }
    PROCESSENTRY32W entry{};
    entry.dwSize = sizeof(entry);
    for (BOOL more = ::Process32FirstW(snapshot.get(), &entry); more;
         more = ::Process32NextW(snapshot.get(), &entry)) {
      if (wish.cancelled && wish.cancelled()) {
        return Status::Cancelled("Listing processes was stopped: nobody waits for it");
      }
      Process process;
      process.pid = static_cast<int64_t>(entry.th32ProcessID);
      process.parent = static_cast<int64_t>(entry.th32ParentProcessID);
      process.exe = Utf8(entry.szExeFile);
      process.letter = 'R';
      if (wish.wanted && !wish.wanted(process.exe)) continue;
      ReadDetails(process);
      if (!visit(std::move(process))) break;
    }
    return Status::Ok();
  }

  Result<uint64_t> TotalTicks() const override {
    FILETIME idle{};
    FILETIME kernel{};
    FILETIME user{};
    if (!::GetSystemTimes(&idle, &kernel, &user)) {
      return Status::Unavailable("GetSystemTimes failed with error " +
                                 std::to_string(::GetLastError()));
    }
    return Ticks(user) + Ticks(kernel);
  }

  uint64_t ticks_per_second() const override { return kTicksPerSecond; }
};

}  // namespace

std::unique_ptr<ProcessSource> MakeProcessSource() {
  return std::make_unique<ToolhelpSource>();
}

}  // namespace nscp::check_system
