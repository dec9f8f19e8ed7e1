#include "workers/checks/submission_text.h"

#include <doctest/doctest.h>

namespace nscp::checks {
namespace {

TEST_CASE("texts of a passive result") {
  sdk::Submission submission;
  submission.channel = "FILE";
  submission.result = sdk::CheckResult::Of(sdk::State::kWarning, "first");
  submission.result.lines.push_back({"second", {}});
  submission.result.command = "check_cpu";
  submission.source = "web1";
  const SubmissionTime time{1704283200, "%Y-%m-%d %H:%M:%S", *TimeZone::Parse("utc")};
  const struct {
    const char* text;
    const char* gives;
  } rows[] = {
      {"", ""},
      {"plain", "plain"},
      {"${alias-or-command} ${result} ${message}", "check_cpu WARNING first\nsecond"},
      {"${result_number}:${command}:${alias}:${host}:${channel}",
       "1:check_cpu::web1:FILE"},
      {"${epoch} ${time}", "1704283200 2024-01-03 12:00:00"},
      {"${nosuch} ${", "${nosuch} ${"},
      {"${message", "${message"},
      {"$${result}}", "$WARNING}"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(SubmissionText(row.text, submission, time) == row.gives);
  }
  submission.alias = "cpu";
  CHECK(SubmissionText("${alias-or-command}", submission, time) == "cpu");
}

}  // namespace
}  // namespace nscp::checks
