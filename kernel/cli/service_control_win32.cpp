#include <windows.h>

#include <chrono>
#include <memory>
#include <thread>

#include "kernel/cli/service_control.h"
#include "kernel/telemetry/system_log.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::kernel {
namespace {

constexpr char kDefaultName[] = "NSCP";
// The service of NSClient++ before 0.3.
constexpr char kOldName[] = "nsclientpp";
// A list, ended by an empty text: the agent listens as soon as it runs.
constexpr wchar_t kDependencies[] = L"Tcpip\0";
// As the installer sets it (tables/MsiServiceConfigFailureActions.idt): restarted a
// minute after it fell, twice a day.
constexpr DWORD kRestartDelayMs = 60000;
constexpr DWORD kForgetSeconds = 24 * 60 * 60;
// What Windows grants at its end, and what a stop is waited for here: more than the
// longest stop of a module takes (kernel/supervisor).
constexpr DWORD kEndGraceMs = 60000;
constexpr std::chrono::milliseconds kStateWait{60000};
constexpr std::chrono::milliseconds kStatePoll{100};

struct CloseService {
  void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using Service = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, CloseService>;

Result<Service> OpenManager(DWORD access) {
  Service manager(OpenSCManagerW(nullptr, nullptr, access));
  if (!manager) return LastError("opening the service manager");
  return Result<Service>(std::move(manager));
}

Result<Service> Open(const std::string& name, DWORD access) {
  ASSIGN_OR_RETURN(const Service manager, OpenManager(SC_MANAGER_CONNECT));
  Service service(OpenServiceW(manager.get(), Wide(name).c_str(), access));
  if (!service) return LastError("opening the service " + name);
  return Result<Service>(std::move(service));
}

// What CreateService has no parameter for. Any of it missing costs comfort, not the
// service.
Status Configure(SC_HANDLE service, std::wstring text) {
  SERVICE_DESCRIPTIONW description{text.data()};
  SC_ACTION actions[] = {{SC_ACTION_RESTART, kRestartDelayMs},
                         {SC_ACTION_RESTART, kRestartDelayMs},
                         {SC_ACTION_NONE, 0}};
  SERVICE_FAILURE_ACTIONSW recovery{kForgetSeconds, nullptr, nullptr, 3, actions};
  // Also for a service that says itself that it failed.
  SERVICE_FAILURE_ACTIONS_FLAG always{TRUE};
  SERVICE_PRESHUTDOWN_INFO grace{kEndGraceMs};
  const struct {
    DWORD level;
    void* value;
    const char* what;
  } kRows[] = {
      {SERVICE_CONFIG_DESCRIPTION, &description, "description"},
      {SERVICE_CONFIG_FAILURE_ACTIONS, &recovery, "recovery actions"},
      {SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &always, "recovery after an error"},
      {SERVICE_CONFIG_PRESHUTDOWN_INFO, &grace, "time to end with Windows"},
  };
  Status first;
  for (const auto& row : kRows) {
    if (ChangeServiceConfig2W(service, row.level, row.value) || !first.ok()) continue;
    first = LastError(std::string("setting its ") + row.what);
  }
  return first;
}

Result<std::string> Install(const ServiceRequest& request) {
  wchar_t program[32768];
  if (GetModuleFileNameW(nullptr, program, 32768) == 0) {
    return LastError("finding this program");
  }
  // Quoted: else Windows would try C:\Program first.
  std::wstring command = L"\"" + std::wstring(program) + L"\" service --run";
  if (request.name != kDefaultName) {
    command += L" " + CommandLineOf({"--name", request.name});
  }
  const std::wstring text =
      Wide(request.description.empty() ? request.name : request.description);
  ASSIGN_OR_RETURN(const Service manager, OpenManager(SC_MANAGER_CREATE_SERVICE));
  const Service service(CreateServiceW(
      manager.get(), Wide(request.name).c_str(), text.c_str(), SERVICE_ALL_ACCESS,
      SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
      command.c_str(), nullptr, nullptr, kDependencies, nullptr, nullptr));
  if (!service) {
    return LastError("Service installation failed of '" + request.name + "' failed");
  }
  const Status configured = Configure(service.get(), text);
  const Status registered = RegisterSystemLog();
  std::string answer = "Service installed successfully!\n";
  for (const Status& status : {configured, registered}) {
    if (!status.ok()) answer += "WARNING: " + status.message() + "\n";
  }
  return answer;
}

Result<std::string> Uninstall(const std::string& name) {
  ASSIGN_OR_RETURN(const Service service, Open(name, DELETE));
  if (!DeleteService(service.get())) return LastError("removing the service " + name);
  const Status unregistered = UnregisterSystemLog();
  return "Service deinstalled successfully!\n" +
         (unregistered.ok() ? "" : "WARNING: " + unregistered.message() + "\n");
}

std::string ExitOf(const SERVICE_STATUS& status) {
  if (status.dwWin32ExitCode != ERROR_SERVICE_SPECIFIC_ERROR) {
    return WindowsError(status.dwWin32ExitCode);
  }
  return "its own exit code " + std::to_string(status.dwServiceSpecificExitCode);
}

Status WaitFor(SC_HANDLE service, DWORD wanted) {
  const auto limit = std::chrono::steady_clock::now() + kStateWait;
  SERVICE_STATUS status{};
  while (QueryServiceStatus(service, &status)) {
    if (status.dwCurrentState == wanted) return Status::Ok();
    if (wanted == SERVICE_RUNNING && status.dwCurrentState == SERVICE_STOPPED) {
      return Status::Unavailable("it ended with " + ExitOf(status) +
                                 "; why stands in its log file");
    }
    if (std::chrono::steady_clock::now() > limit) {
      return Status::DeadlineExceeded("it is still changing its state");
    }
    std::this_thread::sleep_for(kStatePoll);
  }
  return LastError("asking for its state");
}

Status Start(const std::string& name) {
  ASSIGN_OR_RETURN(const Service service,
                   Open(name, SERVICE_START | SERVICE_QUERY_STATUS));
  if (!StartServiceW(service.get(), 0, nullptr)) {
    return LastError("starting the service " + name);
  }
  return WaitFor(service.get(), SERVICE_RUNNING);
}

Status Stop(const std::string& name, bool may_rest) {
  ASSIGN_OR_RETURN(const Service service,
                   Open(name, SERVICE_STOP | SERVICE_QUERY_STATUS));
  SERVICE_STATUS status{};
  if (!::ControlService(service.get(), SERVICE_CONTROL_STOP, &status)) {
    const DWORD error = GetLastError();
    // A restart of what does not run starts it.
    if (error == ERROR_SERVICE_NOT_ACTIVE && may_rest) return Status::Ok();
    return WindowsStatus("stopping the service " + name, error);
  }
  return WaitFor(service.get(), SERVICE_STOPPED);
}

Result<std::string> StartOrStop(ServiceVerb verb, const std::string& name) {
  if (verb != ServiceVerb::kStart) {
    const Status stopped = Stop(name, verb == ServiceVerb::kRestart);
    if (!stopped.ok()) return stopped.WithContext("Service failed to stop");
  }
  if (verb != ServiceVerb::kStop) {
    const Status started = Start(name);
    if (!started.ok()) return started.WithContext("Service failed to start");
  }
  return std::string(verb == ServiceVerb::kStop ? "Service stopped successfully!\n"
                                                : "Service started successfully!\n");
}

// Empty where there is no such service.
std::string CommandOf(const std::string& name) {
  const auto service = Open(name, SERVICE_QUERY_CONFIG);
  if (!service.ok()) return "";
  DWORD needed = 0;
  QueryServiceConfigW(service->get(), nullptr, 0, &needed);
  std::vector<char> bytes(needed);
  auto* config = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(bytes.data());
  if (!QueryServiceConfigW(service->get(), config, needed, &needed)) return "";
  return Utf8(config->lpBinaryPathName);
}

std::string Info(const std::string& name) {
  std::string text = "Installed services: \n" + name + ": " + CommandOf(name) + "\n";
  const std::string old = CommandOf(kOldName);
  if (!old.empty()) text += std::string(kOldName) + " (legacy): " + old + "\n";
  return text;
}

}  // namespace

Result<std::string> ControlService(const ServiceRequest& request) {
  switch (request.verb) {
    case ServiceVerb::kInstall:
      return Install(request);
    case ServiceVerb::kUninstall:
      return Uninstall(request.name);
    case ServiceVerb::kInfo:
      return Info(request.name);
    case ServiceVerb::kStart:
    case ServiceVerb::kStop:
    case ServiceVerb::kRestart:
      break;
  }
  return StartOrStop(request.verb, request.name);
}

}  // namespace nscp::kernel
