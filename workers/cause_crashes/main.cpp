#include "workers/cause_crashes/cause_crashes.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::cause_crashes::MakeCauseCrashes()); }
