// Texts made of a passive result, such as keys and lines of a file: ${command}, ${host},
// ${channel}, ${alias}, ${alias-or-command}, ${message}, ${result} (OK, WARNING ...),
// ${result_number}, ${epoch}, ${time} (modules.md C9). What is no such name stays as it
// is. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "workers/checks/time_zone.h"
#include "workers/sdk/module.h"

namespace nscp::checks {

struct SubmissionTime {
  int64_t now = 0;     // seconds since 1970
  std::string format;  // of ${time}, as strftime(3) knows it
  TimeZone zone;
};

std::string SubmissionText(std::string_view text, const sdk::Submission& submission,
                           const SubmissionTime& time);

// All messages of the result, with a line end between them.
std::string MessageOf(const sdk::CheckResult& result);

}  // namespace nscp::checks
