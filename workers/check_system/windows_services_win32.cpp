#include "workers/check_system/windows_services.h"

#include <windows.h>
// After windows.h, which it needs.
#include <winsvc.h>

#include <algorithm>
#include <utility>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {
namespace {

// The most that EnumServicesStatusEx and QueryServiceConfig give at once.
constexpr DWORD kListSize = 256 * 1024;
constexpr DWORD kConfigSize = 8 * 1024;
// SERVICE_CONFIG_TRIGGER_INFO's answer begins with the number of triggers.
constexpr DWORD kTriggerSize = 64 * 1024;

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
  SC_HANDLE handle_;
};

// Aligned room for a structure and what stands behind it.
using Buffer = std::vector<uint64_t>;

Buffer MakeBuffer(DWORD size) { return Buffer(size / sizeof(uint64_t)); }
DWORD SizeOf(const Buffer& buffer) {
  return static_cast<DWORD>(buffer.size() * sizeof(uint64_t));
}

BYTE* BytesOf(Buffer& buffer) { return reinterpret_cast<BYTE*>(buffer.data()); }

template <class T>
const T* As(const Buffer& buffer) {
  return reinterpret_cast<const T*>(buffer.data());
}

std::string Text(const wchar_t* text) { return text == nullptr ? "" : Utf8(text); }

WindowsService MakeService(const ENUM_SERVICE_STATUS_PROCESSW& entry) {
  const SERVICE_STATUS_PROCESS& status = entry.ServiceStatusProcess;
  WindowsService service;
  service.name = Text(entry.lpServiceName);
  service.display = Text(entry.lpDisplayName);
  service.type = status.dwServiceType;
  if (status.dwCurrentState <= static_cast<DWORD>(WindowsState::kPaused)) {
    service.state = static_cast<WindowsState>(status.dwCurrentState);
  }
  service.exit_code = status.dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR
                          ? status.dwServiceSpecificExitCode
                          : status.dwWin32ExitCode;
  service.pid = status.dwProcessId;
  return service;
}

// What may not be asked stays unknown.
void ReadConfig(SC_HANDLE manager, WindowsService& service) {
  const ServiceHandle opened(
      ::OpenServiceW(manager, Wide(service.name).c_str(), SERVICE_QUERY_CONFIG));
  if (opened.get() == nullptr) return;
  DWORD needed = 0;
  Buffer config = MakeBuffer(kConfigSize);
  if (!::QueryServiceConfigW(opened.get(),
                             reinterpret_cast<QUERY_SERVICE_CONFIGW*>(config.data()),
                             SizeOf(config), &needed)) {
    return;
  }
  const DWORD start = As<QUERY_SERVICE_CONFIGW>(config)->dwStartType;
  if (start > SERVICE_DISABLED) return;
  service.start = static_cast<WindowsStart>(start);
  SERVICE_DELAYED_AUTO_START_INFO delayed{};
  if (::QueryServiceConfig2W(opened.get(), SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
                             reinterpret_cast<BYTE*>(&delayed), sizeof(delayed),
                             &needed)) {
    service.delayed = delayed.fDelayedAutostart != FALSE;
  }
  Buffer triggers = MakeBuffer(kTriggerSize);
  if (::QueryServiceConfig2W(opened.get(), SERVICE_CONFIG_TRIGGER_INFO, BytesOf(triggers),
                             SizeOf(triggers), &needed)) {
    service.trigger = *As<DWORD>(triggers) > 0;
  }
}

class ManagerServices final : public WindowsServices {
 public:
  Result<std::vector<WindowsService>> List(const ServiceQuery& query) const override {
    const std::wstring computer = Wide(query.computer);
    const ServiceHandle manager(
        ::OpenSCManagerW(computer.empty() ? nullptr : computer.c_str(), nullptr,
                         SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE));
    if (manager.get() == nullptr) {
      return LastError("Failed to open the service manager" +
                       (query.computer.empty() ? "" : " of " + query.computer));
    }
    return ReadAll(manager.get(), query);
  }

 private:
  static Result<std::vector<WindowsService>> ReadAll(SC_HANDLE manager,
                                                     const ServiceQuery& query) {
    std::vector<WindowsService> services;
    Buffer list = MakeBuffer(kListSize);
    DWORD resume = 0;
    bool more = true;
    while (more && services.size() < kMaxServices) {
      DWORD needed = 0;
      DWORD count = 0;
      const BOOL is_whole = ::EnumServicesStatusExW(
          manager, SC_ENUM_PROCESS_INFO, query.types, SERVICE_STATE_ALL, BytesOf(list),
          SizeOf(list), &needed, &count, &resume, nullptr);
      if (!is_whole && ::GetLastError() != ERROR_MORE_DATA) {
        return LastError("Failed to list services");
      }
      more = !is_whole && count > 0;
      RETURN_IF_ERROR(
          Take(manager, query, As<ENUM_SERVICE_STATUS_PROCESSW>(list), count, services));
    }
    std::sort(services.begin(), services.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return services;
  }

  static Status Take(SC_HANDLE manager, const ServiceQuery& query,
                     const ENUM_SERVICE_STATUS_PROCESSW* entries, DWORD count,
                     std::vector<WindowsService>& services) {
    for (DWORD i = 0; i < count && services.size() < kMaxServices; ++i) {
      if (query.cancelled && query.cancelled()) {
        return Status::Cancelled("Listing services was stopped: nobody waits for it");
      }
      WindowsService service = MakeService(entries[i]);
      if (query.wanted && !query.wanted(service)) continue;
      if (query.config) ReadConfig(manager, service);
      services.push_back(std::move(service));
    }
    return Status::Ok();
  }
};

}  // namespace

std::unique_ptr<WindowsServices> MakeWindowsServices() {
  return std::make_unique<ManagerServices>();
}

}  // namespace nscp::check_system
