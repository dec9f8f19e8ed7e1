// `nscp unit`: runs the unit tests of a script of PythonScript or LUAScript, in a kernel
// of its own with settings that nobody keeps. Main's thread. Source: the command line's
// specification A.9.
#pragma once

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

const OptionGroup& UnitOptions();
int RunUnit(const Invocation& invocation, Terminal& terminal);

}  // namespace nscp::kernel
