// What the rules share: the kernel's times, and the words in which they tell what they
// saw.
#pragma once

#include <grpcpp/support/status.h>

#include <chrono>
#include <string>

#include "kernel/supervisor/supervisor.h"
#include "proto/cpp/status.h"
#include "tests/conformance/plan.h"

namespace nscp::conformance {

// The kernel's own.
inline const kernel::SupervisorTimings kTimings;
// For what has nothing to wait for.
inline constexpr std::chrono::milliseconds kQuick{5000};

// No worker has it: refused at once, and by each.
inline const Command kUnknown = {"conformance_no_such_command", {}};

inline Status Breach(std::string what) {
  return Status::FailedPrecondition(std::move(what));
}
// This worker can't be held to the rule.
inline Status NotHere(std::string why) { return Status::Unimplemented(std::move(why)); }

inline std::string Told(const grpc::Status& status) {
  return std::to_string(status.error_code()) + " \"" + status.error_message() + "\"";
}

inline std::string Ms(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

}  // namespace nscp::conformance
