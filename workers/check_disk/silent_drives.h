// What a check of drives says of those that do not answer. Any thread.
#pragma once

#include <vector>

#include "proto/cpp/status.h"
#include "workers/sdk/check_result.h"

namespace nscp::check_disk {

// A drive that does not answer has no figures that a threshold could catch. An OK would
// hide it, so it becomes UNKNOWN with these texts; to another answer they are added.
void TellSilence(const std::vector<Status>& silent, sdk::CheckResult& result);

}  // namespace nscp::check_disk
