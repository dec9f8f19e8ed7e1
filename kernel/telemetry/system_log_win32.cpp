#include "kernel/telemetry/system_log.h"

#include <windows.h>

#include "event_messages.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::kernel {
namespace {

// As the installer writes it, too (packaging/windows/msi/nscp.wxs).
constexpr wchar_t kSource[] = L"NSClient++";
constexpr wchar_t kSourceKey[] =
    L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\NSClient++";
constexpr DWORD kMaxPath = 32768;

struct CloseSource {
  void operator()(HANDLE source) const { ::DeregisterEventSource(source); }
};
using Source = std::unique_ptr<void, CloseSource>;

struct Kind {
  WORD type;
  DWORD message;
};

Kind KindOf(v1::LogLevel level) {
  if (level <= v1::LOG_ERROR) return {EVENTLOG_ERROR_TYPE, NSCP_EVENT_ERROR};
  if (level == v1::LOG_WARNING) return {EVENTLOG_WARNING_TYPE, NSCP_EVENT_WARNING};
  return {EVENTLOG_INFORMATION_TYPE, NSCP_EVENT_INFORMATION};
}

class WindowsLog final : public SystemLog {
 public:
  explicit WindowsLog(Source source) : source_(std::move(source)) {}

  void Report(v1::LogLevel level, const std::string& text) override {
    const Kind kind = KindOf(level);
    const std::wstring wide = Wide(text);
    const wchar_t* strings[] = {wide.c_str()};
    ::ReportEventW(source_.get(), kind.type, 0, kind.message, nullptr, 1, 0, strings,
                   nullptr);
  }

 private:
  const Source source_;
};

Status SetValue(const wchar_t* name, DWORD type, const void* bytes, size_t size) {
  const LSTATUS set = ::RegSetKeyValueW(HKEY_LOCAL_MACHINE, kSourceKey, name, type, bytes,
                                        static_cast<DWORD>(size));
  if (set == ERROR_SUCCESS) return Status::Ok();
  return WindowsStatus("registering the source of events NSClient++",
                       static_cast<DWORD>(set));
}

}  // namespace

Result<std::unique_ptr<SystemLog>> OpenSystemLog() {
  Source source(::RegisterEventSourceW(nullptr, kSource));
  if (source == nullptr) return LastError("opening the event log of Windows");
  return std::unique_ptr<SystemLog>(std::make_unique<WindowsLog>(std::move(source)));
}

Status RegisterSystemLog() {
  std::wstring program(kMaxPath, L'\0');
  const DWORD length = ::GetModuleFileNameW(nullptr, program.data(), kMaxPath);
  if (length == 0) return LastError("finding this program");
  program.resize(length);
  RETURN_IF_ERROR(SetValue(L"EventMessageFile", REG_EXPAND_SZ, program.c_str(),
                           (program.size() + 1) * sizeof(wchar_t)));
  const DWORD types =
      EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
  return SetValue(L"TypesSupported", REG_DWORD, &types, sizeof(types));
}

Status UnregisterSystemLog() {
  const LSTATUS removed = ::RegDeleteTreeW(HKEY_LOCAL_MACHINE, kSourceKey);
  if (removed == ERROR_SUCCESS || removed == ERROR_FILE_NOT_FOUND) return Status::Ok();
  return WindowsStatus("removing the source of events NSClient++",
                       static_cast<DWORD>(removed));
}

}  // namespace nscp::kernel
