// Between the SDK's plain types and nscp.v1. Any thread.
#pragma once

#include <optional>

#include "nscp/v1/check.pb.h"
#include "nscp/v1/queries.pb.h"
#include "nscp/v1/worker.pb.h"
#include "workers/sdk/module.h"

namespace nscp::sdk {

// A result larger than this is cut, with a word that says so: the message limit of the
// channel must hold whatever a check prints.
constexpr size_t kMaxResultBytes = 4 * 1024 * 1024;

// `command` fills an empty CheckResult::command.
v1::CheckResult ToMessage(CheckResult result, const std::string& command);
CheckResult FromMessage(const v1::CheckResult& message);

v1::SubmitRequest ToMessage(const Submission& submission);
Submission FromMessage(const v1::WorkerSubmitRequest& message);

v1::Event ToMessage(const Event& event);
Event FromMessage(const v1::Event& message);

v1::Metric ToMessage(Metric metric);
// Nothing of a histogram: there is no one number in it.
std::optional<Metric> FromMessage(const v1::Metric& message);

Settings FromMessage(
    const google::protobuf::RepeatedPtrField<v1::EffectiveSetting>& entries);

}  // namespace nscp::sdk
