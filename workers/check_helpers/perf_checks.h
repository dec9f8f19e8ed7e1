// Checks that run another check and work on its performance data (modules.md C3).
#pragma once

#include "workers/check_helpers/handler.h"

namespace nscp::check_helpers {

// filter_perf: sorts and limits.
Handler MakeFilterPerf();
// render_perf: each item becomes an object of a filter check; its text is appended.
Handler MakeRenderPerf(Log log);
// xform_perf: appends bounds as metrics of their own, or bounds percentages.
Handler MakeXformPerf();

}  // namespace nscp::check_helpers
