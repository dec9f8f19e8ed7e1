#include "workers/check_helpers/check_helpers.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_helpers::MakeCheckHelpers()); }
