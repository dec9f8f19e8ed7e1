#include "workers/check_event_log/commands.h"

namespace nscp::check_event_log {

Status ReportNewEvent(const NewEvent&) {
  return Status::Unimplemented("Only Windows has an event log");
}

}  // namespace nscp::check_event_log
