// What differs between systems for a program with a command line. Functions for main's
// thread.
#pragma once

#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// The words after the program's name, UTF-8 on Windows.
std::vector<std::string> ProgramArguments(int argc, char** argv);
// A reader that is gone, or a file that gets larger than allowed, is an error of one
// write and not the end of the program.
void IgnoreWriteSignals();

// Texts of the system's own; empty where it does not say.
struct SystemFacts {
  std::string name;          // "Linux"
  std::string release;       // of its kernel, "6.1.0-28-amd64"
  std::string machine;       // "x86_64"
  std::string distribution;  // "Debian GNU/Linux 12 (bookworm)"
};
// uname(2) and os-release(5).
SystemFacts DescribeSystem();

}  // namespace nscp::kernel
