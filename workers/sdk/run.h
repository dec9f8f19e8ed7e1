// The whole life of a C++ worker: what every module's main() calls.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::sdk {

// Reads the birth line from standard input, attaches to the kernel, serves the module
// until the kernel stops it, and returns the exit code for main. Ends the process at once
// when the kernel is gone. Call it once, from main, before any other thread exists.
// Started by hand, without a birth line, it explains itself on standard error and
// returns 64.
int RunModule(std::unique_ptr<Module> module);

}  // namespace nscp::sdk
