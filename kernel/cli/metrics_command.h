// `nscp metrics`: the running agent's last figures. Main's thread.
#pragma once

#include "kernel/cli/contexts.h"
#include "kernel/output/json.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

const OptionGroup& MetricsOptions();
int RunMetrics(const Invocation& invocation, Terminal& terminal);

// {"time_ms", "metrics": [...]}, of those whose name holds `part`.
void AddMetrics(const v1::MetricsSnapshotResponse& snapshot, const std::string& part,
                JsonWriter* json);

}  // namespace nscp::kernel
