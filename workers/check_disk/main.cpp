#include "workers/check_disk/check_disk.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_disk::MakeCheckDisk()); }
