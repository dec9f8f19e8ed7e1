#include "workers/sample_cpp/sample_cpp.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(nscp::sample_cpp::MakeSampleCpp()); }
