// The two interfaces of Windows to its event logs. Any thread.
#pragma once

#include <memory>

#include "workers/check_event_log/event_logs.h"

namespace nscp::check_event_log {

// wevtapi.dll, of Windows Vista and later. Unimplemented where it does not answer.
Result<std::unique_ptr<EventLogs>> OpenEvtLogs(const EventLogsOptions& options);
// OpenEventLog and ReadEventLog: the logs that the registry names alone, times in
// seconds.
std::unique_ptr<EventLogs> OpenClassicLogs(const EventLogsOptions& options);

// "DOMAIN\name" of the bytes of a SID, or "S-1-...".
std::string AccountOf(const std::string& sid_text);
Status NoSuchLog(const std::string& log);

}  // namespace nscp::check_event_log
