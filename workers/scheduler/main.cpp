#include "workers/scheduler/scheduler.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::scheduler::MakeScheduler()); }
