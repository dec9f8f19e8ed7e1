#include "workers/check_wmi/check_wmi.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_wmi::MakeCheckWmi()); }
