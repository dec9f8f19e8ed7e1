// What all checks of this module share: the options that say which engine is asked, the
// question about many containers at once, and what is said of those that gave no answer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_docker/containers.h"
#include "workers/check_docker/engine.h"
#include "workers/checks/check.h"

namespace nscp::check_docker {

constexpr size_t kMaxAtOnce = 32;          // questions of one call
constexpr size_t kMaxAsked = 1000;         // containers of one call
constexpr size_t kMaxToldContainers = 10;  // that gave no answer, in the text

// Opens the engine that a call's options and the settings name.
using Connect = std::function<Result<Ask>(const checks::Arguments& arguments)>;

// `host` and `timeout`. `timeout` in seconds; 0 = that of the settings.
void AddEngineOptions(checks::OptionTable& options, int64_t timeout = 0);
// `container`, for checks that look at each.
void AddContainerOption(checks::OptionTable& options);

// The containers that the call means: those named by `container`, else `all` or those
// that run. One that is named and not there has the state "missing".
Result<std::vector<Container>> ListContainers(const Ask& ask,
                                              const checks::Arguments& arguments,
                                              bool all);

// Asks for targets[i] and hands the answer to take(i, answer), from several threads at a
// time; returns when all are done. What is not begun when `cancelled` says so is given an
// error.
void AskAll(const Ask& ask, const std::vector<std::string>& targets,
            const std::function<bool()>& cancelled,
            const std::function<void(size_t, const Result<json::Value>&)>& take);

// Containers that gave no answer, as "web: why".
using Silent = std::vector<std::string>;
// An OK about the others would hide them: it becomes UNKNOWN.
void TellSilent(const Silent& silent, sdk::CheckResult* result);

}  // namespace nscp::check_docker
