// Reads the texts of Linux's /proc/<pid> (proc(5)), and a folder of such texts. Any
// thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "workers/check_system/process_source.h"

namespace nscp::check_system {

// One line of /proc/<pid>/stat into `process`; its `exe` becomes the name in parentheses
// when it is empty. False where the text is none. The name may hold blanks and
// parentheses itself. `page_size` in bytes.
bool ParseProcessStat(std::string_view text, uint64_t page_size, Process& process);
// Uid, VmPeak and VmHWM of /proc/<pid>/status. Kernel threads have no Vm lines.
void ParseProcessStatus(std::string_view text, Process& process);
// The arguments of /proc/<pid>/cmdline, joined by blanks.
std::string ParseCommandLine(std::string text);
// What /proc/<pid>/exe points to: a program that was replaced while it runs keeps its
// name.
void SetExecutable(std::string_view target, Process& process);

// Processes below `root`, a folder like /proc.
std::unique_ptr<ProcessSource> MakeProcSource(std::string root);

}  // namespace nscp::check_system
