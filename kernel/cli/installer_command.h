// `nscp settings --apply-installer`: what the properties of a silent install say goes
// into boot.ini and the settings, in one go. They come from standard input, a line
// `NAME=value` each, so that no password stands on a command line. Main's thread.
//
// Nothing is written before all of it is known to make sense. Exit code 0, or 1 with a
// sentence on standard error; no text holds a value.
#pragma once

#include <istream>

#include "kernel/cli/common_options.h"

namespace nscp::kernel {

int ApplyInstaller(const CommonOptions& common, std::istream& input, Terminal& terminal);

}  // namespace nscp::kernel
