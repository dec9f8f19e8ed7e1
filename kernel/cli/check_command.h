// `nscp check <command> [arguments]`: one check, as a monitoring server would ask it, of
// the running agent or of a private kernel. Whatever stands behind the command is an
// argument of the check. The exit code is the check's, 0 to 3, and 3 where there is no
// result, as the Nagios plugin interface wants it. Main's thread.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const OptionGroup& CheckOptions();
int RunCheck(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
