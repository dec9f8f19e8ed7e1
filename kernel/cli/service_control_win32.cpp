#include <windows.h>

#include <chrono>
#include <memory>
#include <thread>

#include "kernel/cli/service_control.h"

namespace nscp::kernel {
namespace {

constexpr char kDefaultName[] = "NSCP";
constexpr std::chrono::milliseconds kStateWait{30000};
constexpr std::chrono::milliseconds kStatePoll{100};

struct CloseService {
  void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using Service = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, CloseService>;

std::wstring ToWide(const std::string& text) {
  const int length = static_cast<int>(text.size());
  const int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), length, nullptr, 0);
  std::wstring wide(static_cast<size_t>(size), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text.data(), length, wide.data(), size);
  return wide;
}

std::string ToUtf8(const std::wstring& wide) {
  const int length = static_cast<int>(wide.size());
  const int size =
      WideCharToMultiByte(CP_UTF8, 0, wide.data(), length, nullptr, 0, nullptr, nullptr);
  std::string text(static_cast<size_t>(size), '\0');
  WideCharToMultiByte(CP_UTF8, 0, wide.data(), length, text.data(), size, nullptr,
                      nullptr);
  return text;
}

Status LastError(const std::string& doing) {
  return Status::FailedPrecondition(doing + ": error " + std::to_string(GetLastError()));
}

Result<Service> OpenManager(DWORD access) {
  Service manager(OpenSCManagerW(nullptr, nullptr, access));
  if (!manager) return LastError("opening the service manager");
  return Result<Service>(std::move(manager));
}

Result<Service> Open(const std::string& name, DWORD access) {
  ASSIGN_OR_RETURN(const Service manager, OpenManager(SC_MANAGER_CONNECT));
  Service service(OpenServiceW(manager.get(), ToWide(name).c_str(), access));
  if (!service) return LastError("opening the service " + name);
  return Result<Service>(std::move(service));
}

Result<std::string> Install(const ServiceRequest& request) {
  wchar_t program[32768];
  if (GetModuleFileNameW(nullptr, program, 32768) == 0) {
    return LastError("finding this program");
  }
  std::wstring command = L"\"" + std::wstring(program) + L"\" service --run";
  if (request.name != kDefaultName) command += L" --name " + ToWide(request.name);
  const std::wstring text =
      ToWide(request.description.empty() ? request.name : request.description);
  ASSIGN_OR_RETURN(const Service manager, OpenManager(SC_MANAGER_CREATE_SERVICE));
  const Service service(CreateServiceW(
      manager.get(), ToWide(request.name).c_str(), text.c_str(), SERVICE_ALL_ACCESS,
      SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
      command.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr));
  if (!service) {
    return LastError("Service installation failed of '" + request.name + "' failed");
  }
  SERVICE_DESCRIPTIONW description{const_cast<wchar_t*>(text.c_str())};
  ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_DESCRIPTION, &description);
  return std::string("Service installed successfully!\n");
}

Result<std::string> Uninstall(const std::string& name) {
  ASSIGN_OR_RETURN(const Service service, Open(name, DELETE));
  if (!DeleteService(service.get())) return LastError("removing the service " + name);
  return std::string("Service deinstalled successfully!\n");
}

Status WaitFor(SC_HANDLE service, DWORD wanted) {
  const auto limit = std::chrono::steady_clock::now() + kStateWait;
  SERVICE_STATUS status{};
  while (QueryServiceStatus(service, &status)) {
    if (status.dwCurrentState == wanted) return Status::Ok();
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

Status Stop(const std::string& name) {
  ASSIGN_OR_RETURN(const Service service,
                   Open(name, SERVICE_STOP | SERVICE_QUERY_STATUS));
  SERVICE_STATUS status{};
  if (!::ControlService(service.get(), SERVICE_CONTROL_STOP, &status)) {
    return LastError("stopping the service " + name);
  }
  return WaitFor(service.get(), SERVICE_STOPPED);
}

Result<std::string> StartOrStop(ServiceVerb verb, const std::string& name) {
  if (verb != ServiceVerb::kStart) {
    const Status stopped = Stop(name);
    if (!stopped.ok()) return stopped.WithContext("Service failed to stop");
  }
  if (verb != ServiceVerb::kStop) {
    const Status started = Start(name);
    if (!started.ok()) return started.WithContext("Service failed to start");
  }
  return std::string(verb == ServiceVerb::kStop ? "Service stopped successfully!\n"
                                                : "Service started successfully!\n");
}

Result<std::string> Info(const std::string& name) {
  std::string text = "Installed services: \n" + name + ": ";
  const auto service = Open(name, SERVICE_QUERY_CONFIG);
  if (!service.ok()) return text + "\n";
  DWORD needed = 0;
  QueryServiceConfigW(service->get(), nullptr, 0, &needed);
  std::vector<char> bytes(needed);
  auto* config = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(bytes.data());
  if (!QueryServiceConfigW(service->get(), config, needed, &needed)) return text + "\n";
  return text + ToUtf8(config->lpBinaryPathName) + "\n";
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
