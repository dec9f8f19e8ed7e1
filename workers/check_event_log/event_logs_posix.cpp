#include "workers/check_event_log/event_logs.h"

namespace nscp::check_event_log {

Result<std::unique_ptr<EventLogs>> OpenEventLogs(const EventLogsOptions&,
                                                 const checks::Log&) {
  return Status::Unimplemented("Only Windows has an event log");
}

}  // namespace nscp::check_event_log
