// What each context does first: read its options, answer --help and --version. Main's
// thread.
#pragma once

#include <optional>

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

struct ContextCall {
  GivenOptions given;
  CommonOptions common;
};

// kKeptVerbatim: behind the first word that is no option nothing is one.
enum class Unknown { kRefused, kKept, kKeptVerbatim };

// Nothing when the command ended here: with exit code 1, and what there is to say said.
std::optional<ContextCall> BeginContext(const Invocation& invocation,
                                        const OptionGroup& own, Unknown unknown,
                                        Terminal& terminal);
// The same text as for --help.
std::string ContextHelp(const std::string& context, const OptionGroup& own);

}  // namespace nscp::kernel
