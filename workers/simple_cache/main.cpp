#include "workers/sdk/run.h"
#include "workers/simple_cache/simple_cache.h"

int main() { return nscp::sdk::RunModule(nscp::simple_cache::MakeSimpleCache()); }
