#include "workers/check_system/check_system.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_system::MakeCheckSystem()); }
