#include "workers/check_event_log/check_event_log.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_event_log::MakeCheckEventLog()); }
