#include "workers/check_tasksched/check_tasksched.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::check_tasksched::MakeCheckTaskSched()); }
