// Between the SDK's plain types and nscp.v1. Any thread.
#pragma once

#include "nscp/v1/check.pb.h"
#include "nscp/v1/worker.pb.h"
#include "workers/sdk/module.h"

namespace nscp::sdk {

// A result larger than this is cut, with a word that says so: the message limit of the
// channel must hold whatever a check prints.
constexpr size_t kMaxResultBytes = 4 * 1024 * 1024;

// `command` fills an empty CheckResult::command.
v1::CheckResult ToMessage(CheckResult result, const std::string& command);
CheckResult FromMessage(const v1::CheckResult& message);

v1::Metric ToMessage(Metric metric);

Settings FromMessage(
    const google::protobuf::RepeatedPtrField<v1::EffectiveSetting>& entries);

}  // namespace nscp::sdk
