#include "workers/check_system/process_details_win32.h"

#include <windows.h>
// After windows.h, which they need.
#include <sddl.h>
#include <winternl.h>

#include <vector>

#include "proto/cpp/windows_win32.h"
#include "workers/check_system/nt_query_win32.h"

namespace nscp::check_system {
namespace {

// Longer paths than Windows itself allows.
constexpr DWORD kMaxPath = 32768;
// ProcessCommandLineInformation; since Windows 8.1.
constexpr int kCommandLineClass = 60;
constexpr ULONG kMaxCommandLineAnswer = 2 * kMaxCommandLine + 4096;

struct WindowLook {
  std::set<int64_t> hung;
  size_t count = 0;
};

BOOL CALLBACK LookAtWindow(HWND window, LPARAM context) {
  auto& look = *reinterpret_cast<WindowLook*>(context);
  DWORD pid = 0;
  if (::IsHungAppWindow(window) && ::GetWindowThreadProcessId(window, &pid) != 0) {
    look.hung.insert(static_cast<int64_t>(pid));
  }
  return ++look.count < kMaxWindows;
}

Handle Open(int64_t pid, DWORD rights) {
  return Handle(::OpenProcess(rights, FALSE, static_cast<DWORD>(pid)));
}

std::string PathOf(HANDLE process) {
  std::wstring path(kMaxPath, L'\0');
  DWORD size = kMaxPath;
  if (!::QueryFullProcessImageNameW(process, 0, path.data(), &size)) return "";
  path.resize(size);
  return Utf8(path);
}

// A UNICODE_STRING whose text stands behind it.
std::string CommandLineTold(HANDLE process) {
  std::vector<uint64_t> answer(kMaxCommandLineAnswer / sizeof(uint64_t));
  ULONG needed = 0;
  const NTSTATUS status = ::NtQueryInformationProcess(
      process, static_cast<PROCESSINFOCLASS>(kCommandLineClass), answer.data(),
      kMaxCommandLineAnswer, &needed);
  if (status < 0) return "";
  const auto* text = reinterpret_cast<const UNICODE_STRING*>(answer.data());
  if (text->Buffer == nullptr) return "";
  return Utf8(std::wstring_view(text->Buffer, text->Length / sizeof(wchar_t)));
}

template <class T>
bool ReadAt(HANDLE process, const void* address, T& value) {
  SIZE_T read = 0;
  return ::ReadProcessMemory(process, address, &value, sizeof(value), &read) &&
         read == sizeof(value);
}

// Out of the process's own memory, where Windows does not tell it.
std::string CommandLineRead(int64_t pid) {
  const Handle process = Open(pid, PROCESS_QUERY_INFORMATION | PROCESS_VM_READ);
  PROCESS_BASIC_INFORMATION basic{};
  ULONG needed = 0;
  if (!process.open() ||
      ::NtQueryInformationProcess(process.get(), ProcessBasicInformation, &basic,
                                  sizeof(basic), &needed) < 0 ||
      basic.PebBaseAddress == nullptr) {
    return "";
  }
  PEB peb{};
  RTL_USER_PROCESS_PARAMETERS parameters{};
  if (!ReadAt(process.get(), basic.PebBaseAddress, peb) ||
      !ReadAt(process.get(), peb.ProcessParameters, parameters)) {
    return "";
  }
  const UNICODE_STRING& line = parameters.CommandLine;
  std::wstring text(line.Length / sizeof(wchar_t), L'\0');
  SIZE_T read = 0;
  if (!::ReadProcessMemory(process.get(), line.Buffer, text.data(),
                           text.size() * sizeof(wchar_t), &read)) {
    return "";
  }
  text.resize(read / sizeof(wchar_t));
  return Utf8(text);
}

std::string CommandLineOfProcess(HANDLE process, int64_t pid) {
  std::string line = CommandLineTold(process);
  if (line.empty()) line = CommandLineRead(pid);
  if (line.size() > kMaxCommandLine) line.resize(kMaxCommandLine);
  return line;
}

std::string NameOf(void* sid) {
  constexpr DWORD kMaxName = 512;
  wchar_t name[kMaxName];
  wchar_t domain[kMaxName];
  DWORD name_size = kMaxName;
  DWORD domain_size = kMaxName;
  SID_NAME_USE use{};
  if (::LookupAccountSidW(nullptr, sid, name, &name_size, domain, &domain_size, &use)) {
    return (domain_size == 0 ? "" : Utf8(domain) + "\\") + Utf8(name);
  }
  wchar_t* text = nullptr;
  if (!::ConvertSidToStringSidW(sid, &text)) return "";
  const std::string number = Utf8(text);
  ::LocalFree(text);
  return number;
}

}  // namespace

std::set<int64_t> HungProcesses() {
  WindowLook look;
  ::EnumWindows(&LookAtWindow, reinterpret_cast<LPARAM>(&look));
  return std::move(look.hung);
}

std::string TokenOwners::Of(void* process) {
  Handle token;
  if (!::OpenProcessToken(process, TOKEN_QUERY, token.Receive())) return "";
  // The SID itself stands behind it.
  struct {
    TOKEN_USER user;
    char sid[SECURITY_MAX_SID_SIZE];
  } owner{};
  DWORD needed = 0;
  if (!::GetTokenInformation(token.get(), TokenUser, &owner, sizeof(owner), &needed)) {
    return "";
  }
  void* sid = owner.user.User.Sid;
  const std::string key(static_cast<const char*>(sid), ::GetLengthSid(sid));
  const auto found = names_.find(key);
  return found != names_.end() ? found->second
                               : names_.emplace(key, NameOf(sid)).first->second;
}

void ReadProcessDetails(const ProcessWish& wish, TokenOwners& owners, Process& process) {
  const bool is_needed = wish.path || wish.command_line || wish.owner || wish.objects ||
                         wish.wow64 || wish.access;
  if (!is_needed) return;
  // Counting the objects of windows needs more rights than the rest.
  Handle opened;
  if (wish.objects) opened = Open(process.pid, PROCESS_QUERY_INFORMATION);
  if (!opened.open()) opened = Open(process.pid, PROCESS_QUERY_LIMITED_INFORMATION);
  if (!opened.open()) {
    const DWORD error = ::GetLastError();
    if (wish.access) process.error = "Failed to open the process: " + WindowsError(error);
    return;
  }
  HANDLE handle = opened.get();
  if (wish.path) process.filename = PathOf(handle);
  if (wish.command_line) process.command_line = CommandLineOfProcess(handle, process.pid);
  if (wish.owner) process.username = owners.Of(handle);
  if (wish.objects) {
    process.gdi_handles = ::GetGuiResources(handle, GR_GDIOBJECTS);
    process.user_handles = ::GetGuiResources(handle, GR_USEROBJECTS);
  }
  BOOL is_wow64 = FALSE;
  if (wish.wow64 && ::IsWow64Process(handle, &is_wow64))
    process.wow64 = is_wow64 != FALSE;
}

}  // namespace nscp::check_system
