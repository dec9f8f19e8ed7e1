// The program nscp: the kernel and its command line.
#include <exception>
#include <iostream>

#include "kernel/cli/cli.h"
#include "kernel/cli/system.h"

int main(int argc, char** argv) {
  nscp::kernel::Terminal terminal(std::cout, std::cerr, nscp::kernel::DetectScreen());
  try {
    nscp::kernel::IgnoreWriteSignals();
    return nscp::kernel::RunCommandLine(nscp::kernel::ProgramArguments(argc, argv),
                                        terminal);
  } catch (const std::exception& error) {
    terminal.PrintError(std::string("Exception raised: ") + error.what() + "\n");
  } catch (...) {
    terminal.PrintError("Unknown exception raised\n");
  }
  return 1;
}
