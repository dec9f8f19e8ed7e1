#include "workers/check_docker/check_docker.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_docker::MakeCheckDocker()); }
