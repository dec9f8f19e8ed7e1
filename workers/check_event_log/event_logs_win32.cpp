#include "workers/check_event_log/event_logs.h"

#include <windows.h>

#include <sddl.h>

#include "proto/cpp/windows_win32.h"
#include "workers/check_event_log/commands.h"
#include "workers/check_event_log/windows_logs_win32.h"

namespace nscp::check_event_log {
namespace {

constexpr DWORD kMaxAccountName = 512;  // units

struct FreeLocal {
  void operator()(void* memory) const { ::LocalFree(memory); }
};
struct CloseSource {
  void operator()(HANDLE source) const { ::DeregisterEventSource(source); }
};

}  // namespace

Result<std::unique_ptr<EventLogs>> OpenEventLogs(const EventLogsOptions& options,
                                                 const checks::Log& log) {
  auto logs = OpenEvtLogs(options);
  if (logs.ok() || logs.status().code() != Code::kUnimplemented) return logs;
  if (log) {
    log(sdk::LogLevel::kInfo,
        "The event logs are read by the older interface, for the newer one does not "
        "answer (" +
            logs.status().message() +
            "): logs of applications and services, keywords, opcodes and XML are "
            "missing");
  }
  return OpenClassicLogs(options);
}

std::string AccountOf(const std::string& sid_text) {
  PSID bytes = nullptr;
  if (sid_text.empty() || !::ConvertStringSidToSidW(Wide(sid_text).c_str(), &bytes)) {
    return "";
  }
  const std::unique_ptr<void, FreeLocal> sid(bytes);
  wchar_t name[kMaxAccountName];
  wchar_t domain[kMaxAccountName];
  DWORD name_length = kMaxAccountName;
  DWORD domain_length = kMaxAccountName;
  SID_NAME_USE use = SidTypeUnknown;
  if (!::LookupAccountSidW(nullptr, sid.get(), name, &name_length, domain, &domain_length,
                           &use)) {
    return sid_text;  // an account that is gone
  }
  const std::string account = Utf8({name, name_length});
  return domain_length == 0 ? account : Utf8({domain, domain_length}) + "\\" + account;
}

Status NoSuchLog(const std::string& log) {
  return Status::NotFound("There is no event log " + log +
                          " (nscp eventlog list --channels lists them)");
}

Status ReportNewEvent(const NewEvent& event) {
  const std::unique_ptr<void, CloseSource> source(
      ::RegisterEventSourceW(nullptr, Wide(event.source).c_str()));
  if (source == nullptr) return LastError("opening the event source " + event.source);
  std::vector<std::wstring> strings;
  for (const std::string& text : event.strings) strings.push_back(Wide(text));
  std::vector<const wchar_t*> pointers;
  for (const std::wstring& text : strings) pointers.push_back(text.c_str());
  if (!::ReportEventW(source.get(), event.type, event.category, event.raw_id, nullptr,
                      static_cast<WORD>(pointers.size()), 0, pointers.data(), nullptr)) {
    return LastError("reporting an event of " + event.source);
  }
  return Status::Ok();
}

}  // namespace nscp::check_event_log
