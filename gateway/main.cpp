#include <memory>

#include "gateway/web_server.h"
#include "workers/sdk/run.h"

int main() { return nscp::sdk::RunModule(std::make_unique<nscp::gateway::WebServer>()); }
