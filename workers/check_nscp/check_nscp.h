// The module CheckNSCP: the agent's own health and version (modules.md C7). Its facts
// (names, titles, settings) stand in CheckNSCP.json.in.
#pragma once

#include <functional>
#include <memory>

#include "workers/check_nscp/agent_view.h"
#include "workers/check_nscp/update_source.h"
#include "workers/sdk/module.h"

namespace nscp::check_nscp {

using MakeView = std::function<std::unique_ptr<AgentView>(sdk::Host& host)>;

std::unique_ptr<sdk::Module> MakeCheckNscp(MakeView make_view, UpdateSource::Fetch fetch);

}  // namespace nscp::check_nscp
