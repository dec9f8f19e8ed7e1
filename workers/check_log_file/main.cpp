#include "workers/check_log_file/check_log_file.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_log_file::MakeCheckLogFile()); }
