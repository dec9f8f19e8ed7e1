// The bundle `workers` of the metrics: what the host itself knows of its workers. Facts
// in, figures out. docs/metrics.md tells them to users.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/broker/broker.h"
#include "nscp/v1/modules.pb.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

inline constexpr char kWorkersBundle[] = "workers";

struct WorkerFacts {
  v1::ModuleInfo info;  // with details
  Broker::Load load;
  // Whether it gave its own figures this time; nothing where it is not asked for any.
  std::optional<bool> gave_metrics;
};

// The sums, then each worker with the label `worker`. `interval_s`: how often figures are
// collected, in seconds.
std::vector<v1::Metric> WorkerFigures(const std::vector<WorkerFacts>& workers,
                                      double interval_s);

}  // namespace nscp::kernel
