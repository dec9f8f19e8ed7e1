// A check's result as the text that a terminal gets. Pure. Source: the filter engine's
// specification 6.4 and 7.5.
#pragma once

#include <string>
#include <string_view>

#include "nscp/v1/check.pb.h"

namespace nscp::kernel {

// 'label'=value[unit][;warn[;crit[;min[;max]]]], items joined by one blank.
std::string PerfText(const v1::Line& line);
// All messages, then all performance data behind one "|".
std::string ResultText(const v1::CheckResult& result);
std::string_view StateWord(v1::ResultCode code);

}  // namespace nscp::kernel
