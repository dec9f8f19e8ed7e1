// `nscp settings --migrate-layout`: where the files of an agent stand. Windows has two
// layouts, every other system one. Main's thread. Source: the command line's
// specification C.7.
#pragma once

#include <string>

#include "kernel/settings/paths.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

enum class Layout { kModern, kLegacy };

// What was done, in one line; an error where it can't be done.
Result<std::string> MoveToLayout(Layout layout, const PathTokens& tokens);

}  // namespace nscp::kernel
