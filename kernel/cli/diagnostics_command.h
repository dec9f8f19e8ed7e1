// `nscp diagnostics`: one archive with what support asks for first, without secrets.
// Main's thread.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const OptionGroup& DiagnosticsOptions();
int RunDiagnostics(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
