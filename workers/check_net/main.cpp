#include "workers/check_net/check_net.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_net::MakeCheckNet()); }
