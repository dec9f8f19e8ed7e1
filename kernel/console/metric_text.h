// The value of a metric as a terminal shows it. Pure.
#pragma once

#include <string>

#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

// A number with at most six decimals; of a histogram "<count> (sum <sum>)".
std::string MetricText(const v1::Metric& metric);

}  // namespace nscp::kernel
