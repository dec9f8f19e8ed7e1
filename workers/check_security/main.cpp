#include "workers/check_security/check_security.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_security::MakeCheckSecurity()); }
