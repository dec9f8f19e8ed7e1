#include "workers/check_system/time_service_win32.h"

#include <windows.h>

#include <memory>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {
namespace {

constexpr wchar_t kTimeService[] = L"W32Time";

class ServiceHandle {
 public:
  explicit ServiceHandle(SC_HANDLE handle) : handle_(handle) {}
  ~ServiceHandle() {
    if (handle_ != nullptr) ::CloseServiceHandle(handle_);
  }
  ServiceHandle(const ServiceHandle&) = delete;
  ServiceHandle& operator=(const ServiceHandle&) = delete;
  SC_HANDLE get() const { return handle_; }

 private:
  const SC_HANDLE handle_;
};

class Library {
 public:
  explicit Library(const wchar_t* name)
      : module_(::LoadLibraryExW(name, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32)) {}
  ~Library() {
    if (module_ != nullptr) ::FreeLibrary(module_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  template <class F>
  F Find(const char* name) const {
    if (module_ == nullptr) return nullptr;
    return reinterpret_cast<F>(reinterpret_cast<void*>(::GetProcAddress(module_, name)));
  }

 private:
  const HMODULE module_;
};

const char* StateWord(DWORD state) {
  constexpr const char* kWords[] = {"unknown", "stopped",    "starting", "stopping",
                                    "running", "continuing", "pausing",  "paused"};
  return state < std::size(kWords) ? kWords[state] : kWords[0];
}

const char* StartWord(DWORD type) {
  constexpr const char* kWords[] = {"boot", "system", "auto", "demand", "disabled"};
  return type < std::size(kWords) ? kWords[type] : "unknown";
}

std::string StartType(SC_HANDLE service) {
  alignas(QUERY_SERVICE_CONFIGW) BYTE buffer[8192];  // the most that Windows gives
  auto* config = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(buffer);
  DWORD size = 0;
  if (!::QueryServiceConfigW(service, config, sizeof(buffer), &size)) return "";
  return StartWord(config->dwStartType);
}

// The exported but hardly documented way of `w32tm /query /source`; without it what is
// configured counts.
std::string AskForSource() {
  using Query = DWORD(WINAPI*)(LPCWSTR computer, LPWSTR * source);
  using Free = void(WINAPI*)(void*);
  const Library library(L"w32time.dll");
  const auto query = library.Find<Query>("W32TimeQuerySource");
  const auto free_text = library.Find<Free>("W32TimeBufferFree");
  if (query == nullptr || free_text == nullptr) return "";
  LPWSTR source = nullptr;
  if (query(nullptr, &source) != ERROR_SUCCESS || source == nullptr) return "";
  std::string text = Utf8(source);
  free_text(source);
  return text;
}

}  // namespace

Result<TimeServiceState> ReadWindowsTimeService() {
  constexpr char kDoing[] = "Failed to ask for the Windows Time service";
  const ServiceHandle manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
  if (manager.get() == nullptr) return LastError(kDoing);
  const ServiceHandle service(::OpenServiceW(
      manager.get(), kTimeService, SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG));
  TimeServiceState found;
  if (service.get() == nullptr) {
    if (::GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST) return found;
    return LastError(kDoing);
  }
  SERVICE_STATUS status = {};
  if (!::QueryServiceStatus(service.get(), &status)) return LastError(kDoing);
  found.installed = true;
  found.state = StateWord(status.dwCurrentState);
  found.start_type = StartType(service.get());
  if (status.dwCurrentState == SERVICE_RUNNING) found.source = AskForSource();
  return found;
}

}  // namespace nscp::check_system
