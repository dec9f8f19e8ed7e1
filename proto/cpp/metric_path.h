// The name of a metric as one dotted path, for people and for JSON. Any thread.
#pragma once

#include <algorithm>
#include <string>

#include "nscp/v1/telemetry.pb.h"
#include "proto/cpp/utf8.h"

namespace nscp {

// "system.cpu.total.user". The first label says whose figure it is and stands before the
// key, further labels say which of several and stand behind it:
// "workers.CheckDisk.state.running".
inline std::string MetricPath(const v1::Metric& metric) {
  std::string path = metric.bundle();
  for (int i = 0; i < std::min(metric.labels_size(), 1); ++i) {
    path += "." + RepairUtf8(metric.labels(i).value());
  }
  path += "." + RepairUtf8(metric.key());
  for (int i = 1; i < metric.labels_size(); ++i) {
    path += "." + RepairUtf8(metric.labels(i).value());
  }
  return path;
}

}  // namespace nscp
